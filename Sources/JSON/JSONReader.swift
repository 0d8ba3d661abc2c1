/// The grammar of RFC 8259 in one pass over the bytes.
///
/// Every access is bounds-checked. Nothing is copied, and nothing is allocated: the nodes go where the caller says.
enum JSONReader {
    enum Outcome {
        /// One value was read, with so many nodes; `end` is the first byte after it.
        case value(nodes: Int, end: Int)
        /// There was no room for the node of the value or key at this byte.
        case full(at: Int)
    }

    /// Reads one value at `start`, whitespace before it included; what follows is not looked at.
    static func readValue(
        _ bytes: Span<UInt8>, at start: Int, depthLimit: Int, into nodes: inout MutableSpan<JSONNode>
    ) throws(JSONError) -> Outcome {
        var position = start
        var count = 0
        // The innermost open container; -1 outside of all.
        var parent = -1
        var isInObject = false
        var depth = 0

        values: while true {
            position = skipWhitespace(bytes, position)
            guard position < bytes.count else { throw failure(.value, bytes, position) }
            guard count < nodes.count else { return .full(at: position) }
            let byte = bytes[position]
            switch byte {
            case Byte.quote:
                let string = try readString(bytes, position + 1)
                nodes[count] = JSONNode(
                    .string, start: position + 1, end: string.end, next: count + 1, hasEscapes: string.hasEscapes)
                position = string.end + 1
                count += 1
            case Byte.openBrace, Byte.openBracket:
                guard depth < depthLimit else { throw failure(.depth(limit: depthLimit), bytes, position) }
                isInObject = byte == Byte.openBrace
                nodes[count] = JSONNode(isInObject ? .object : .array, start: position, end: 0, next: parent)
                parent = count
                count += 1
                depth += 1
                position = skipWhitespace(bytes, position + 1)
                let close = isInObject ? Byte.closeBrace : Byte.closeBracket
                guard position < bytes.count, bytes[position] == close else {
                    if isInObject {
                        guard count < nodes.count else { return .full(at: position) }
                        nodes[count] = try readKey(bytes, &position, next: count + 1, else: .keyOrObjectEnd)
                        count += 1
                    }
                    continue values
                }
            default:
                let (kind, end) = try readScalar(bytes, position)
                nodes[count] = JSONNode(kind, start: position, end: end, next: count + 1)
                position = end
                count += 1
            }

            while depth > 0 {
                position = skipWhitespace(bytes, position)
                let expected: JSONError.Expectation = isInObject ? .commaOrObjectEnd : .commaOrArrayEnd
                guard position < bytes.count else { throw failure(expected, bytes, position) }
                let byte = bytes[position]
                if byte == Byte.comma {
                    position += 1
                    if isInObject {
                        position = skipWhitespace(bytes, position)
                        guard count < nodes.count else { return .full(at: position) }
                        nodes[count] = try readKey(bytes, &position, next: count + 1, else: .key)
                        count += 1
                    }
                    continue values
                }
                guard byte == (isInObject ? Byte.closeBrace : Byte.closeBracket) else {
                    throw failure(expected, bytes, position)
                }
                position += 1
                let outer = Int(Int32(bitPattern: nodes[parent].next))
                nodes[parent].end = UInt32(truncatingIfNeeded: position)
                nodes[parent].next = UInt32(truncatingIfNeeded: count)
                parent = outer
                depth -= 1
                isInObject = depth > 0 && nodes[parent].kind == .object
            }
            return .value(nodes: count, end: position)
        }
    }

    /// The first byte from `position` on that is no whitespace, or the end.
    @inline(__always)
    static func skipWhitespace(_ bytes: Span<UInt8>, _ position: Int) -> Int {
        var position = position
        while position < bytes.count, bytes[position] <= 0x20 {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return position
            }
        }
        return position
    }

    /// Reads a key and its colon, and leaves `position` after them.
    ///
    /// Inlined, as ``readString(_:_:)`` is: together that makes the whole pass a fifth faster.
    @inline(__always)
    private static func readKey(
        _ bytes: Span<UInt8>, _ position: inout Int, next: Int, else expected: JSONError.Expectation
    ) throws(JSONError) -> JSONNode {
        guard position < bytes.count, bytes[position] == Byte.quote else { throw failure(expected, bytes, position) }
        let start = position + 1
        let string = try readString(bytes, start)
        position = skipWhitespace(bytes, string.end + 1)
        guard position < bytes.count, bytes[position] == Byte.colon else { throw failure(.colon, bytes, position) }
        position += 1
        return JSONNode(.string, start: start, end: string.end, next: next, hasEscapes: string.hasEscapes)
    }

    /// Reads a number, `true`, `false` or `null`.
    private static func readScalar(
        _ bytes: Span<UInt8>, _ position: Int
    ) throws(JSONError) -> (kind: JSONKind, end: Int) {
        switch bytes[position] {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): (.number, try readNumber(bytes, position))
        case UInt8(ascii: "t"): (.true, try readLiteral(bytes, position, 0x6575_7274, count: 4))
        case UInt8(ascii: "n"): (.null, try readLiteral(bytes, position, 0x6c6c_756e, count: 4))
        case UInt8(ascii: "f"): (.false, try readLiteral(bytes, position, 0x65_736c_6166, count: 5))
        default: throw failure(.value, bytes, position)
        }
    }

    /// Reads the `count` letters that `word` holds, the first in its lowest byte.
    private static func readLiteral(
        _ bytes: Span<UInt8>, _ position: Int, _ word: UInt64, count: Int
    ) throws(JSONError) -> Int {
        for index in 0..<count {
            let letter = UInt8(truncatingIfNeeded: word >> (8 * UInt64(index)))
            guard position + index < bytes.count, bytes[position + index] == letter else {
                throw failure(.literal, bytes, position + index)
            }
        }
        return position + count
    }

    /// Reads a number (RFC 8259 section 6).
    private static func readNumber(_ bytes: Span<UInt8>, _ start: Int) throws(JSONError) -> Int {
        var position = start
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            position = try readDigits(bytes, position)
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position = try readDigits(bytes, position + 1)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            position = try readDigits(bytes, position)
        }
        return position
    }

    /// Reads one digit or more.
    private static func readDigits(_ bytes: Span<UInt8>, _ start: Int) throws(JSONError) -> Int {
        var position = start
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > start else { throw failure(.digit, bytes, position) }
        return position
    }

    @inline(never)
    static func failure(_ expected: JSONError.Expectation, _ bytes: Span<UInt8>, _ position: Int) -> JSONError {
        JSONError(offset: position, expected: expected, found: position < bytes.count ? bytes[position] : nil)
    }
}

/// The characters that JSON is built of.
enum Byte {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
}
