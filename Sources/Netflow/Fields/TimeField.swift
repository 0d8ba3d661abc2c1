import Timestamps

/// A field that holds a moment or a span of time. Text in it is RFC 3339; a number counts the unit since 1970.
struct TimeField: Sendable, Hashable {
    let path: String
    let unit: Unit

    enum Unit: Sendable, Hashable {
        case seconds, milliseconds, nanoseconds
    }

    static func seconds(_ path: String) -> TimeField { TimeField(path: path, unit: .seconds) }
    static func nanoseconds(_ path: String) -> TimeField { TimeField(path: path, unit: .nanoseconds) }

    /// Milliseconds of so many units, rounded down; nil for what no clock shows.
    func milliseconds(_ number: Double) -> Int64? {
        let milliseconds =
            switch unit {
            case .seconds: number * 1000
            case .milliseconds: number
            // Nanoseconds since 1970 are more than a Double holds: what is lost is less than a microsecond.
            case .nanoseconds: (number / 1000).rounded() / 1000
            }
        return Self.whole(milliseconds)
    }

    /// So many milliseconds rounded down; nil for what no clock shows.
    static func whole(_ milliseconds: Double) -> Int64? {
        Int64(exactly: milliseconds.rounded(.down)).flatMap { range.contains($0) ? $0 : nil }
    }

    /// The moment as a number in this unit.
    func count(_ moment: Timestamp) -> Int {
        let milliseconds = Int(moment.milliseconds)
        return switch unit {
        case .seconds: milliseconds / 1000
        case .milliseconds: milliseconds
        case .nanoseconds: milliseconds * 1_000_000
        }
    }

    /// Up to the year 9999.
    private static let range: Range<Int64> = 0..<253_402_300_800_000
}

extension TimeField: ExpressibleByStringLiteral {
    /// A path to milliseconds, the unit of Elasticsearch's own dates.
    init(stringLiteral path: String) {
        self.init(path: path, unit: .milliseconds)
    }
}
