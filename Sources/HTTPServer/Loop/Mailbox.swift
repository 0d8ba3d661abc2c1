import Isolation

/// Where answers from any thread wait for the event loop of their connections.
final class Mailbox: Sendable {
    /// What the loop is doing, and so what a post must do for it to look here.
    enum Attendance {
        /// It is at work and will look here by itself, or has been called already.
        case present
        /// It waits for its poller, which the bell ends.
        case listening
        /// It is not running: `call` makes it.
        case away
    }

    private struct State {
        var waiting: [Completion] = []
        var attendance = Attendance.away
        var call: (@Sendable () -> Void)?
    }

    private let state = Locked(State())
    let bell: Bell

    init() throws(ListenError) {
        bell = try Bell()
    }

    /// Names what makes the loop take its turn on its queue.
    func onPost(_ call: @escaping @Sendable () -> Void) {
        state.withLock { $0.call = call }
    }

    /// Leaves an answer; calls the loop unless it is at work or was called already.
    func post(_ completion: Completion) {
        let (attendance, call): (Attendance, (@Sendable () -> Void)?) = state.withLock { state in
            defer { state.attendance = .present }
            state.waiting.append(completion)
            return (state.attendance, state.attendance == .away ? state.call : nil)
        }
        switch attendance {
        case .present: break
        case .listening: bell.ring()
        case .away: call?()
        }
    }

    /// The loop is at work now: nobody needs to call it.
    func attend() {
        state.withLock { $0.attendance = .present }
    }

    /// Swaps what waits with the empty `list`, whose memory is used again.
    func collect(into list: inout [Completion]) {
        state.withLock { swap(&$0.waiting, &list) }
    }

    /// The loop stops working for now, unless something waits: then this is false and it must collect once more.
    func leave(to attendance: Attendance) -> Bool {
        state.withLock { state in
            guard state.waiting.isEmpty else { return false }
            state.attendance = attendance
            return true
        }
    }
}
