import TestKit
import Testing

@testable import HTTPServer

/// Requests over real sockets.
@Suite(.timeLimit(.minutes(2)))
struct LiveExchangeTests {
    private static let post = "POST /a?b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("A connection serves request after request")
    func keepAlive() async throws {
        let live = try LiveServer()
        let client = try live.client()
        for _ in 0..<5 {
            try client.send(Self.post)
            let answer = try client.answer()
            #expect(answer.status == 200 && answer.text == "post /a?b body")
            #expect(answer.field("Connection") == nil)
            #expect(answer.field("Date")?.hasSuffix(" GMT") == true)
        }
        let statistics = live.server.statistics
        #expect(statistics.requests == 5 && statistics.acceptedConnections == 1 && statistics.openConnections == 1)
        #expect(statistics.receivedBytes == 5 * Self.post.utf8.count && statistics.sentBytes > 500)
        await live.stop()
        #expect(live.server.statistics.openConnections == 0)
    }

    @Test("A request may come byte by byte")
    func bytewise() async throws {
        let live = try LiveServer()
        let client = try live.client()
        for byte in (Self.post + Samples.chunked("4\r\nbody\r\n0\r\n\r\n")).utf8 { try client.send([byte]) }
        #expect(try client.answer().text == "post /a?b body")
        #expect(try client.answer().text == "post / body")
        await live.stop()
    }

    @Test("A body of a megabyte arrives whole, with its length or in chunks")
    func largeBody() async throws {
        let live = try LiveServer { _, body, responder in
            var sum = 0
            for index in body.indices { sum = (sum * 31 + Int(body[index])) % 1_000_003 }
            responder.complete(Response(.ok, body: .bytes(Array("\(body.count) \(sum)".utf8))))
        }
        let body = (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var sum = 0
        for byte in body { sum = (sum * 31 + Int(byte)) % 1_000_003 }
        let client = try live.client()
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
        try client.send(body)
        #expect(try client.answer().text == "\(body.count) \(sum)")
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for start in stride(from: 0, to: body.count, by: 65_536) {
            try client.send("10000\r\n")
            try client.send(Array(body[start..<start + 65_536]))
            try client.send("\r\n")
        }
        try client.send("0\r\n\r\n")
        #expect(try client.answer().text == "\(body.count) \(sum)")
        await live.stop()
    }

    @Test("Pipelined requests are answered one by one, in order")
    func pipelining() async throws {
        let live = try LiveServer()
        let client = try live.client()
        let requests = (0..<500).map { "POST /\($0) HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" }
        try client.send(requests.joined())
        for number in 0..<500 { #expect(try client.answer().text == "post /\(number) x") }
        await live.stop()
    }

    @Test("While a request is with the handler, pipelined ones wait; their answers stay in order")
    func pipeliningWithLateAnswers() async throws {
        let waiting = Waiting()
        let live = try LiveServer { head, _, responder in waiting.add(head.path, responder) }
        let client = try live.client()
        try client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HT")
        for number in 1...3 {
            let path = "/\(number)"
            let responder = try #require(waiting.take(path))
            #expect(waiting.count == 0, "one at a time")
            if number == 1 { try client.send("TP/1.1\r\nHost: a\r\n\r\n") }
            responder.complete(Response(.ok, body: .bytes(Array(path.utf8))))
            #expect(try client.answer().text == path)
        }
        await live.stop()
    }

    @Test("HTTP/1.0 is closed after its answer unless it asks for more")
    func http10() async throws {
        let live = try LiveServer()
        let client = try live.client()
        try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let first = try client.answer()
        #expect(first.field("Connection") == "keep-alive" && first.head.hasPrefix("HTTP/1.1 200 "))
        try client.send("GET / HTTP/1.0\r\n\r\n")
        #expect(try client.answer().field("Connection") == "close")
        #expect(client.isClosedByServer())
        await live.stop()
    }

    @Test("Nothing that follows Connection: close is answered")
    func afterClose() async throws {
        let live = try LiveServer()
        let client = try live.client()
        try client.send(
            "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nrubbish")
        #expect(try client.answer().field("Connection") == "close")
        #expect(try client.rest().isEmpty)
        client.disconnect()
        #expect(live.server.statistics.requests == 1)
        await live.stop()
    }

    @Test("A peer that has finished sending is still answered")
    func halfClose() async throws {
        let live = try LiveServer()
        let client = try live.client()
        try client.send(Self.post)
        client.finishSending()
        #expect(try client.answer().text == "post /a?b body")
        #expect(client.isClosedByServer())

        let late = try live.client()
        try late.send(Self.get + "GET /")
        late.finishSending()
        #expect(try late.answer().status == 200)
        #expect(try late.answer().status == 400)
        #expect(late.isClosedByServer())
        #expect(live.rejections == [.incomplete])
        await live.stop()
    }

    @Test("HEAD gets the head of what GET gets")
    func head() async throws {
        let live = try LiveServer()
        let client = try live.client()
        try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get)
        #expect(try client.answer(isHead: true).field("Content-Length") == "7")
        #expect(try client.answer().text == "get / ")
        try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nrubbish\r\n\r\n")
        #expect(try client.answer(isHead: true).status == 200)
        #expect(try client.answer().text.contains("about:blank"), "the refusal that follows has its body")
        await live.stop()
    }

    @Test("OPTIONS * is answered for the server as a whole")
    func optionsStar() async throws {
        let live = try LiveServer()
        let client = try live.client()
        try client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get)
        let answer = try client.answer()
        #expect(answer.status == 204 && answer.field("Allow") == "GET, HEAD, POST, OPTIONS")
        #expect(answer.field("Content-Length") == nil)
        #expect(try client.answer().status == 200)
        await live.stop()
    }

    @Test("The last request that a connection may carry closes it")
    func requestLimit() async throws {
        var limits = Limits.patient
        limits.requestsPerConnection = 2
        let live = try LiveServer(limits: limits)
        let client = try live.client()
        try client.send(Self.get + Self.get + Self.get)
        #expect(try client.answer().field("Connection") == nil)
        #expect(try client.answer().field("Connection") == "close")
        #expect(try client.rest().isEmpty)
        await live.stop()
    }
}
