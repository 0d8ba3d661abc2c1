package import Timestamps

/// How often something was seen, between which alert times, and whether detection systems may act on it.
package struct Tally: Equatable, Sendable, Codable {
    package private(set) var count: Int
    package private(set) var first: Timestamp
    package private(set) var last: Timestamp

    /// Whether a rule of the policy that allows detection let one of the sightings through.
    package private(set) var mayDetect: Bool

    /// Seen once.
    package init(_ moment: Timestamp, mayDetect: Bool = false) {
        count = 1
        first = moment
        last = moment
        self.mayDetect = mayDetect
    }

    package mutating func add(_ other: Tally) {
        count += other.count
        first = min(first, other.first)
        last = max(last, other.last)
        mayDetect = mayDetect || other.mayDetect
    }
}

/// A bounded count of values: what comes after the limit is counted, but no longer named.
package struct Tallies<Value: Hashable & Sendable>: Sendable, Equatable where Value: Comparable {
    package private(set) var values: [Value: Tally] = [:]

    /// Sightings of values that found no room.
    package private(set) var overflow = 0

    /// How many different values are kept.
    package let limit: Int

    package init(limit: Int) {
        self.limit = limit
    }

    package var isEmpty: Bool { values.isEmpty }

    package mutating func add(_ value: Value, _ tally: Tally) {
        if values[value]?.add(tally) != nil { return }
        if values.count < limit { values[value] = tally } else { overflow += tally.count }
    }

    package mutating func merge(_ other: Self) {
        for (value, tally) in other.noisiest { add(value, tally) }
        overflow += other.overflow
    }

    /// The values with the most sightings first; equal counts in the values' own order.
    package var noisiest: [(key: Value, value: Tally)] {
        values.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    }
}

extension Tallies: Codable where Value: Codable {}
