/// Takes a chunked body apart (RFC 9112 section 7.1), byte by byte where grammar is, in one piece where data is.
struct ChunkedDecoder {
    enum Step: Equatable {
        /// All input is used up.
        case needsBytes
        /// At the position lie so many bytes of the body's data: call ``takeData(at:count:)``.
        case data(count: Int)
        /// The body and its trailer section are complete.
        case end
        case refused(Rejection)
    }

    private enum State {
        case size(digits: Int, value: UInt64)
        case sizeLineFeed(size: Int)
        case data(remaining: Int)
        case dataCarriageReturn, dataLineFeed
        case trailers
        case end
    }

    /// How many more bytes of data are allowed.
    private var allowance: Int
    private var state = State.size(digits: 0, value: 0)
    private var extensions: ChunkExtensionParser
    private var trailers: TrailerReader

    init(_ limits: Limits, bodyLimit: Int) {
        allowance = bodyLimit
        extensions = ChunkExtensionParser(allowance: limits.chunkExtensionBytes)
        trailers = TrailerReader(limits)
    }

    /// Goes on at `position`, which moves past what was used.
    mutating func next(_ input: Span<UInt8>, at position: inout Int) -> Step {
        while position < input.count {
            if case .data(let remaining) = state { return .data(count: min(remaining, input.count - position)) }
            if let rejection = take(input[position]) { return .refused(rejection) }
            position += 1
            if case .end = state { return .end }
        }
        return .needsBytes
    }

    /// Moves the position past data that ``next(_:at:)`` announced; the range where it lies.
    mutating func takeData(at position: inout Int, count: Int) -> Range<Int> {
        guard case .data(let remaining) = state else { preconditionFailure("no data is ahead") }
        state = count == remaining ? .dataCarriageReturn : .data(remaining: remaining - count)
        position += count
        return position - count..<position
    }

    /// Takes one byte that is not data.
    private mutating func take(_ byte: UInt8) -> Rejection? {
        switch state {
        case .size(let digits, let value):
            return takeSize(byte, digits, value)
        case .sizeLineFeed(let size):
            guard byte == .lineFeed else { return .chunk }
            state = size == 0 ? .trailers : .data(remaining: size)
        case .dataCarriageReturn:
            guard byte == .carriageReturn else { return .chunk }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == .lineFeed else { return .chunk }
            state = .size(digits: 0, value: 0)
        case .trailers:
            switch trailers.take(byte) {
            case .more: break
            case .end: state = .end
            case .refused(let rejection): return rejection
            }
        case .data, .end:
            preconditionFailure("data is not taken byte by byte, and nothing follows the end")
        }
        return nil
    }

    private mutating func takeSize(_ byte: UInt8, _ digits: Int, _ value: UInt64) -> Rejection? {
        if let digit = byte.hexadecimalValue, extensions.isOutside {
            // Sixteen digits fit into 64 bits: there is no overflow.
            guard digits < 16 else { return .chunk }
            state = .size(digits: digits + 1, value: value << 4 | UInt64(digit))
            return nil
        }
        guard digits > 0 else { return .chunk }
        switch extensions.take(byte) {
        case .more:
            return nil
        case .refused(let rejection):
            return rejection
        case .end:
            guard value <= UInt64(allowance) else { return .bodyTooLarge }
            allowance -= Int(value)
            state = .sizeLineFeed(size: Int(value))
            return nil
        }
    }
}
