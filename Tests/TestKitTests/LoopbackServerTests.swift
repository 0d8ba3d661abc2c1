import Glibc
import TestKit
import Testing

/// What other tests rely on when they use the loopback server as a peer.
struct LoopbackServerTests {
    /// Sends bytes on one connection and returns all that comes back.
    private func exchange(_ text: String, with server: LoopbackServer) throws -> String {
        let socket = try Socket.connect(port: server.port)
        defer { close(socket) }
        Socket.write(Array(text.utf8), to: socket)
        shutdown(socket, Int32(SHUT_WR))
        var answer: [UInt8] = []
        while let bytes = Socket.read(from: socket) { answer += bytes }
        return String(decoding: answer, as: UTF8.self)
    }

    private static let echo: LoopbackServer.Handler = { request in
        .text("\(request.connection) \(request.method) \(request.path) \(request.query) \(request.text)")
    }

    @Test(
        "Requests are read whole, whatever their framing",
        arguments: [
            ("GET /a?b=c HTTP/1.1\r\n\r\n", "0 GET /a b=c "),
            ("POST /a HTTP/1.1\r\ncontent-length: 3\r\n\r\nxyz", "0 POST /a  xyz"),
            (
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nxy\r\n1\r\nz\r\n0\r\nT: t\r\n\r\n",
                "0 POST /a  xyz"
            ),
        ])
    func framing(request: String, body: String) throws {
        let server = try LoopbackServer(handler: Self.echo)
        defer { server.stop() }
        #expect(
            try exchange(request, with: server)
                == "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body)
    }

    @Test("A connection serves request after request, and counts as one")
    func keepAlive() throws {
        let server = try LoopbackServer { _ in LoopbackServer.Reply(status: 204) }
        defer { server.stop() }
        let twice = try exchange("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", with: server)
        #expect(twice == "HTTP/1.1 204 OK\r\n\r\nHTTP/1.1 204 OK\r\n\r\n")
        #expect(server.accepted == 1)
    }

    @Test("An expectation is met before the body is read")
    func expectation() throws {
        let server = try LoopbackServer { _ in LoopbackServer.Reply(status: 204) }
        defer { server.stop() }
        let answer = try exchange(
            "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx", with: server)
        #expect(answer == "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 OK\r\n\r\n")
    }

    @Test("A reply can be raw bytes, or nothing at all")
    func manners() throws {
        let server = try LoopbackServer { $0.path == "/raw" ? .raw(Array("HTTP/1.1 2".utf8)) : .drop }
        defer { server.stop() }
        #expect(try exchange("GET /raw HTTP/1.1\r\n\r\n", with: server) == "HTTP/1.1 2")
        #expect(try exchange("GET /drop HTTP/1.1\r\n\r\n", with: server) == "")
    }

    @Test("Stopping ends silent connections and frees the port")
    func stopping() throws {
        let server = try LoopbackServer { _ in .silence }
        let socket = try Socket.connect(port: server.port)
        defer { close(socket) }
        Socket.write(Array("GET / HTTP/1.1\r\n\r\n".utf8), to: socket)
        server.stop()
        #expect(Socket.read(from: socket) == nil)
        #expect(throws: Socket.Failure.self) { try Socket.connect(port: server.port) }
    }
}
