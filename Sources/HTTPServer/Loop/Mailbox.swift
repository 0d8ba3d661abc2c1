import Isolation

/// Where answers from any thread wait for the event loop of their connections.
final class Mailbox: Sendable {
    private struct State {
        var waiting: [Completion] = []
        /// Whether the loop is going to look here by itself.
        var isAttended = false
        var wakeUp: (@Sendable () -> Void)?
    }

    private let state = Locked(State())

    /// Names what makes the loop call ``collect(into:)`` on its queue.
    func onPost(_ wakeUp: @escaping @Sendable () -> Void) {
        state.withLock { $0.wakeUp = wakeUp }
    }

    /// Leaves an answer; wakes the loop up unless it is at work or was woken already.
    func post(_ completion: Completion) {
        let wakeUp: (@Sendable () -> Void)? = state.withLock { state in
            state.waiting.append(completion)
            if state.isAttended { return nil }
            state.isAttended = true
            return state.wakeUp
        }
        wakeUp?()
    }

    /// The loop is at work now: nobody needs to wake it.
    func attend() {
        state.withLock { $0.isAttended = true }
    }

    /// Swaps what waits with the empty `list`, whose memory is used again.
    func collect(into list: inout [Completion]) {
        state.withLock { swap(&$0.waiting, &list) }
    }

    /// The loop stops working, unless something waits: then this is false and it must collect once more.
    func leave() -> Bool {
        state.withLock { state in
            state.isAttended = !state.waiting.isEmpty
            return state.waiting.isEmpty
        }
    }
}
