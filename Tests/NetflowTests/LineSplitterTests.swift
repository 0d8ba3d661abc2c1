import Testing

@testable import Netflow

@Suite struct LineSplitterTests {
    /// The lines of a text that comes in pieces of this length.
    private func split(_ text: String, every length: Int, limit: Int = 100) -> (lines: [String], tooLong: Int) {
        var splitter = LineSplitter(limit: limit)
        var lines: [String] = []
        func add(_ line: Span<UInt8>) {
            lines.append(String(decoding: line.indices.map { line[$0] }, as: UTF8.self))
        }
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + length)
            splitter.take(bytes.span.extracting(start..<end), add)
            start = end
        }
        splitter.finish(add)
        return (lines, splitter.tooLong)
    }

    @Test("However the bytes are cut, the lines are the same", arguments: 1...8)
    func pieces(_ length: Int) {
        #expect(split("one\n\ntwo\nthree", every: length).lines == ["one", "", "two", "three"])
        #expect(split("one\n", every: length).lines == ["one"])
        #expect(split("\n", every: length).lines == [""])
        #expect(split("", every: length).lines == [])
    }

    @Test(
        "A line at the limit passes; one past it is dropped and counted, and the next is read again", arguments: 1...9)
    func limit(_ length: Int) {
        let at = split("12345\nab\n", every: length, limit: 5)
        #expect(at.lines == ["12345", "ab"])
        #expect(at.tooLong == 0)
        let past = split("123456\nab\n1234567", every: length, limit: 5)
        #expect(past.lines == ["ab"])
        #expect(past.tooLong == 2)
    }
}
