/// Why a text is not JSON (RFC 8259), or more than the limits allow.
package struct JSONError: Error, Equatable, Sendable {
    /// The byte at which the text stopped being JSON, counted from its beginning.
    package var offset: Int

    /// What could have stood there.
    package let expected: Expectation

    /// The byte that stood there instead; nil where the text ended.
    package let found: UInt8?

    package init(offset: Int, expected: Expectation, found: UInt8?) {
        self.offset = offset
        self.expected = expected
        self.found = found
    }

    package enum Expectation: Equatable, Sendable {
        case value
        case literal
        case digit
        case keyOrObjectEnd
        case key
        case colon
        case commaOrObjectEnd
        case commaOrArrayEnd
        case closingQuote
        case escapedControlCharacter
        case escapeCharacter
        case hexadecimalDigit
        /// The second half of a UTF-16 pair, after `\uD800` to `\uDBFF`.
        case lowSurrogate
        /// Anything but the second half of a UTF-16 pair standing alone.
        case highSurrogate
        case utf8
        case endOfText
        case depth(limit: Int)
        case nodes(limit: Int)
        case bytes(limit: Int)
    }
}

extension JSONError: CustomStringConvertible {
    /// `byte 17: expected ":" after the key, found "}"`
    package var description: String {
        "byte \(offset): expected \(expected), found \(foundText)"
    }

    private var foundText: String {
        guard let found else { return "the end" }
        guard (0x21...0x7e).contains(found) else { return "byte 0x" + String(found, radix: 16) }
        return "\"\(Character(Unicode.Scalar(found)))\""
    }
}

extension JSONError.Expectation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .value: "a value"
        case .literal: "true, false or null"
        case .digit: "a digit"
        case .keyOrObjectEnd: "a key in quotes or \"}\""
        case .key: "a key in quotes"
        case .colon: "\":\" after the key"
        case .commaOrObjectEnd: "\",\" or \"}\""
        case .commaOrArrayEnd: "\",\" or \"]\""
        case .closingQuote: "a closing quote"
        case .escapedControlCharacter: "control characters in strings to be escaped"
        case .escapeCharacter: "one of \"\\/bfnrtu after the backslash"
        case .hexadecimalDigit: "four hexadecimal digits after \\u"
        case .lowSurrogate: "\\uDC00 to \\uDFFF after a high surrogate"
        case .highSurrogate: "a high surrogate before \\uDC00 to \\uDFFF"
        case .utf8: "well-formed UTF-8"
        case .endOfText: "nothing after the value"
        case .depth(let limit): "at most \(limit) levels of nesting"
        case .nodes(let limit): "at most \(limit) values and keys"
        case .bytes(let limit): "at most \(limit) bytes"
        }
    }
}
