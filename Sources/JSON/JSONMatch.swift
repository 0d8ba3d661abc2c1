/// What a path of a ``JSONPathTree`` led to.
package struct JSONMatch: Sendable {
    /// The walk that found it; in any other walk the path led nowhere.
    package internal(set) var walk: UInt32

    /// Where the value is on the tape.
    package let index: UInt32

    /// The value's node.
    package let node: JSONNode
}

/// What the paths of a ``JSONPathTree`` led to in its last walk, by the numbers of the paths.
///
/// Matches of earlier walks are not removed but outdated, since most walks find little.
package struct JSONMatches: Sendable {
    package internal(set) var all: [JSONMatch]

    /// The number of the last walk.
    package internal(set) var walk: UInt32 = 0

    init(count: Int) {
        all = Array(repeating: Self.nothing, count: count)
    }

    /// Outdates every match.
    mutating func startWalk() {
        if walk == .max { self = JSONMatches(count: all.count) }
        walk += 1
    }

    static let nothing = JSONMatch(walk: 0, index: 0, node: JSONNode(.null, start: 0, end: 0, next: 0))
}
