import JSON

/// A set of dotted paths that are looked up in an object all at once, in one walk over its members.
///
/// Each path, and each beginning of one, is a place in the tree; a place's number stands for it. The walk enters only
/// objects that a path leads through, and costs one look-up in a hash table for each of their members.
struct FieldTree: Sendable {
    /// Where the walk has found values: the index on the tape by place, 0 for nothing.
    typealias Found = [UInt32]

    /// A member's name below a place.
    private struct Step {
        /// The name's first eight bytes, the first one lowest.
        var head: UInt64 = 0
        var parent: UInt16 = 0
        /// The place it leads to; 0 marks a free slot.
        var child: UInt16 = 0
        var length: UInt16 = 0
        /// Where the whole name stands in ``names``.
        var name: UInt16 = 0
    }

    private var slots: [Step]
    private var names: [UInt8] = []

    /// For each place the first one that does not lie below it. Places are numbered depth first.
    private var ends: [Int] = []

    /// The tree of these paths, and the place of each in their order.
    static func build(_ paths: [String]) -> (tree: FieldTree, places: [Int]) {
        var tree = FieldTree(slots: Array(repeating: Step(), count: 1024))
        var places = Array(repeating: 0, count: paths.count)
        let entries = paths.enumerated().map { (segments: $1.split(separator: "."), path: $0) }
        tree.add(entries[...].sorted { $0.segments.lexicographicallyPrecedes($1.segments) }, depth: 0, &places)
        return (tree, places)
    }

    private init(slots: [Step]) {
        self.slots = slots
    }

    /// Adds a place for the paths of `entries`, which agree in their first `depth` segments, and those below it.
    private mutating func add(
        _ entries: [(segments: [Substring], path: Int)], depth: Int, _ places: inout [Int]
    ) {
        let place = ends.count
        ends.append(0)
        var rest = entries[...]
        while let first = rest.first {
            guard first.segments.count > depth else {
                places[first.path] = place
                rest.removeFirst()
                continue
            }
            let name = first.segments[depth]
            let group = rest.prefix { $0.segments.count > depth && $0.segments[depth] == name }
            insert(Array(name.utf8), below: place, leadingTo: ends.count)
            add(Array(group), depth: depth + 1, &places)
            rest = rest.dropFirst(group.count)
        }
        ends[place] = ends.count
    }

    private mutating func insert(_ name: [UInt8], below parent: Int, leadingTo child: Int) {
        precondition(2 * child < slots.count, "the table is too small for so many paths")
        let head = Self.head(name.span, 0, name.count)
        var slot = slot(head, length: name.count, parent: parent)
        while slots[slot].child != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Step(
            head: head, parent: UInt16(parent), child: UInt16(child), length: UInt16(name.count),
            name: UInt16(names.count))
        names += name
    }

    /// A table of zeros for ``walk(_:_:_:_:)``.
    var nothingFound: Found { Array(repeating: 0, count: ends.count) }

    /// Notes in `found` where the paths lead to in the object at `index`. Where an object has a key twice, the last
    /// one counts alone; a key that holds dots itself stands for the path it spells.
    func walk(_ index: Int, _ tape: JSONTape, _ bytes: Span<UInt8>, _ found: inout Found) {
        for place in found.indices { found[place] = 0 }
        walk(index, tape, bytes, place: 0, &found)
    }

    private func walk(_ index: Int, _ tape: JSONTape, _ bytes: Span<UInt8>, place: Int, _ found: inout Found) {
        let end = Int(tape[index].next)
        var key = index + 1
        while key < end {
            let value = key + 1
            let node = tape[key]
            let next = tape[value]
            if let child = child(of: place, node, bytes) {
                if found[child] != 0 {
                    for below in child + 1..<ends[child] { found[below] = 0 }
                }
                found[child] = UInt32(truncatingIfNeeded: value)
                if next.kind == .object, ends[child] > child + 1 {
                    walk(value, tape, bytes, place: child, &found)
                }
            }
            key = Int(next.next)
        }
    }

    @inline(__always)
    private func child(of place: Int, _ key: JSONNode, _ bytes: Span<UInt8>) -> Int? {
        if key.hasEscapes {
            var name: [UInt8] = []
            JSONText.append(bytes.extracting(key.content), to: &name)
            return child(of: place, name.span, 0, name.count) ?? dottedChild(of: place, name.span, 0, name.count)
        }
        let start = Int(key.start)
        let length = Int(key.end) - start
        return child(of: place, bytes, start, length) ?? dottedChild(of: place, bytes, start, length)
    }

    private func child(of place: Int, _ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> Int? {
        let head = Self.head(bytes, start, length)
        var slot = slot(head, length: length, parent: place)
        while true {
            let step = slots[slot]
            if step.child == 0 { return nil }
            if step.head == head, step.length == length, step.parent == place,
                length <= 8 || isSame(step, bytes, start, length)
            {
                return Int(step.child)
            }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    private func isSame(_ step: Step, _ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> Bool {
        for index in 8..<length where names[Int(step.name) + index] != bytes[start + index] { return false }
        return true
    }

    /// The place that a key like `aws.sourceIPAddress` leads to.
    private func dottedChild(of place: Int, _ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> Int? {
        var place = place
        var first = start
        for index in start..<start + length where bytes[index] == UInt8(ascii: ".") {
            guard let child = child(of: place, bytes, first, index - first) else { return nil }
            place = child
            first = index + 1
        }
        return first == start ? nil : child(of: place, bytes, first, start + length - first)
    }

    private func slot(_ head: UInt64, length: Int, parent: Int) -> Int {
        let mixed =
            (head ^ UInt64(truncatingIfNeeded: length << 8 | parent) &* 0xff51_afd7_ed55_8ccd)
            &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: mixed >> 54)
    }

    /// The first eight bytes of a name, the first one lowest; zeros where it is shorter.
    private static func head(_ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> UInt64 {
        guard start &+ 8 <= bytes.count else {
            var head: UInt64 = 0
            for index in 0..<min(8, length) { head |= UInt64(bytes[start + index]) << UInt64(8 * index) }
            return head
        }
        // Any eight bytes are a UInt64, and the load is bounds-checked.
        let word = UInt64(littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
        return length >= 8 ? word : word & ~(~0 << UInt64(truncatingIfNeeded: 8 * length))
    }
}
