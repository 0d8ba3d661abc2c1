import TestKit
import Testing

@testable import HTTPServer

/// Each limit of a request, met exactly and passed by one.
struct LimitTests {
    private static let host = "Host: a\r\n"

    @Test("The target may have 8 KiB", arguments: [(8192, "get"), (8193, "414 target_too_long")])
    func target(count: Int, expected: String) {
        let request = "GET /\(String(repeating: "a", count: count - 1)) HTTP/1.1\r\n\(Self.host)\r\n"
        expect(request, expected)
    }

    @Test("A field may have 16 KiB", arguments: [(16_384, "get"), (16_385, "431 field_too_large")])
    func field(count: Int, expected: String) {
        let request = "GET / HTTP/1.1\r\n\(Self.host)X: \(String(repeating: "a", count: count - 3))\r\n\r\n"
        expect(request, expected)
    }

    @Test("A request may have 100 fields", arguments: [(100, "get"), (101, "431 too_many_fields")])
    func fields(count: Int, expected: String) {
        let fields = (1..<count).map { "X-\($0): a\r\n" }.joined()
        expect("GET / HTTP/1.1\r\n\(Self.host)\(fields)\r\n", expected)
    }

    @Test("A head may have 32 KiB", arguments: [(32_768, "get"), (32_769, "431 head_too_large")])
    func head(count: Int, expected: String) {
        let first = "A: \(String(repeating: "a", count: 16_000))\r\n"
        let start = "GET / HTTP/1.1\r\n\(Self.host)\(first)\(first)B: "
        let filler = String(repeating: "b", count: count - start.utf8.count - 4)
        expect(start + filler + "\r\n\r\n", expected)
    }

    @Test(
        "Empty lines before a request count as part of its head",
        arguments: [(16_376, "get"), (16_377, "431 head_too_large")])
    func emptyLines(count: Int, expected: String) {
        var limits = Limits()
        limits.headBytes = 32_768 + "GET / HTTP/1.0\r\n\r\n".utf8.count - 16
        expect(String(repeating: "\r\n", count: count) + "GET / HTTP/1.0\r\n\r\n", expected, limits: limits)
    }

    @Test("A method has at most 64 bytes, and none is waited for beyond them")
    func method() {
        #expect(Reading(String(repeating: "A", count: 64)).description == "…")
        #expect(Reading(String(repeating: "A", count: 65)).description == "400 request_line")
        let known = String(repeating: "A", count: 64) + " / HTTP/1.1\r\n\(Self.host)\r\n"
        #expect(Reading(known).description == "501 unknown_method")
        #expect(Reading(String(repeating: "A", count: 100_000)).description == "400 request_line")
    }

    @Test("A line without an end is refused as soon as it is too long")
    func endless() {
        let filler = String(repeating: "a", count: 40_000)
        #expect(Reading("GET /\(filler)").description == "414 target_too_long")
        #expect(Reading("GET / HTTP/1.1\r\nX: \(filler)").description == "431 field_too_large")
        let fields = (0..<10).map { "X-\($0): \(filler.prefix(8000))\r\n" }.joined()
        #expect(Reading("GET / HTTP/1.1\r\n\(fields)").description == "431 head_too_large")
    }

    @Test("A body may have as many bytes as the handler allows", arguments: [(10, "post"), (11, "413 body_too_large")])
    func body(count: Int, expected: String) {
        let body = String(repeating: "b", count: count)
        let head = "POST / HTTP/1.1\r\n\(Self.host)"
        expect("\(head)Content-Length: \(count)\r\n\r\n\(body)", expected, bodyLimit: 10)
        let chunks = String(repeating: "1\r\nb\r\n", count: count)
        expect("\(head)Transfer-Encoding: chunked\r\n\r\n\(chunks)0\r\n\r\n", expected, bodyLimit: 10)
        let declared = Reading("\(head)Content-Length: \(count)\r\n\r\n", bodyLimit: 10).rejection
        #expect((declared == nil) == (count == 10), "refused at the head's end")
    }

    @Test(
        "Chunk extensions may have 16 KiB in all",
        arguments: [(16_384, "post"), (16_385, "413 chunk_extensions_too_large")])
    func chunkExtensions(count: Int, expected: String) {
        let first = ";" + String(repeating: "a", count: 9999)
        let second = ";" + String(repeating: "a", count: count - 10_001)
        expect(Samples.chunked("1\(first)\r\nx\r\n0\(second)\r\n\r\n"), expected)
    }

    @Test("Trailers may have 32 KiB in all", arguments: [(32_768, "post"), (32_769, "431 head_too_large")])
    func trailerSection(count: Int, expected: String) {
        let first = "A: \(String(repeating: "a", count: 16_000))\r\n"
        let filler = String(repeating: "b", count: count - 2 * first.utf8.count - 7)
        expect(Samples.chunked("0\r\n\(first)\(first)B: \(filler)\r\n\r\n"), expected)
    }

    @Test("A trailer may have 16 KiB", arguments: [(16_384, "post"), (16_385, "431 field_too_large")])
    func trailer(count: Int, expected: String) {
        expect(Samples.chunked("0\r\nX: \(String(repeating: "a", count: count - 3))\r\n\r\n"), expected)
    }

    @Test("A body may have 100 trailers", arguments: [(100, "post"), (101, "431 too_many_fields")])
    func trailers(count: Int, expected: String) {
        let trailers = (0..<count).map { "X-\($0): a\r\n" }.joined()
        expect(Samples.chunked("0\r\n\(trailers)\r\n"), expected)
    }

    @Test("The defaults are those that are documented")
    func defaults() {
        let limits = Limits()
        #expect(limits.headBytes == 32_768 && limits.fieldBytes == 16_384 && limits.targetBytes == 8192)
        #expect(limits.fields == 100 && limits.bodyBytes == 1_048_576 && limits.bodyMemoryBytes == 67_108_864)
        #expect(limits.connections == 1024 && limits.connectionsPerAddress == 256)
        #expect(limits.requestsPerConnection == 1000)
        #expect(limits.headTimeout == .seconds(10) && limits.bodyIdleTimeout == .seconds(10))
        #expect(limits.bodyTimeout == .seconds(60) && limits.keepAliveTimeout == .seconds(60))
        #expect(limits.writeTimeout == .seconds(10) && limits.replyTimeout == .seconds(30))
    }

    /// The bytes begin with a request of the expected method, or are refused as expected, whole and in pieces.
    private func expect(
        _ text: String, _ expected: String, limits: Limits = Limits(), bodyLimit: Int = 1_048_576,
        at location: SourceLocation = #_sourceLocation
    ) {
        let bytes = Array(text.utf8)
        var random = Seeded(UInt64(bytes.count))
        let cuts = (0..<20).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
        for cuts in [[], cuts, Array(stride(from: 1, to: bytes.count, by: 7))] {
            let reading = Reading(bytes, cuts: cuts, limits: limits, bodyLimit: bodyLimit).description
            #expect(reading.prefix(40).hasPrefix(expected), "\(reading.prefix(80))", sourceLocation: location)
        }
    }
}
