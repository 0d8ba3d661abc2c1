import Testing

@testable import HTTPServer

/// Each time limit, a millisecond before it and when it is over.
struct TimeoutTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let limit: Duration
        /// What the server says when the time is over; nil for a connection that is closed without a word.
        let rejection: Rejection?
        /// How many bytes of a handshake the peer owes.
        var handshakeBytes = 0
        /// What the peer sends before it falls silent.
        var sent = ""
        /// How many bytes it takes of the answer.
        var window = Int.max
    }

    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    static let cases = [
        Case(
            testDescription: "handshake", limit: Limits().handshakeTimeout, rejection: .handshakeTimeout,
            handshakeBytes: 3),
        Case(testDescription: "first head", limit: Limits().headTimeout, rejection: nil),
        Case(testDescription: "begun head", limit: Limits().headTimeout, rejection: .headTimeout, sent: "GET / HT"),
        Case(
            testDescription: "later head", limit: Limits().headTimeout, rejection: .headTimeout, sent: get + "GET / HT"),
        Case(
            testDescription: "body", limit: Limits().bodyIdleTimeout, rejection: .bodyTimeout,
            sent: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbod"),
        Case(
            testDescription: "chunked body", limit: Limits().bodyIdleTimeout, rejection: .bodyTimeout,
            sent: Samples.chunked("4\r\nbo")),
        Case(testDescription: "keep-alive", limit: Limits().keepAliveTimeout, rejection: nil, sent: get),
        Case(
            testDescription: "answer that is not taken", limit: Limits().writeTimeout, rejection: nil, sent: get,
            window: 10),
        Case(
            testDescription: "handler", limit: Limits().replyTimeout, rejection: .replyTimeout,
            sent: "GET /late HTTP/1.1\r\nHost: a\r\n\r\n"),
        Case(testDescription: "lingering", limit: Limits().lingerTimeout, rejection: nil, sent: "rubbish\r\n\r\n"),
    ]

    @Test("A time limit holds to the millisecond", arguments: cases)
    func limit(_ limited: Case) throws {
        let loop = try ScriptedLoop()
        let peer = ScriptedPeer()
        peer.handshakeBytes = limited.handshakeBytes
        peer.window = limited.window
        _ = loop.connect(peer)
        peer.send(limited.sent)
        loop.settle()
        let rejectionsBefore = loop.handler.rejections.count
        let receivedBefore = peer.received.count
        loop.pass(limited.limit - .milliseconds(1))
        #expect(!peer.isReleased && loop.handler.rejections.count == rejectionsBefore)
        loop.pass(.milliseconds(1))
        #expect(loop.handler.rejections.dropFirst(rejectionsBefore) == (limited.rejection.map { [$0] } ?? []))
        let isAnswered = limited.rejection != nil && limited.handshakeBytes == 0
        #expect((peer.received.count > receivedBefore) == isAnswered)
        #expect(peer.isReleased || isAnswered)
    }

    @Test("A body that drips has a minute in all")
    func drippedBody() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        loop.settle()
        for _ in 0..<59 {
            peer.send([65])
            loop.pass(.seconds(1))
        }
        #expect(loop.handler.rejections.isEmpty)
        peer.send([65])
        loop.pass(.seconds(1))
        #expect(loop.handler.rejections == [.bodyTimeout])
    }

    @Test("An answer that drips is not cut while the peer takes some of it")
    func drippedAnswer() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.window = 1
        peer.send(Self.get)
        loop.settle()
        for _ in 0..<20 {
            loop.pass(.seconds(9))
            peer.window = 1
            loop.settle()
        }
        #expect(peer.received.count == 21 && !peer.isReleased)
    }
}
