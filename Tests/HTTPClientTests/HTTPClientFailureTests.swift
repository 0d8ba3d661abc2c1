import Glibc
import HTTPClient
import TestKit
import Testing

struct HTTPClientFailureTests {
    @Test(
        "A URL must be absolute and well formed",
        arguments: [
            "", "misp.example.org", "/events", "file:///etc/passwd", "http://", "http://example.org:99999/",
            "http://example.org/a b", "http://example.org/\r\nX: y", "http://[2001:db8::1/",
        ])
    func badURL(url: String) async {
        #expect(
            await HTTPClient().failure(of: .init(method: "GET", url: url))
                == .invalidRequest("a URL is not valid: expected something like https://misp.example.org/"))
    }

    @Test(
        "What would be no honest request is not sent",
        arguments: [
            (
                HTTPClient.Request(method: "GET", url: "ftp://example.org/"),
                "a URL begins with ftp://: expected http:// or https://"
            ),
            (.init(method: "GET /", url: "http://example.org/"), "the method is no token"),
            (.init(method: "", url: "http://example.org/"), "the method is no token"),
            (.init(method: "GET", url: "http://example.org/", headers: [("A:", "x")]), "a header's name is no token"),
            (
                .init(method: "GET", url: "http://example.org/", headers: [("A", "x\r\nB: y")]),
                "the value of the header A holds a line break or a NUL"
            ),
        ])
    func invalid(request: HTTPClient.Request, reason: String) async {
        #expect(await HTTPClient().failure(of: request) == .invalidRequest(reason))
    }

    @Test("A name that does not resolve is said")
    func resolving() async {
        // A label of more than 63 letters is refused without asking any server.
        let host = String(repeating: "a", count: 64) + ".example.org"
        #expect(
            await HTTPClient().failure(of: .init(method: "GET", url: "http://\(host)/")) == .cannotResolve(host: host))
    }

    @Test("A refused connection is said")
    func refusing() async throws {
        let server = try LoopbackServer { _ in .drop }
        server.stop()
        #expect(
            await HTTPClient().failure(of: .init(method: "GET", url: server.url))
                == .cannotConnect(origin: server.url, reason: "Connection refused"))
    }

    @Test("An answer that does not come in time is said")
    func timeOut() async throws {
        let server = try LoopbackServer { _ in .silence }
        defer { server.stop() }
        #expect(
            await HTTPClient().failure(of: .init(method: "GET", url: server.url, timeout: .seconds(1)))
                == .timedOut(origin: server.url, after: .seconds(1), isConnected: true))
    }

    @Test("A peer that never says a word of TLS counts as not connected")
    func connectTimeOut() async throws {
        let (listener, port) = try Socket.listen()
        defer { close(listener) }
        var configuration = HTTPClient.Configuration()
        configuration.connectTimeout = .milliseconds(50)
        #expect(
            await HTTPClient(configuration).failure(of: .init(method: "GET", url: "https://127.0.0.1:\(port)"))
                == .timedOut(origin: "https://127.0.0.1:\(port)", after: .milliseconds(50), isConnected: false))
    }

    @Test(
        "A connection that ends early is lost",
        arguments: [
            "", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "SSH-2.0-OpenSSH\r\n",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        ])
    func loss(answer: String) async throws {
        let server = try LoopbackServer { _ in .raw(Array(answer.utf8)) }
        defer { server.stop() }
        #expect(await HTTPClient().failure(of: .init(method: "GET", url: server.url))?.kind == "connectionLost")
    }

    @Test("A body may be as long as the limit, counted after decompression", arguments: [false, true])
    func bodyLimit(isCompressed: Bool) async throws {
        let server = try LoopbackServer { request in
            let body = [UInt8](repeating: 65, count: Int(request.path.dropFirst()) ?? 0)
            return isCompressed
                ? .init(fields: [("Content-Encoding", "gzip")], body: Gzip.compress(body)) : .init(body: body)
        }
        defer { server.stop() }
        var configuration = HTTPClient.Configuration()
        configuration.maxResponseBytes = 100_000
        #expect(await HTTPClient(configuration).failure(of: .init(method: "GET", url: server.url + "/100000")) == nil)
        #expect(
            await HTTPClient(configuration).failure(of: .init(method: "GET", url: server.url + "/100001"))
                == .tooLarge(origin: server.url, limit: 100_000))
    }

    @Test("A head may be as long as the limit")
    func headLimit() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: "
        let server = try LoopbackServer { request in
            let padding = (Int(request.path.dropFirst()) ?? 0) - head.utf8.count - 4
            return .raw(Array((head + String(repeating: "x", count: padding) + "\r\n\r\n").utf8))
        }
        defer { server.stop() }
        var configuration = HTTPClient.Configuration()
        configuration.maxHeaderBytes = 1000
        #expect(await HTTPClient(configuration).failure(of: .init(method: "GET", url: server.url + "/1000")) == nil)
        #expect(
            await HTTPClient(configuration).failure(of: .init(method: "GET", url: server.url + "/1001"))
                == .tooLarge(origin: server.url, limit: 1000))
    }

    @Test("Cancelling the task breaks the transfer off")
    func cancelling() async throws {
        let arrived = AsyncStream.makeStream(of: Void.self)
        let server = try LoopbackServer { _ in
            arrived.continuation.yield()
            return .silence
        }
        defer { server.stop() }
        let request = HTTPClient.Request(method: "GET", url: server.url)
        let task = Task { await HTTPClient().failure(of: request) }
        for await _ in arrived.stream { break }
        task.cancel()
        #expect(await task.value == .cancelled)
    }

    @Test("A cancelled task sends nothing")
    func alreadyCancelled() async throws {
        let server = try LoopbackServer { _ in .init() }
        defer { server.stop() }
        let request = HTTPClient.Request(method: "GET", url: server.url)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await HTTPClient().failure(of: request)
        }
        #expect(await task.value == .cancelled)
        // Whatever came before this one would be counted by now.
        #expect(await HTTPClient().failure(of: request) == nil)
        #expect(server.accepted == 1)
    }

    @Test("Closing ends what is in flight and what comes later")
    func closing() async throws {
        let client = HTTPClient()
        let server = try LoopbackServer { _ in
            client.close()
            return .silence
        }
        defer { server.stop() }
        let request = HTTPClient.Request(method: "GET", url: server.url)
        await #expect(throws: HTTPClientError.closed) { try await client.send(request) }
        await #expect(throws: HTTPClientError.closed) { try await client.send(request) }
    }

    @Test("No error tells a secret of the request")
    func secrets() async throws {
        let server = try LoopbackServer { _ in .drop }
        defer { server.stop() }
        var configuration = HTTPClient.Configuration()
        configuration.connectTimeout = .milliseconds(100)
        let target = "user:hunter2@127.0.0.1:\(server.port)/a?key=hunter2"
        for url in ["http://\(target)", "ftp://\(target)", "https://\(target)", "http://user:hunter2@[::"] {
            let error = await HTTPClient(configuration).failure(
                of: .init(
                    method: "POST", url: url, headers: [("Authorization", "hunter2")], body: Array("hunter2".utf8)))
            #expect(error != nil)
            #expect(!"\(error, default: "")".contains("hunter2"))
            #expect(!String(reflecting: error).contains("hunter2"))
        }
    }
}
