import IPAddresses
import TestKit
import Testing

@testable import HTTPServer

/// What a server refuses over real sockets, and how.
@Suite(.timeLimit(.minutes(2)))
struct LiveRefusalTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("A refusal is a problem document, closes, and reaches a peer that is still sending")
    func problem() async throws {
        let live = try LiveServer()
        for (request, status, reason) in Samples.malformed where status != 413 {
            let client = try live.client()
            try client.send(request + String(repeating: "x", count: 50_000))
            let answer = try client.answer()
            #expect(answer.status == status, "\(request)")
            #expect(answer.field("Content-Type") == "application/problem+json")
            #expect(answer.field("Connection") == "close")
            #expect(answer.text.hasPrefix(#"{"type":"about:blank","title":""#))
            #expect(live.rejections.last?.rawValue == reason)
            #expect(try client.rest().isEmpty)
        }
        #expect(live.server.statistics.rejections == live.rejections.count)
        await live.stop()
    }

    @Test("A handler's answer to the head alone keeps the connection where the body is at hand, and ends it otherwise")
    func replyToHead() async throws {
        let live = try LiveServer(head: { _ in .reply(.problem(.unauthorized, detail: "Who are you?")) })
        let client = try live.client()
        for _ in 0..<2 {
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody" + Self.get)
            #expect(try client.answer().status == 401)
            #expect(try client.answer().field("Connection") == nil)
        }
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\nbody")
        #expect(try client.answer().field("Connection") == "close")
        #expect(try client.rest().isEmpty)
        await live.stop()
    }

    @Test("100 Continue is sent when the body is wanted and not there yet")
    func expectContinue() async throws {
        let live = try LiveServer(head: { _ in .read(bodyLimit: 10) })
        let head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
        let client = try live.client()
        try client.send(head + "4\r\n\r\n")
        #expect(try client.answer().head == "HTTP/1.1 100 Continue")
        try client.send("body")
        #expect(try client.answer().text == "post / body")

        try client.send(head + "4\r\n\r\nbody")
        #expect(try client.answer().text == "post / body", "no 100 where the body is there")

        try client.send(head + "11\r\n\r\n")
        let refused = try client.answer()
        #expect(refused.status == 413 && refused.field("Connection") == "close")
        #expect(try client.rest().isEmpty)

        let old = try live.client()
        try old.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        try old.send("body")
        #expect(try old.answer().status == 200, "HTTP/1.0 knows no 100")

        let demanding = try live.client()
        try demanding.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 4\r\n\r\nbody")
        #expect(try demanding.answer().status == 417)
        await live.stop()
    }

    @Test("What comes too late is answered 408; silence is closed")
    func timeouts() async throws {
        var limits = Limits.patient
        limits.headTimeout = .milliseconds(40)
        limits.bodyIdleTimeout = .milliseconds(40)
        limits.keepAliveTimeout = .milliseconds(40)
        // Their time begins when they are accepted: by then they have sent what they ever will.
        let live = try LiveServer(limits: limits, isStarted: false)
        let silent = try live.client()
        let head = try live.client()
        try head.send("GET / HTTP/1.1\r\nHo")
        let body = try live.client()
        try body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbod")
        let idle = try live.client()
        try idle.send(Self.get)
        live.server.start()
        #expect(try head.answer().status == 408)
        #expect(try body.answer().status == 408)
        #expect(try idle.answer().status == 200)
        #expect(idle.isClosedByServer())
        #expect(silent.isClosedByServer())
        #expect(Set(live.rejections) == [.headTimeout, .bodyTimeout])
        await live.stop()
    }

    @Test("A stalled body holds nobody else up")
    func stalledBody() async throws {
        let live = try LiveServer()
        let stalled = try live.client()
        try stalled.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo")
        let other = try live.client()
        for _ in 0..<10 {
            try other.send(Self.get)
            #expect(try other.answer().status == 200)
        }
        try stalled.send("dy")
        #expect(try stalled.answer().text == "post / body")
        await live.stop()
    }

    @Test("Bodies on their way take no more memory than they may, together")
    func bodyMemory() async throws {
        var limits = Limits.patient
        limits.bodyMemoryBytes = 8192
        let live = try LiveServer(limits: limits)
        let request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n"
        let first = try live.client()
        try first.send(request + String(repeating: "a", count: 4999))
        try await eventually("the first body is there but for a byte") {
            live.server.statistics.receivedBytes == request.utf8.count + 4999
        }
        let second = try live.client()
        try second.send(request + String(repeating: "a", count: 4999))
        let refused = try second.answer()
        #expect(refused.status == 503 && refused.field("Retry-After") == "1")
        try first.send("a")
        #expect(try first.answer().status == 200)
        let third = try live.client()
        try third.send(request + String(repeating: "a", count: 4999))
        try third.send("a")
        #expect(try third.answer().status == 200, "what was taken is given back")
        #expect(live.rejections == [.bodyMemory])
        await live.stop()
    }

    @Test("One address may open so many connections; the next is told so with 429, others are served")
    func connectionsPerAddress() async throws {
        var limits = Limits.patient
        limits.connectionsPerAddress = 2
        let live = try LiveServer(limits: limits)
        let first = try live.client()
        try first.send(Self.get)
        #expect(try first.answer().status == 200)
        let second = try live.client()
        try second.send(Self.get)
        #expect(try second.answer().status == 200)
        let third = try live.client()
        let refused = try third.answer()
        #expect(refused.status == 429 && refused.field("Retry-After") == "1")
        #expect(live.rejections == [.connectionsPerAddress])
        let neighbour = try live.client(from: "127.0.0.2")
        try neighbour.send(Self.get)
        #expect(try neighbour.answer().status == 200)
        await live.stop()
    }

    @Test("Trusted proxies may open as many as there are; beyond that the answer is 503")
    func connections() async throws {
        var limits = Limits.patient
        limits.connectionsPerAddress = 1
        limits.connections = 2
        limits.refusedConnections = 1
        let loopback = try #require(IPBlock("127.0.0.0/8"))
        let live = try LiveServer(limits: limits, trustedProxies: IPBlockSet([loopback]))
        let first = try live.client()
        let second = try live.client()
        for client in [first, second] {
            try client.send(Self.get)
            #expect(try client.answer().status == 200)
        }
        let third = try live.client()
        #expect(try third.answer().status == 503)
        let fourth = try live.client()
        #expect(fourth.isClosedByServer(), "only so many are told")
        #expect(live.rejections == [.connections, .connections])
        #expect(live.server.statistics.rejections == 2 && live.server.statistics.openConnections == 2)
        await live.stop()
    }
}
