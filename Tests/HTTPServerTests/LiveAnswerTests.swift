import Dispatch
import Glibc
import TestKit
import Testing

@testable import HTTPServer

/// Answers that come late, are large, or find nobody.
@Suite(.timeLimit(.minutes(2)))
struct LiveAnswerTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("Answers may be completed from any thread, many at once")
    func otherThreads() async throws {
        let queue = DispatchQueue(label: "answers", attributes: .concurrent)
        let live = try LiveServer(loops: 2) { head, _, responder in
            let path = head.path
            queue.async { responder.complete(Response(.ok, body: .bytes(Array(path.utf8)))) }
        }
        let clients = try (0..<32).map { _ in try live.client() }
        for round in 0..<20 {
            for (number, client) in clients.enumerated() {
                try client.send("GET /\(round)/\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            }
            for (number, client) in clients.enumerated() {
                #expect(try client.answer().text == "/\(round)/\(number)")
            }
        }
        #expect(live.loops == [0, 1], "the listeners share the connections")
        await live.stop()
    }

    @Test("A second completion changes nothing, not even for the next request")
    func twice() async throws {
        let waiting = Waiting()
        let live = try LiveServer { head, _, responder in waiting.add(head.path, responder) }
        let client = try live.client()
        try client.send(Self.get)
        let first = try #require(waiting.take("/a"))
        first.complete(Response(.ok, body: .bytes(Array("1".utf8))))
        first.complete(Response(.ok, body: .bytes(Array("2".utf8))))
        #expect(try client.answer().text == "1")
        try client.send(Self.get)
        let second = try #require(waiting.take("/a"))
        first.complete(Response(.ok, body: .bytes(Array("3".utf8))))
        second.complete(Response(.ok, body: .bytes(Array("4".utf8))))
        #expect(try client.answer().text == "4")
        await live.stop()
    }

    @Test("A completion after the peer has gone is harmless, also when another connection took its place")
    func peerGone() async throws {
        let waiting = Waiting()
        let live = try LiveServer { head, _, responder in waiting.add(head.path, responder) }
        let gone = try live.client()
        try gone.send(Self.get)
        let responder = try #require(waiting.take("/a"))
        gone.reset()
        try await eventually("the connection is closed") { live.server.statistics.openConnections == 0 }
        let other = try live.client()
        try other.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        let otherResponder = try #require(waiting.take("/b"))
        responder.complete(Response(.ok, body: .bytes(Array("for nobody".utf8))))
        otherResponder.complete(Response(.ok, body: .bytes(Array("for you".utf8))))
        #expect(try other.answer().text == "for you")
        await live.stop()
        otherResponder.complete(Response(.ok))
    }

    @Test("A responder that is dropped leaves its request to the server, which answers 503")
    func dropped() async throws {
        var limits = Limits.patient
        limits.replyTimeout = .milliseconds(40)
        let live = try LiveServer(limits: limits) { _, _, _ in }
        let client = try live.client()
        try client.send(Self.get)
        #expect(try client.answer().status == 503)
        #expect(client.isClosedByServer())
        #expect(live.rejections == [.replyTimeout])
        await live.stop()
    }

    @Test("A peer that never reads holds one answer, nobody else up, and is closed in the end")
    func neverReads() async throws {
        var limits = Limits.patient
        limits.writeTimeout = .milliseconds(200)
        let large = [UInt8](repeating: 65, count: 8 << 20)
        let live = try LiveServer(limits: limits) { head, _, responder in
            responder.complete(Response(.ok, body: .bytes(head.pathIs("/large") ? large : [])))
        }
        let slow = try live.client(receiveBuffer: 4096)
        let request = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n"
        try slow.send(String(repeating: request, count: 100))
        let other = try live.client()
        for _ in 0..<10 {
            try other.send(Self.get)
            #expect(try other.answer().status == 200)
        }
        try await eventually("the slow one is closed") { live.server.statistics.openConnections == 1 }
        #expect(live.server.statistics.requests == 11, "the second large request was never taken up")
        await live.stop()
    }

    @Test("A large answer arrives whole at a peer that reads slowly, and requests behind it are answered")
    func slowReader() async throws {
        let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 % 251) }
        let live = try LiveServer { _, _, responder in responder.complete(Response(.ok, body: .bytes(large))) }
        let client = try live.client(receiveBuffer: 4096)
        try client.send(Self.get + Self.get)
        #expect(try client.answer().body == large)
        #expect(try client.answer().body == large)
        await live.stop()
    }

    @Test("A file is sent whole, and only its head to a HEAD")
    func file() async throws {
        let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 % 241) }
        let temporary = try TemporaryFile(bytes)
        defer { temporary.remove() }
        let path = temporary.path
        let live = try LiveServer { _, _, responder in
            guard let file = try? OpenFile(path: path) else { return }  // then the client's reading fails the test
            responder.complete(Response(.ok, body: .file(file, length: file.size)))
        }
        let client = try live.client(receiveBuffer: 4096)
        try client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get + Self.get)
        #expect(try client.answer(isHead: true).field("Content-Length") == "2500000")
        #expect(try client.answer().body == bytes)
        #expect(try client.answer().body == bytes)
        await live.stop()
    }

    @Test("A file that has become shorter breaks the connection instead of lying about its length")
    func truncatedFile() async throws {
        let temporary = try TemporaryFile([1, 2, 3])
        defer { temporary.remove() }
        let path = temporary.path
        let live = try LiveServer { _, _, responder in
            guard let file = try? OpenFile(path: path) else { return }  // then the client's reading fails the test
            responder.complete(Response(.ok, body: .file(file, length: 4)))
        }
        let client = try live.client()
        try client.send(Self.get)
        let rest = try client.rest()
        #expect(rest.suffix(3) == [1, 2, 3])
        await live.stop()
    }

    @Test("Only regular files can be opened, and no links")
    func openFile() throws {
        #expect(throws: OpenFile.OpenError.notRegular) { try OpenFile(path: "/") }
        #expect(throws: OpenFile.OpenError.failed(errno: ENOENT)) { try OpenFile(path: "/nowhere") }
        let temporary = try TemporaryFile([])
        let path = temporary.path
        let link = path + ".link"
        symlink(path, link)
        defer {
            temporary.remove()
            unlink(link)
        }
        #expect(throws: OpenFile.OpenError.failed(errno: ELOOP)) { try OpenFile(path: link) }
        #expect(try OpenFile(path: path).size == 0)
    }
}
