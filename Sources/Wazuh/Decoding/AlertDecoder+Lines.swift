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

    /// Whether a body that is no JSON from `offset` on may be lines, of which the first is broken: the second one begins
    /// an object, and the body breaks before it. A first line that is cut off where a value must follow takes the
    /// second one for that value, and breaks after it; then the second one must be a value alone.
    mutating func isLines(_ body: Span<UInt8>, brokenAt offset: Int) -> Bool {
        guard let first = Self.line(body, from: 0), let second = Self.line(body, from: first.upperBound),
            body[second.lowerBound] == UInt8(ascii: "{")
        else { return false }
        if offset <= second.lowerBound { return true }
        // A list with an element on each line looks the same, and is no lines.
        guard body[first.lowerBound] != UInt8(ascii: "[") else { return false }
        let bytes = body.extracting(..<second.upperBound)
        // Why it is no value does not matter here: the body is then broken where it was.
        guard let end = try? reader.tape.readValue(bytes, at: second.lowerBound) else { return false }
        return JSONTape.skipWhitespace(bytes, from: end) == bytes.count
    }

    private static func lineBreak(_ body: Span<UInt8>, _ range: Range<Int>) -> Int? {
        for index in range where body[index] == UInt8(ascii: "\n") { return index }
        return nil
    }
}
