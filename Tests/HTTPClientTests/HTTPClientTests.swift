import HTTPClient
import TestKit
import Testing

struct HTTPClientTests {
    private static let echo: LoopbackServer.Handler = { request in
        .text("\(request.method) \(request.target) \(request["Content-Type"] ?? "-") \(request.text)")
    }

    @Test(
        "A request arrives as it was meant",
        arguments: [
            ("GET", [], "", "GET /a?b=c - "),
            ("GET", [("Content-Type", "application/json")], "{}", "GET /a?b=c application/json {}"),
            ("POST", [("Content-Type", "text/plain")], "x", "POST /a?b=c text/plain x"),
            ("POST", [], "", "POST /a?b=c - "),
            ("PUT", [], "x", "PUT /a?b=c - x"),
            ("DELETE", [], "", "DELETE /a?b=c - "),
        ])
    func arrival(method: String, headers: [(String, String)], body: String, expected: String) async throws {
        let server = try LoopbackServer(handler: Self.echo)
        defer { server.stop() }
        let response = try await HTTPClient().send(
            .init(method: method, url: server.url + "/a?b=c", headers: headers, body: Array(body.utf8)))
        #expect(response.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self) == expected)
    }

    @Test("HEAD brings fields and no body, and fields are found in any case")
    func head() async throws {
        let server = try LoopbackServer { _ in .init(status: 404, fields: [("X-Answer", " 42 ")], body: [1, 2]) }
        defer { server.stop() }
        let response = try await HTTPClient().send(.init(method: "HEAD", url: server.url))
        #expect(response.status == 404)
        #expect(response.headers["x-answer"] == "42")
        #expect(response.headers["Content-Length"] == "2")
        #expect(response.body.isEmpty)
    }

    @Test("The client names itself, asks for gzip and expects no 100 Continue")
    func ownFields() async throws {
        let server = try LoopbackServer { request in
            let fields = ["User-Agent", "Accept-Encoding", "Expect", "X-Empty"]
            return .text(fields.map { request[$0] ?? "-" }.joined(separator: "|"))
        }
        defer { server.stop() }
        let response = try await HTTPClient().send(
            .init(
                method: "POST", url: server.url, headers: [("X-Empty", "")],
                body: Array(repeating: 32, count: 2 << 20)))
        #expect(String(decoding: response.body, as: UTF8.self) == "warnbell/0.1.0|gzip|-|")
    }

    @Test("A connection is used again")
    func reuse() async throws {
        let server = try LoopbackServer(handler: Self.echo)
        defer { server.stop() }
        let client = HTTPClient()
        for _ in 0..<3 { _ = try await client.send(.init(method: "POST", url: server.url, body: [65])) }
        #expect(server.accepted == 1)
    }

    @Test("Many requests share the connections a host may have")
    func connectionLimit() async throws {
        let server = try LoopbackServer(handler: Self.echo)
        defer { server.stop() }
        var configuration = HTTPClient.Configuration()
        configuration.connectionsPerHost = 2
        let client = HTTPClient(configuration)
        let url = server.url
        let answers = try await withThrowingTaskGroup { group in
            for index in 0..<50 {
                group.addTask { try await client.send(.init(method: "GET", url: "\(url)/\(index)")).body }
            }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(answers.count == 50)
        #expect((1...2).contains(server.accepted))
    }

    @Test("A redirect is an answer and nothing more")
    func redirect() async throws {
        let server = try LoopbackServer { _ in .init(status: 302, fields: [("Location", "/users/login")]) }
        defer { server.stop() }
        let client = HTTPClient()
        let response = try await client.send(
            .init(method: "GET", url: server.url, headers: [("Authorization", "secret")]))
        #expect(response.status == 302)
        #expect(response.headers["Location"] == "/users/login")
        #expect(server.accepted == 1)
    }

    @Test("Bodies worth it go out as gzip", arguments: [(1023, false), (1024, true), (300_000, true)])
    func requestCompression(size: Int, isCompressed: Bool) async throws {
        let server = try LoopbackServer { request in
            let isGzip = request["Content-Encoding"] == "gzip"
            return .text("\(isGzip) \((isGzip ? gunzip(request.body) : request.body)?.count ?? -1)")
        }
        defer { server.stop() }
        let body = (0..<size).map { UInt8($0 % 251) }
        let response = try await HTTPClient().send(
            .init(method: "POST", url: server.url, body: body, isCompressed: true))
        #expect(String(decoding: response.body, as: UTF8.self) == "\(isCompressed) \(size)")
    }

    @Test("Compressed answers are read")
    func responseCompression() async throws {
        let text = Array(String(repeating: "warnbell ", count: 10_000).utf8)
        let server = try LoopbackServer { _ in
            .init(fields: [("Content-Encoding", "gzip")], body: Gzip.compress(text))
        }
        defer { server.stop() }
        #expect(try await HTTPClient().send(.init(method: "GET", url: server.url)).body == text)
    }

    @Test("Interim answers leave no trace")
    func interim() async throws {
        let server = try LoopbackServer { _ in
            .raw(Array("HTTP/1.1 103 Early\r\nX-A: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".utf8))
        }
        defer { server.stop() }
        let response = try await HTTPClient().send(.init(method: "GET", url: server.url))
        #expect(response.status == 200)
        #expect(response.headers["X-A"] == nil)
        #expect(response.body == [UInt8(ascii: "x")])
    }
}
