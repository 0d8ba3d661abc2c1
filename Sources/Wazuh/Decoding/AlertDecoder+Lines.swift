import JSON

extension AlertDecoder {
    /// The next line from `start` on that is not blank, without the whitespace before it; nil after the last.
    static func line(_ body: Span<UInt8>, from start: Int) -> Range<Int>? {
        let first = JSONTape.skipWhitespace(body, from: start)
        guard first < body.count else { return nil }
        return first..<(lineBreak(body, first..<body.count) ?? body.count)
    }

    /// Whether a body whose first value ends at `end` goes on with another one on a later line, as NDJSON does.
    static func isLines(_ body: Span<UInt8>, firstValueEnd end: Int) -> Bool {
        guard let first = line(body, from: 0), first.upperBound >= end else { return false }
        return JSONTape.skipWhitespace(body, from: end) > first.upperBound
    }

    /// Whether a body that is no JSON from `offset` on may be lines, of which the first is broken: it breaks before
    /// the second one has begun, and that one begins an object.
    static func isLines(_ body: Span<UInt8>, brokenAt offset: Int) -> Bool {
        guard let first = line(body, from: 0), let second = line(body, from: first.upperBound) else { return false }
        return offset <= second.lowerBound && body[second.lowerBound] == UInt8(ascii: "{")
    }

    private static func lineBreak(_ body: Span<UInt8>, _ range: Range<Int>) -> Int? {
        for index in range where body[index] == UInt8(ascii: "\n") { return index }
        return nil
    }
}
