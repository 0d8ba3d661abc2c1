import Dispatch
import HTTPServer
import Isolation
import Pipeline
import Timestamps
import Wazuh

/// Brings decoded alerts into the journal and answers once they are there.
///
/// A journal that is full or can't write delays the answer first: whoever posts alerts one after the other waits, and
/// keeps the rest in a file of its own. Only when the delay is over is the answer `503`.
final class Intake: Sendable {
    /// What happened, for metrics.
    struct Outcome: Sendable {
        let peer: Peer
        var accepted = 0
        var duplicates = 0
        /// Entries that are no alerts.
        var rejected: [DecodedBody.Rejection] = []
        /// Alerts turned away, and why.
        var refused = 0
        var refusal: Refusal?
    }

    /// Why alerts were turned away.
    enum Refusal: Sendable, Equatable {
        case full
        /// More at once than there could ever be room for.
        case tooLarge
        /// The journal can't write, for this reason.
        case failed(String)
    }

    /// How a request is answered.
    struct Reply: Sendable {
        let responder: Responder
        let peer: Peer
        /// The moment before which it is not; nil for at once.
        var notBefore: ContinuousClock.Instant?
        /// Called once the journal has the alerts.
        var whenStored: (@Sendable () -> Void)?
    }

    /// Alerts on their way into the journal, which may have to wait for it.
    private struct Waiting {
        let alerts: [Alert]
        let rejected: [DecodedBody.Rejection]
        let received: Timestamp
        let deadline: ContinuousClock.Instant
        let reply: Reply
        /// What the journal said last.
        var refusal = Refusal.full
    }

    private struct State {
        var waiting: [Waiting] = []
        var bytes = 0
        /// Answers whose time has not come, by a number of their own.
        var delayed: [Int: (Response, Responder)] = [:]
        var nextDelayed = 0
        var isEnding = false
    }

    /// Bytes of alerts that wait; beyond it the answer is `503` at once.
    private static let waitingLimit = 64 << 20
    private static let tick = DispatchTimeInterval.milliseconds(50)

    /// What a refused client is told to wait, in seconds.
    private static let retryAfter = 5

    private let journal: any AlertJournal
    private let delay: Duration
    private let report: @Sendable (Outcome) -> Void
    private let queue = DispatchQueue(label: "warnbell.intake")
    private let state = Locked(State())

    /// - Parameter delay: how long an answer waits for the journal, from the request's last byte.
    init(journal: any AlertJournal, delay: Duration, report: @escaping @Sendable (Outcome) -> Void) {
        self.journal = journal
        self.delay = delay
        self.report = report
    }

    /// Takes the alerts of one request; answers it now or later.
    func take(_ decoded: DecodedBody, _ reply: Reply) {
        guard !decoded.alerts.isEmpty else {
            report(Outcome(peer: reply.peer, rejected: decoded.rejected))
            return answer(Answers.allRejected(decoded.rejected), reply)
        }
        append(
            Waiting(
                alerts: decoded.alerts, rejected: decoded.rejected, received: .now(),
                deadline: .now.advanced(by: delay), reply: reply))
    }

    /// Answers alerts of a request that was accepted before: nothing else becomes of them.
    func repeated(_ decoded: DecodedBody, _ reply: Reply) {
        report(Outcome(peer: reply.peer, duplicates: decoded.alerts.count, rejected: decoded.rejected))
        answer(Answers.accepted(0, duplicates: decoded.alerts.count, rejected: decoded.rejected), reply)
    }

    /// Answers, but not before the time.
    func answer(_ response: Response, _ reply: Reply) {
        guard let notBefore = reply.notBefore else { return reply.responder.complete(response) }
        let wait = ContinuousClock.now.duration(to: notBefore)
        guard wait > .zero else { return reply.responder.complete(response) }
        let number = state.withLock { state -> Int? in
            guard !state.isEnding else { return nil }
            state.nextDelayed += 1
            state.delayed[state.nextDelayed] = (response, reply.responder)
            return state.nextDelayed
        }
        guard let number else { return reply.responder.complete(response) }
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(wait.milliseconds) + 1)) { [self] in
            guard let (response, responder) = state.withLock({ $0.delayed.removeValue(forKey: number) }) else { return }
            responder.complete(response)
        }
    }

    /// The service stops: what waits is answered now, and nothing waits any more.
    func end() {
        let (waiting, delayed) = state.withLock { state in
            defer { state = State(isEnding: true) }
            return (state.waiting, state.delayed)
        }
        for request in waiting { refuse(request, request.refusal) }
        for (response, responder) in delayed.values { responder.complete(response) }
    }

    private func append(_ request: Waiting) {
        journal.append(request.alerts, received: request.received) { [self] outcome in
            switch outcome {
            case .stored(let duplicates):
                let accepted = request.alerts.count - duplicates
                report(
                    Outcome(
                        peer: request.reply.peer, accepted: accepted, duplicates: duplicates,
                        rejected: request.rejected))
                request.reply.whenStored?()
                answer(Answers.accepted(accepted, duplicates: duplicates, rejected: request.rejected), request.reply)
            case .full: wait(request, .full)
            case .failed(let reason): wait(request, .failed(reason))
            case .tooLarge: refuse(request, .tooLarge)
            }
        }
    }

    private func wait(_ request: Waiting, _ refusal: Refusal) {
        var request = request
        request.refusal = refusal
        let size = request.alerts.reduce(0) { $0 + $1.bytes.count }
        let (isKept, isFirst) = state.withLock { state in
            guard !state.isEnding, request.deadline > .now, state.bytes + size <= Self.waitingLimit else {
                return (false, false)
            }
            state.waiting.append(request)
            state.bytes += size
            return (true, state.waiting.count == 1)
        }
        if !isKept { return refuse(request, refusal) }
        if isFirst { queue.asyncAfter(deadline: .now() + Self.tick) { [self] in tryAgain() } }
    }

    /// Offers the journal what waits, oldest first; what it still does not take waits on or is refused.
    private func tryAgain() {
        let waiting = state.withLock { state in
            defer { (state.waiting, state.bytes) = ([], 0) }
            return state.waiting
        }
        waiting.forEach(append)
    }

    private func refuse(_ request: Waiting, _ refusal: Refusal) {
        report(Outcome(peer: request.reply.peer, refused: request.alerts.count, refusal: refusal))
        answer(Answers.turnedAway(refusal, retryAfter: Self.retryAfter), request.reply)
    }
}
