import CLinux
import Timestamps

/// A moment of the monotonic clock in milliseconds, for deadlines.
struct Instant: Comparable, Sendable {
    var milliseconds: Int64

    static func now() -> Instant { Instant(milliseconds: clinux_monotonic_milliseconds()) }

    static let never = Instant(milliseconds: .max)

    static func + (instant: Instant, span: Milliseconds) -> Instant {
        Instant(milliseconds: instant.milliseconds &+ span.count)
    }

    static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }
}

/// A span of time in the unit that deadlines are kept in.
struct Milliseconds: Equatable, Sendable {
    let count: Int64

    /// At least one millisecond.
    init(_ duration: Duration) {
        count = max(1, duration.milliseconds)
    }
}
