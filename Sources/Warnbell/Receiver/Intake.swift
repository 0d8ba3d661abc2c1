import Dispatch
import HTTPServer
import Isolation
import Pipeline
import Timestamps
import Wazuh

/// Brings decoded alerts into the journal and answers once they are there.
///
/// A full journal delays the answer first: whoever posts alerts one after the other waits, and keeps the rest in a
/// file of its own. Only when the delay is over is the answer `503`.
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

    /// Alerts that wait for room.
    private struct Waiting {
        let alerts: [Alert]
        let rejected: [DecodedBody.Rejection]
        let received: Timestamp
        let deadline: ContinuousClock.Instant
        let peer: Peer
        let responder: Responder
    }

    private struct State {
        var waiting: [Waiting] = []
        var bytes = 0
    }

    /// Bytes of alerts that wait for room; beyond it the answer is `503` at once.
    private static let waitingLimit = 64 << 20
    private static let tick = DispatchTimeInterval.milliseconds(50)

    /// What a refused client is told to wait, in seconds.
    private static let retryAfter = 5

    private let journal: any AlertJournal
    private let delay: Duration
    private let report: @Sendable (Outcome) -> Void
    private let queue = DispatchQueue(label: "warnbell.intake")
    private let state = Locked(State())

    /// - Parameter delay: how long an answer waits for room in the journal, from the request's last byte.
    init(journal: any AlertJournal, delay: Duration, report: @escaping @Sendable (Outcome) -> Void) {
        self.journal = journal
        self.delay = delay
        self.report = report
    }

    /// Takes the alerts of one request; answers it now or later.
    func take(_ decoded: DecodedBody, from peer: Peer, _ responder: Responder) {
        guard !decoded.alerts.isEmpty else {
            report(Outcome(peer: peer, rejected: decoded.rejected))
            return responder.complete(Answers.allRejected(decoded.rejected))
        }
        append(
            Waiting(
                alerts: decoded.alerts, rejected: decoded.rejected, received: .now(),
                deadline: .now.advanced(by: delay), peer: peer, responder: responder))
    }

    private func append(_ request: Waiting) {
        journal.append(request.alerts, received: request.received) { [self] outcome in
            switch outcome {
            case .stored(let duplicates):
                let accepted = request.alerts.count - duplicates
                report(
                    Outcome(
                        peer: request.peer, accepted: accepted, duplicates: duplicates, rejected: request.rejected))
                request.responder.complete(
                    Answers.accepted(accepted, duplicates: duplicates, rejected: request.rejected))
            case .full: wait(request)
            case .tooLarge: refuse(request, .tooLarge, Answers.tooManyForJournal)
            case .failed(let reason): refuse(request, .failed(reason), Answers.journalFailed)
            }
        }
    }

    private func wait(_ request: Waiting) {
        let size = request.alerts.reduce(0) { $0 + $1.bytes.count }
        let (isKept, isFirst) = state.withLock { state in
            guard request.deadline > .now, state.bytes + size <= Self.waitingLimit else { return (false, false) }
            state.waiting.append(request)
            state.bytes += size
            return (true, state.waiting.count == 1)
        }
        if !isKept { return refuse(request, .full, Answers.noRoom(retryAfter: Self.retryAfter)) }
        if isFirst { queue.asyncAfter(deadline: .now() + Self.tick) { [self] in tryAgain() } }
    }

    /// Offers the journal what waits, oldest first; what still finds no room waits on or is refused.
    private func tryAgain() {
        let waiting = state.withLock { state in
            defer { state = State() }
            return state.waiting
        }
        waiting.forEach(append)
    }

    private func refuse(_ request: Waiting, _ refusal: Refusal, _ answer: Response) {
        report(Outcome(peer: request.peer, refused: request.alerts.count, refusal: refusal))
        request.responder.complete(answer)
    }
}
