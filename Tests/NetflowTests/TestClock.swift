import Isolation
import Timestamps

/// A clock that stands until it is set.
final class TestClock: Sendable {
    private let moment = Locked(Timestamp(milliseconds: 0))

    var now: Timestamp {
        get { moment.withLock { $0 } }
        set { moment.withLock { $0 = newValue } }
    }
}

/// Counts calls from anywhere, from 0.
final class Counter: Sendable {
    private let count = Locked(0)

    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}
