import Glibc

/// A set of ASCII bytes; one shift tells whether a byte belongs to it.
struct ByteSet: Sendable {
    private let low: UInt64
    private let high: UInt64

    /// The bytes whose bits are set, 0 to 63 in `low` and 64 to 127 in `high`.
    private init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte & 64 == 0 ? low : high
        return byte < 128 && word &>> UInt64(byte & 63) & 1 == 1
    }

    /// `tchar` of RFC 9110 section 5.6.2.
    static let token = ByteSet(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe)

    /// What a request target may consist of: `pchar`, `/` and `?` of RFC 3986; no fragment.
    static let target = ByteSet(low: 0xafff_fff2_0000_0000, high: 0x47ff_fffe_87ff_ffff)

    /// `reg-name` of RFC 3986 section 3.2.2 without the comma, by which two joined Host fields would be taken for one.
    static let registeredName = ByteSet(low: 0x2bff_6ff2_0000_0000, high: 0x47ff_fffe_87ff_fffe)
}

extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")

    /// Space or tab: `OWS` and `BWS` of RFC 9110 section 5.6.3.
    @inline(__always)
    var isBlank: Bool { self == .space || self == .tab }

    /// A byte that a field value may hold (RFC 9110 section 5.5): no control character but the tab.
    @inline(__always)
    var isFieldContent: Bool { self >= 0x20 ? self != 0x7f : self == .tab }

    @inline(__always)
    var isDigit: Bool { self &- 48 < 10 }

    /// The value of a hexadecimal digit.
    var hexadecimalValue: UInt8? {
        if isDigit { return self - 48 }
        let lower = self | 0x20
        return (97...102).contains(lower) ? lower - 87 : nil
    }
}

extension Span<UInt8> {
    /// Whether these bytes are `literal` in whatever case they are written.
    ///
    /// The literal holds lower-case letters, digits, and punctuation between them in ASCII; among the bytes is no
    /// control character but the tab. Then setting one bit of each byte makes letters lower and nothing else alike.
    @inline(__always)
    package func equals(_ range: Range<Int>, ignoringCase literal: StaticString) -> Bool {
        range.count == literal.utf8CodeUnitCount && holds(literal, at: range.lowerBound, setting: 0x20)
    }

    /// Whether these bytes are `literal`.
    @inline(__always)
    func equals(_ range: Range<Int>, _ literal: StaticString) -> Bool {
        range.count == literal.utf8CodeUnitCount && holds(literal, at: range.lowerBound, setting: 0)
    }

    /// Whether the bytes from `start` on, with this bit of each set, are `literal`.
    private func holds(_ literal: StaticString, at start: Int, setting bit: UInt8) -> Bool {
        let count = literal.utf8CodeUnitCount
        let expected = unsafe UnsafeRawPointer(literal.utf8Start)
        guard count >= 8 else {
            for offset in 0..<count {
                let wanted = unsafe expected.load(fromByteOffset: offset, as: UInt8.self)
                guard self[start + offset] | bit == wanted else { return false }
            }
            return true
        }
        var offset = 0
        while true {
            let wanted = unsafe expected.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard ByteWord(self, at: start + offset).setting(bit) == ByteWord(bits: wanted) else { return false }
            if offset + 8 == count { return true }
            // The last word may overlap the one before.
            offset = Swift.min(offset + 8, count - 8)
        }
    }

    /// The first place of `byte` in this range.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        unsafe withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress, !range.isEmpty,
                let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count)
            else { return nil }
            return unsafe UnsafeRawPointer(base).distance(to: found)
        }
    }

    /// Whether each percent sign of this range has its two digits (RFC 3986 section 2.1).
    func isPercentEncoded(_ range: Range<Int>) -> Bool {
        var rest = range
        while let percent = firstIndex(of: UInt8(ascii: "%"), in: rest) {
            guard percent + 2 < range.upperBound, self[percent + 1].hexadecimalValue != nil,
                self[percent + 2].hexadecimalValue != nil
            else { return false }
            rest = percent + 1..<range.upperBound
        }
        return true
    }

    /// Whether these are the bytes of `literal` in whatever case, by the rules of ``equals(_:ignoringCase:)``.
    package func equals(ignoringCase literal: StaticString) -> Bool {
        equals(indices, ignoringCase: literal)
    }

    /// The range without the blanks at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return start..<end
    }
}
