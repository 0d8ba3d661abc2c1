/// What a byte was to a part of a chunked body.
enum ChunkPart: Equatable {
    case more
    case end
    case refused(Rejection)
}

/// Reads what may follow a chunk's size: `*( BWS ";" BWS name [ BWS "=" BWS value ] ) CR` of RFC 9112 section 7.1.1.
/// Extensions are checked and ignored.
struct ChunkExtensionParser {
    private enum State {
        case outside, beforeSemicolon, beforeName, name, afterName, beforeValue, value, quoted, escaped, afterQuoted
    }

    /// How many more bytes the extensions of this body may have.
    private var allowance: Int
    private var state = State.outside

    init(allowance: Int) {
        self.allowance = allowance
    }

    /// Whether no extension has begun since the last line's end.
    var isOutside: Bool { state == .outside }

    /// Takes one byte; the CR is the end.
    mutating func take(_ byte: UInt8) -> ChunkPart {
        guard let next = next(byte) else { return .refused(.chunk) }
        state = next
        if byte == .carriageReturn { return .end }
        allowance -= 1
        return allowance < 0 ? .refused(.chunkExtensionsTooLarge) : .more
    }

    /// The state that `byte` leads to; nil when the grammar has no place for it.
    private func next(_ byte: UInt8) -> State? {
        let isToken = ByteSet.token.contains(byte)
        switch (state, byte) {
        case (.outside, .carriageReturn), (.name, .carriageReturn), (.value, .carriageReturn),
            (.afterQuoted, .carriageReturn):
            return .outside
        case (.outside, semicolon), (.beforeSemicolon, semicolon), (.name, semicolon), (.afterName, semicolon),
            (.value, semicolon), (.afterQuoted, semicolon):
            return .beforeName
        case (.name, equals), (.afterName, equals):
            return .beforeValue
        case (.beforeValue, quote): return .quoted
        case (.quoted, quote): return .afterQuoted
        case (.quoted, backslash): return .escaped
        case (.quoted, _), (.escaped, _): return byte.isFieldContent ? .quoted : nil
        case (.name, _) where isToken, (.beforeName, _) where isToken: return .name
        case (.value, _) where isToken, (.beforeValue, _) where isToken: return .value
        case (_, .space), (_, .tab): return afterBlank
        default: return nil
        }
    }

    /// Blanks may stand around `;` and `=` only; a blank that ends the line has no place.
    private var afterBlank: State {
        switch state {
        case .outside, .beforeSemicolon, .value, .afterQuoted: .beforeSemicolon
        case .name, .afterName: .afterName
        default: state
        }
    }

    private var semicolon: UInt8 { UInt8(ascii: ";") }
    private var equals: UInt8 { UInt8(ascii: "=") }
    private var quote: UInt8 { UInt8(ascii: "\"") }
    private var backslash: UInt8 { UInt8(ascii: "\\") }
}
