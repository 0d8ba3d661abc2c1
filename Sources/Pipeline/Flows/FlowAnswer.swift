import IPAddresses
import Isolation

/// An answer of Netflow's that is on its way, for one who waits only so long.
final class FlowAnswer: Sendable {
    private enum State {
        case waiting([Int: CheckedContinuation<FlowFindings?, Never>], next: Int)
        /// Nil where nobody waits for it any more.
        case over(FlowFindings?)
    }

    /// Whom it is about.
    let address: IPAddress
    private let state = Locked<State>(.waiting([:], next: 0))

    init(about address: IPAddress) {
        self.address = address
    }

    /// The answer has come; whoever waits gets it.
    func complete(with findings: FlowFindings) { end(findings) }

    /// Whoever waits, now or later, gets nothing.
    func abandon() { end(nil) }

    /// The answer, or nil when it has not come by `deadline`.
    func value(until deadline: ContinuousClock.Instant, _ time: TimeSource = .system) async -> FlowFindings? {
        await withCheckedContinuation { continuation in
            let (isOver, answer, ticket) = state.withLock { state -> (Bool, FlowFindings?, Int) in
                switch state {
                case .over(let findings): return (true, findings, 0)
                case .waiting(var waiters, let next):
                    waiters[next] = continuation
                    state = .waiting(waiters, next: next + 1)
                    return (false, nil, next)
                }
            }
            if isOver { return continuation.resume(returning: answer) }
            Task {
                await time.sleep(deadline)
                giveUp(ticket)
            }
        }
    }

    /// What comes first counts.
    private func end(_ findings: FlowFindings?) {
        let waiters = state.withLock { state in
            guard case .waiting(let waiters, _) = state else { return [CheckedContinuation<FlowFindings?, Never>]() }
            state = .over(findings)
            return Array(waiters.values)
        }
        waiters.forEach { $0.resume(returning: findings) }
    }

    private func giveUp(_ ticket: Int) {
        let waiter = state.withLock { state -> CheckedContinuation<FlowFindings?, Never>? in
            guard case .waiting(var waiters, let next) = state else { return nil }
            let waiter = waiters.removeValue(forKey: ticket)
            state = .waiting(waiters, next: next)
            return waiter
        }
        waiter?.resume(returning: nil)
    }
}
