extension JSONReader {
    /// Reads a string from the byte after its quote on; `end` is the closing quote.
    @inline(__always)
    static func readString(
        _ bytes: Span<UInt8>, _ start: Int
    ) throws(JSONError) -> (end: Int, hasEscapes: Bool) {
        let position = plainEnd(bytes, start)
        if position < bytes.count, bytes[position] == Byte.quote { return (position, false) }
        return try readUnusualString(bytes, position)
    }

    /// Goes on in a string at a byte that needs a closer look.
    @inline(never)
    private static func readUnusualString(
        _ bytes: Span<UInt8>, _ start: Int
    ) throws(JSONError) -> (end: Int, hasEscapes: Bool) {
        var position = start
        var hasEscapes = false
        while position < bytes.count {
            switch bytes[position] {
            case Byte.quote:
                return (position, hasEscapes)
            case Byte.backslash:
                hasEscapes = true
                position = try readEscape(bytes, position)
            case 0..<0x20:
                throw failure(.escapedControlCharacter, bytes, position)
            default:
                position = try readMultibyte(bytes, position)
                while position < bytes.count, bytes[position] >= 0x80 {
                    position = try readMultibyte(bytes, position)
                }
            }
            position = plainEnd(bytes, position)
        }
        throw failure(.closingQuote, bytes, position)
    }

    /// The first byte from `start` on that is a quote, a backslash, a control character or not ASCII; or the end.
    @inline(__always)
    private static func plainEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
        var position = start
        while position &+ 16 <= bytes.count {
            // Any sixteen bytes make a vector, and the load is bounds-checked. As signed numbers, bytes that are not
            // ASCII are less than a space too.
            let block = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: SIMD16<Int8>.self)
            let stops = words(block .== quotes) | words(block .== backslashes) | words(block .< spaces)
            if stops[0] != 0 { return position &+ stops[0].trailingZeroBitCount &>> 3 }
            if stops[1] != 0 { return position &+ 8 &+ stops[1].trailingZeroBitCount &>> 3 }
            position &+= 16
        }
        while position < bytes.count, isPlain(bytes[position]) { position &+= 1 }
        return position
    }

    private static var quotes: SIMD16<Int8> { SIMD16(repeating: Int8(bitPattern: Byte.quote)) }
    private static var backslashes: SIMD16<Int8> { SIMD16(repeating: Int8(bitPattern: Byte.backslash)) }
    private static var spaces: SIMD16<Int8> { SIMD16(repeating: 0x20) }

    /// The lanes of a comparison as bytes of zeros or ones, the first lane lowest.
    ///
    /// The mask's own operators are not specialised by the compiler and cost forty times as much.
    @inline(__always)
    private static func words(_ mask: SIMDMask<SIMD16<Int8>>) -> SIMD2<UInt64> {
        // A mask is sixteen bytes, each all zeros or all ones.
        unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != Byte.quote && byte != Byte.backslash
    }

    /// Reads an escape (RFC 8259 section 7) from its backslash on. Surrogates must come in pairs.
    private static func readEscape(_ bytes: Span<UInt8>, _ backslash: Int) throws(JSONError) -> Int {
        let position = backslash + 1
        guard position < bytes.count else { throw failure(.escapeCharacter, bytes, position) }
        switch bytes[position] {
        case Byte.quote, Byte.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return position + 1
        case UInt8(ascii: "u"):
            let unit = try readHexadecimal(bytes, position + 1)
            guard unit & 0xf800 == 0xd800 else { return position + 5 }
            guard unit < 0xdc00 else { throw failure(.highSurrogate, bytes, backslash) }
            let second = position + 5
            guard second + 1 < bytes.count, bytes[second] == Byte.backslash, bytes[second + 1] == UInt8(ascii: "u")
            else { throw failure(.lowSurrogate, bytes, second) }
            guard try readHexadecimal(bytes, second + 2) & 0xfc00 == 0xdc00 else {
                throw failure(.lowSurrogate, bytes, second)
            }
            return second + 6
        default:
            throw failure(.escapeCharacter, bytes, position)
        }
    }

    /// Reads the four digits of a `\u` escape.
    private static func readHexadecimal(_ bytes: Span<UInt8>, _ start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for position in start..<start + 4 {
            guard position < bytes.count, let digit = hexadecimalDigit(bytes[position]) else {
                throw failure(.hexadecimalDigit, bytes, position)
            }
            value = value << 4 | digit
        }
        return value
    }

    static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 55
        default: nil
        }
    }

    /// Reads one character that is not ASCII, by table 3-7 of the Unicode standard: no overlong forms, no
    /// surrogates, nothing above U+10FFFF.
    private static func readMultibyte(_ bytes: Span<UInt8>, _ start: Int) throws(JSONError) -> Int {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch bytes[start] {
        case 0xc2...0xdf: length = 2
        case 0xe0...0xef:
            length = 3
            if bytes[start] == 0xe0 { second = 0xa0...0xbf }
            if bytes[start] == 0xed { second = 0x80...0x9f }
        case 0xf0...0xf4:
            length = 4
            if bytes[start] == 0xf0 { second = 0x90...0xbf }
            if bytes[start] == 0xf4 { second = 0x80...0x8f }
        default: throw failure(.utf8, bytes, start)
        }
        guard start + length <= bytes.count, second.contains(bytes[start + 1]) else {
            throw failure(.utf8, bytes, start)
        }
        for position in start + 2..<start + length where bytes[position] & 0xc0 != 0x80 {
            throw failure(.utf8, bytes, start)
        }
        return start + length
    }
}
