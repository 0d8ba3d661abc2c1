/// What the contents of a JSON string say, once its escapes are resolved.
///
/// All of this expects the contents of a string that the reader accepted; of other bytes it makes something, but
/// nothing to rely on.
package enum JSONText {
    /// Appends the UTF-8 of the text to `output`.
    package static func append(_ contents: Span<UInt8>, to output: inout [UInt8]) {
        var position = 0
        while position < contents.count {
            let backslash = firstBackslash(contents, from: position)
            let plain = contents.extracting(position..<backslash)
            // The bytes are copied before the closure returns.
            unsafe plain.withUnsafeBufferPointer { unsafe output.append(contentsOf: $0) }
            guard backslash + 1 < contents.count else { return }
            position = backslash + 2
            if contents[backslash + 1] == UInt8(ascii: "u") {
                appendScalar(contents, &position, to: &output)
            } else {
                output.append(unescaped(contents[backslash + 1]))
            }
        }
    }

    /// The text itself.
    package static func string(_ contents: Span<UInt8>) -> String {
        guard firstBackslash(contents, from: 0) < contents.count else {
            // The bytes are copied before the closure returns.
            return unsafe contents.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(contents.count)
        append(contents, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func firstBackslash(_ contents: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < contents.count, contents[position] != Byte.backslash { position &+= 1 }
        return position
    }

    private static func unescaped(_ escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0c
        case UInt8(ascii: "n"): 0x0a
        case UInt8(ascii: "r"): 0x0d
        case UInt8(ascii: "t"): 0x09
        default: escape
        }
    }

    /// Appends the character of a `\u` escape, or of a pair of them, and moves behind it.
    private static func appendScalar(_ contents: Span<UInt8>, _ position: inout Int, to output: inout [UInt8]) {
        var value = unit(contents, position)
        position += 4
        if value & 0xfc00 == 0xd800 {
            value = 0x10000 + (value & 0x3ff) << 10 | unit(contents, position + 2) & 0x3ff
            position += 6
        }
        let scalar = Unicode.Scalar(value) ?? "\u{fffd}"
        output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    private static func unit(_ contents: Span<UInt8>, _ start: Int) -> UInt32 {
        var value: UInt32 = 0
        for position in start..<min(start + 4, contents.count) {
            value = value << 4 | (JSONReader.hexadecimalDigit(contents[position]) ?? 0)
        }
        return value
    }
}
