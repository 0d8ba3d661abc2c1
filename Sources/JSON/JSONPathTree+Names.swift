extension JSONPathTree {
    /// The place that a key below `place` leads to; 0 for none.
    @inline(__always)
    func child(of place: Int, _ key: JSONNode, _ bytes: Span<UInt8>) -> Int {
        let start = Int(key.start)
        let length = Int(key.end) &- start
        let head = Self.head(bytes, start, length)
        let child = step(from: place, head, bytes, start, length)
        guard child == 0, key.hasEscapes || length > 8 || Self.holdsDot(head) else { return child }
        return unusualChild(of: place, key, bytes)
    }

    /// The place that a key leads to which has escapes, or may hold dots, like `aws.sourceIPAddress`.
    @inline(never)
    private func unusualChild(of place: Int, _ key: JSONNode, _ bytes: Span<UInt8>) -> Int {
        guard key.hasEscapes else { return dottedChild(of: place, bytes.extracting(key.content)) }
        var name: [UInt8] = []
        JSONText.append(bytes.extracting(key.content), to: &name)
        return dottedChild(of: place, name.span)
    }

    private func dottedChild(of place: Int, _ name: Span<UInt8>) -> Int {
        var place = place
        var start = 0
        for index in name.indices where name[index] == UInt8(ascii: ".") {
            place = step(from: place, name, start..<index)
            guard place > 0 else { return 0 }
            start = index + 1
        }
        return step(from: place, name, start..<name.count)
    }

    private func step(from place: Int, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        let start = range.lowerBound
        return step(from: place, Self.head(bytes, start, range.count), bytes, start, range.count)
    }

    @inline(__always)
    private func step(from place: Int, _ head: UInt64, _ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> Int {
        let key = Self.key(place, length)
        var slot = Self.slot(head, key)
        while true {
            let step = slots[slot]
            // One comparison, since it can't be guessed how each of several would end.
            if (step.head ^ head) | UInt64(step.key ^ key) == 0, length <= 8 || isSame(step, bytes, start, length) {
                return Int(step.child)
            }
            if step.child == 0 { return 0 }
            slot = Self.slot(after: slot)
        }
    }

    /// Whether the bytes after the head are those of the step's name.
    @inline(never)
    private func isSame(_ step: Step, _ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> Bool {
        for index in 8..<length where names[Int(step.name) + index] != bytes[start + index] { return false }
        return true
    }

    /// How many slots the table has, a power of two.
    static let size = 1024

    /// The slot where the search for a name begins.
    @inline(__always)
    static func slot(_ head: UInt64, _ key: UInt32) -> Int {
        Int(truncatingIfNeeded: ((head ^ UInt64(key)) &* 0x9e37_79b9_7f4a_7c15) &>> 54)
    }

    @inline(__always)
    static func slot(after slot: Int) -> Int { (slot &+ 1) & (size &- 1) }

    /// A place and the length of a name below it, as one number.
    @inline(__always)
    static func key(_ place: Int, _ length: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: place) &<< 16 | UInt32(truncatingIfNeeded: min(length, 0xffff))
    }

    /// The first eight bytes of a name that is not empty, the first one lowest; zeros where it is shorter.
    @inline(__always)
    static func head(_ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> UInt64 {
        guard start &+ 8 <= bytes.count else {
            var head: UInt64 = 0
            for index in 0..<min(8, length) { head |= UInt64(bytes[start + index]) << UInt64(8 * index) }
            return head
        }
        // Any eight bytes are a UInt64, and the load is bounds-checked.
        let word = UInt64(littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
        return word & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* min(8, length)))
    }

    /// Whether one of the eight bytes is a dot.
    @inline(__always)
    private static func holdsDot(_ head: UInt64) -> Bool {
        let zeroForDot = head ^ 0x2e2e_2e2e_2e2e_2e2e
        return (zeroForDot &- 0x0101_0101_0101_0101) & ~zeroForDot & 0x8080_8080_8080_8080 != 0
    }
}
