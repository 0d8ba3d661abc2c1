/// Eight bytes at once, for the loops that look at every byte of a head.
struct ByteWord: Equatable {
    private let bits: UInt64

    /// Eight bytes as they lie in memory.
    @inline(__always)
    init(bits: UInt64) {
        self.bits = bits.littleEndian
    }

    /// The bytes from `index` on; eight must be there.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at index: Int) {
        // Any bytes are a number.
        self.init(bits: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    @inline(__always)
    private static func all(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// The bytes with these bits of each set.
    @inline(__always)
    func setting(_ mask: UInt8) -> ByteWord {
        ByteWord(bits: (bits | Self.all(mask)).littleEndian)
    }

    /// Whether a byte below 0x20 or of 0x7f is among them.
    @inline(__always)
    var hasControl: Bool {
        let delete = bits ^ Self.all(0x7f)
        let below = (bits &- Self.all(0x20)) & ~bits
        let zero = (delete &- Self.all(1)) & ~delete
        return (below | zero) & Self.all(0x80) != 0
    }

    /// How many of them, from the first on, are letters or hyphens.
    @inline(__always)
    var lettersAtStart: Int {
        // The highest bit of each byte says what is true of that byte.
        let lower = (bits | Self.all(0x20)) & Self.all(0x7f)
        let letters = (lower &+ Self.all(0x80 - 97)) & ~(lower &+ Self.all(0x80 - 123)) & ~bits
        let hyphen = bits ^ Self.all(UInt8(ascii: "-"))
        let noHyphens = (hyphen & Self.all(0x7f)) &+ Self.all(0x7f) | hyphen
        let others = ~letters & noHyphens & Self.all(0x80)
        return others.trailingZeroBitCount >> 3
    }
}

extension Span<UInt8> {
    /// Whether a field value may hold all bytes of this range (RFC 9110 section 5.5).
    func isFieldContent(_ range: Range<Int>) -> Bool {
        guard range.count >= 8 else { return isFieldContentBytewise(range) }
        var index = range.lowerBound
        let last = range.upperBound - 8
        while index < last {
            // The one control that is allowed, the tab, is rare.
            if ByteWord(self, at: index).hasControl { return isFieldContentBytewise(range) }
            index += 8
        }
        return !ByteWord(self, at: last).hasControl || isFieldContentBytewise(range)
    }

    private func isFieldContentBytewise(_ range: Range<Int>) -> Bool {
        for index in range where !self[index].isFieldContent { return false }
        return true
    }

    /// The first place from `start` on, and before `end`, where no byte of `set` is. Letters and the hyphen, of which
    /// there are most, must be in the set.
    @inline(__always)
    func end(of set: ByteSet, from start: Int, before end: Int) -> Int {
        var index = start
        while end - index >= 8 {
            let letters = ByteWord(self, at: index).lettersAtStart
            index += letters
            if letters < 8 { break }
        }
        while index < end, set.contains(self[index]) { index += 1 }
        return index
    }
}
