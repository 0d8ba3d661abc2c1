import TestKit
import Testing

@testable import HTTPServer

struct RequestReaderTests {
    @Test("Well-formed requests are read, one after the other", arguments: Samples.wellFormed)
    func wellFormed(bytes: String, reading: String) {
        #expect(Reading(bytes).description == reading)
    }

    @Test("Malformed requests are refused, each with its own reason and status", arguments: Samples.malformed)
    func malformed(bytes: String, status: Int, reason: String) {
        #expect(Reading(bytes).description.hasSuffix("\(status) \(reason)"), "\(Reading(bytes))")
    }

    @Test("A request means the same, cut at every byte, fed byte by byte, and cut at random")
    func splitInvariance() {
        var random = Seeded(1)
        for text in Samples.wellFormed.map(\.bytes) + Samples.malformed.map(\.bytes) {
            let bytes = Array(text.utf8)
            let whole = Reading(bytes)
            #expect(Reading(bytes, cuts: Array(bytes.indices)) == whole, "byte by byte: \(text)")
            for cut in bytes.indices {
                #expect(Reading(bytes, cuts: [cut]) == whole, "cut at \(cut): \(text)")
            }
            for _ in 0..<10 {
                let cuts = (0..<4).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
                #expect(Reading(bytes, cuts: cuts) == whole, "cut at \(cuts): \(text)")
            }
        }
    }

    @Test(
        "Where the limit of a head falls into its first line, it makes no difference how the bytes are cut",
        arguments: ["qpp#\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", "\rGET"])
    func limitInFirstLine(request: String) {
        var limits = Limits()
        limits.headBytes = 64
        for lines in 20...34 {
            let bytes = Array((String(repeating: "\r\n", count: lines) + request).utf8)
            let whole = Reading(bytes, limits: limits)
            #expect(Reading(bytes, cuts: Array(bytes.indices), limits: limits) == whole, "\(lines) empty lines")
            for cut in bytes.indices {
                #expect(Reading(bytes, cuts: [cut], limits: limits) == whole, "\(lines) empty lines, cut at \(cut)")
            }
        }
    }

    @Test("A body that lies in one read is not copied; one that does not is kept")
    func copies() {
        var reader = RequestReader(Limits())
        let request = Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody".utf8)
        var position = 0
        #expect(step(&reader, request, &position) == .head)
        #expect(reader.accept(bodyLimit: 4) == nil)
        #expect(step(&reader, request, &position) == .bodyInInput(request.count - 4..<request.count))
        #expect(reader.body.isEmpty && reader.reserved == 0)
        reader.reset()

        position = 0
        let most = Array(request.dropLast())
        #expect(step(&reader, most, &position) == .head)
        #expect(reader.accept(bodyLimit: 4) == nil)
        #expect(step(&reader, most, &position) == .needsMemory(4))
        reader.reserve(4)
        #expect(step(&reader, most, &position) == .needsBytes)
        position = 0
        #expect(step(&reader, Array(request.suffix(1)), &position) == .bodyKept)
        #expect(reader.body == Array("body".utf8))
    }

    @Test("Memory is asked for in step with what arrives, not with what is declared")
    func memory() {
        var reader = RequestReader(Limits())
        let head = Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n".utf8)
        var position = 0
        #expect(step(&reader, head, &position) == .head)
        #expect(reader.accept(bodyLimit: 1_000_000) == nil)
        let piece = [UInt8](repeating: 0, count: 1000)
        var asked: [Int] = []
        for _ in 0..<1000 {
            position = 0
            var found = step(&reader, piece, &position)
            if case .needsMemory(let count) = found {
                asked.append(count)
                reader.reserve(count)
                found = step(&reader, piece, &position)
            }
            if found == .bodyKept { break }
        }
        #expect(asked.first == 4096)
        #expect(reader.reserved == 1_000_000)
        #expect(asked.count == 9)
    }

    @Test("A chunked body asks for no more memory than its limit allows, however it grows")
    func chunkedMemory() {
        var reader = RequestReader(Limits())
        let head = Array(Samples.chunked("").utf8)
        var position = 0
        #expect(step(&reader, head, &position) == .head)
        #expect(reader.accept(bodyLimit: 10_000) == nil)
        let chunk = Array("3e8\r\n".utf8) + [UInt8](repeating: 0, count: 1000) + Array("\r\n".utf8)
        for _ in 0..<10 {
            position = 0
            while case .needsMemory(let count) = step(&reader, chunk, &position) { reader.reserve(count) }
            #expect(position == chunk.count)
        }
        #expect(reader.reserved == 10_000)
    }

    @Test(
        "A refused request's body is skipped where it lies in the input whole, else the next request can't be found",
        arguments: [
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody", "NEXT", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbod", "", false),
            (Samples.chunked("4\r\nbody\r\n0\r\n\r\n"), "NEXT", true),
            (Samples.chunked("4\r\nbody\r\n0\r\n"), "", false),
            (Samples.chunked("4\r\nbody!\r\n0\r\n\r\n"), "", false),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "NEXT", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody", "NEXT", false),
        ])
    func refusedBodies(request: String, following: String, expected: Bool) {
        var reader = RequestReader(Limits())
        let bytes = Array((request + following).utf8)
        var position = 0
        #expect(step(&reader, bytes, &position) == .head)
        let isSkipped = reader.refuseBody(bytes.span, at: &position)
        #expect(isSkipped == expected)
        if expected { #expect(position == request.utf8.count) }
    }

    @Test(
        "Whether the connection lasts is read from version and Connection",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, CLOSE\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", true),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: a\r\nConnection: close\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection:\r\n\r\n", true),
            ("GET / HTTP/1.0\r\n\r\n", false),
            ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true),
            ("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false),
        ])
    func persistence(request: String, lasts: Bool) {
        #expect(Reading(request).requests.map(\.head.keepsAlive) == [lasts])
    }

    @Test(
        "100 Continue is expected by HTTP/1.1 requests with a body alone",
        arguments: [
            ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx", true),
            ("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", false),
            ("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx", false),
            ("POST / HTTP/1.0\r\nExpect: tea\r\nContent-Length: 1\r\n\r\nx", false),
        ])
    func expectations(request: String, expected: Bool) {
        #expect(Reading(request).requests.map(\.head.expectsContinue) == [expected])
    }

    /// Expectations can't hold a span.
    private func step(_ reader: inout RequestReader, _ bytes: [UInt8], _ position: inout Int) -> RequestReader.Step {
        reader.next(bytes.span, at: &position)
    }
}
