import Isolation

/// An answer of Netflow's that is on its way, for one who waits only so long.
final class FlowAnswer: Sendable {
    private enum State {
        case waiting([Int: CheckedContinuation<FlowFindings?, Never>], next: Int)
        case answered(FlowFindings)
    }

    private let state = Locked<State>(.waiting([:], next: 0))

    /// The answer has come; whoever waits gets it. Called once.
    func complete(with findings: FlowFindings) {
        let waiters = state.withLock { state in
            defer { state = .answered(findings) }
            if case .waiting(let waiters, _) = state { return Array(waiters.values) }
            return []
        }
        waiters.forEach { $0.resume(returning: findings) }
    }

    /// The answer, or nil when it has not come by `deadline`.
    func value(until deadline: ContinuousClock.Instant) async -> FlowFindings? {
        await withCheckedContinuation { continuation in
            let (answer, ticket) = state.withLock { state -> (FlowFindings?, Int) in
                switch state {
                case .answered(let findings): return (findings, 0)
                case .waiting(var waiters, let next):
                    waiters[next] = continuation
                    state = .waiting(waiters, next: next + 1)
                    return (nil, next)
                }
            }
            if let answer { return continuation.resume(returning: answer) }
            Task {
                try? await Task.sleep(until: deadline, clock: .continuous)  // Nobody cancels this task.
                giveUp(ticket)
            }
        }
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
