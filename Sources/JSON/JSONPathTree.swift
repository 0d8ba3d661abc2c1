/// A set of dotted paths that are looked up in an object all at once, in one walk over its members.
///
/// The walk enters only objects that a path leads through, and costs one look-up in a hash table for each of their
/// members. A key that holds dots itself stands for the path it spells.
package struct JSONPathTree: Sendable {
    /// A member's name below a place. A place is a path or the beginning of one; they are numbered depth first.
    struct Step {
        /// The name's first eight bytes, the first one lowest.
        var head: UInt64 = 0
        /// The place above and the length of the name.
        var key: UInt32 = 0
        /// The place it leads to; 0 marks a free slot.
        var child: UInt16 = 0
        /// Where the whole name stands in ``names``.
        var name: UInt16 = 0
    }

    /// A hash table with open addressing.
    private(set) var slots = Array(repeating: Step(), count: JSONPathTree.size)
    private(set) var names: [UInt8] = []

    /// For each place the first one that does not lie below it.
    private var ends: [Int] = []

    /// For each place its number among the matches: the paths in their order, then the places that are none.
    private var numbers: [Int] = []

    /// What the first walk writes into.
    package private(set) var nothing = JSONMatches(count: 0)

    /// The tree of `paths`, at most a few hundred different ones.
    package init(_ paths: [String]) {
        let entries = paths.enumerated().map { (segments: $1.split(separator: "."), path: $0) }
        var others = paths.count
        add(entries.sorted { $0.segments.lexicographicallyPrecedes($1.segments) }, depth: 0, &others)
        nothing = JSONMatches(count: others)
    }

    /// Adds the place that the first `depth` segments of all `entries` lead to, and those below it.
    private mutating func add(
        _ entries: [(segments: [Substring], path: Int)], depth: Int, _ others: inout Int
    ) {
        let place = ends.count
        ends.append(0)
        var rest = entries[...]
        if let first = rest.first, first.segments.count == depth {
            numbers.append(first.path)
            rest = rest.drop { $0.segments.count == depth }
        } else {
            numbers.append(others)
            others += 1
        }
        while let name = rest.first?.segments[depth] {
            let group = rest.prefix { $0.segments[depth] == name }
            insert(Array(name.utf8), below: place, leadingTo: ends.count)
            add(Array(group), depth: depth + 1, &others)
            rest = rest.dropFirst(group.count)
        }
        ends[place] = ends.count
    }

    private mutating func insert(_ name: [UInt8], below parent: Int, leadingTo child: Int) {
        precondition(2 * child < Self.size, "the table is too small for so many paths")
        let step = Step(
            head: Self.head(name.span, 0, name.count), key: Self.key(parent, name.count), child: UInt16(child),
            name: UInt16(names.count))
        names += name
        var slot = Self.slot(step.head, step.key)
        while slots[slot].child != 0 { slot = Self.slot(after: slot) }
        slots[slot] = step
    }

    /// Notes in `matches` what each path leads to in the object at `index` of the tape. Where an object has a key
    /// twice, the last one counts alone.
    package func walk(_ index: Int, of tape: JSONTape, _ bytes: Span<UInt8>, _ matches: inout JSONMatches) {
        matches.startWalk()
        let number = matches.walk
        var all = matches.all.mutableSpan
        walk(index, tape.room.span, bytes, place: 0, number, &all)
    }

    private func walk(
        _ index: Int, _ nodes: Span<JSONNode>, _ bytes: Span<UInt8>, place: Int, _ walk: UInt32,
        _ matches: inout MutableSpan<JSONMatch>
    ) {
        let end = Int(nodes[index].next)
        var key = index &+ 1
        while key < end {
            let value = nodes[key &+ 1]
            let child = child(of: place, nodes[key], bytes)
            if child > 0 {
                let number = numbers[child]
                if matches[number].walk == walk {
                    for below in child..<ends[child] { matches[numbers[below]].walk = 0 }
                }
                matches[number] = JSONMatch(walk: walk, index: UInt32(truncatingIfNeeded: key &+ 1), node: value)
                if value.kind == .object, ends[child] > child &+ 1 {
                    self.walk(key &+ 1, nodes, bytes, place: child, walk, &matches)
                }
            }
            key = Int(value.next)
        }
    }

    /// Everything that the paths lead to in the object at `index` of the tape: the number of the path, and where the
    /// value is.
    ///
    /// Arrays on the way are gone through element by element. Where an object has a key twice, the last one counts
    /// alone.
    package func collect(_ index: Int, of tape: JSONTape, _ bytes: Span<UInt8>) -> [(path: Int, index: Int)] {
        var found: [(path: Int, index: Int)] = []
        collect(index, tape.room.span, bytes, place: 0, &found)
        return found
    }

    private func collect(
        _ index: Int, _ nodes: Span<JSONNode>, _ bytes: Span<UInt8>, place: Int,
        _ found: inout [(path: Int, index: Int)]
    ) {
        let end = Int(nodes[index].next)
        switch nodes[index].kind {
        case .array:
            var element = index + 1
            while element < end {
                collect(element, nodes, bytes, place: place, &found)
                element = Int(nodes[element].next)
            }
        case .object:
            var members: [(place: Int, value: Int)] = []
            var key = index + 1
            while key < end {
                let child = child(of: place, nodes[key], bytes)
                if child > 0 {
                    members.removeAll { $0.place == child }
                    members.append((child, key + 1))
                }
                key = Int(nodes[key + 1].next)
            }
            for member in members {
                found.append((numbers[member.place], member.value))
                let isInner = ends[member.place] > member.place + 1
                if isInner { collect(member.value, nodes, bytes, place: member.place, &found) }
            }
        default:
            return
        }
    }
}
