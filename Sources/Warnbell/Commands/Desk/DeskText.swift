import Timestamps

extension Timestamp {
    /// To the second, as people read it: `2026-11-24T03:12:45Z`.
    var brief: String { "\(iso8601.prefix(19))Z" }
}

/// A span as people say it: its largest unit, rounded down.
enum Age {
    static func text(_ duration: Duration) -> String {
        let seconds = max(0, duration.milliseconds / 1000)
        return switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}

/// A number and its noun: `1 alert`, `2 alerts`.
enum Counted {
    static func text(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }
}
