import Testing

@testable import HTTPServer

struct ResponseTests {
    private func encoded(
        _ response: Response, isHead: Bool = false, _ persistence: ConnectionState.Persistence = .keepAlive
    ) -> String {
        var encoder = ResponseEncoder()
        encoder.setDate(784_111_777)
        let output = OutputBuffer()
        encoder.encode(response, isHead: isHead, persistence: persistence, into: output)
        return text(output)
    }

    private func text(_ output: OutputBuffer) -> String {
        output.use { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }

    @Test("An answer has Date, Content-Type, Content-Length and its own fields")
    func whole() {
        let response = Response(
            .accepted, contentType: "application/json", fields: [.init("X-One", "1"), .init("X-Two", "2")],
            body: .bytes(Array("{}".utf8)))
        #expect(
            encoded(response) == """
                HTTP/1.1 202 Accepted\r
                Date: Sun, 06 Nov 1994 08:49:37 GMT\r
                Content-Type: application/json\r
                Content-Length: 2\r
                X-One: 1\r
                X-Two: 2\r
                \r
                {}
                """)
    }

    @Test("An empty answer says so, one of a status that has no body does not even have a length")
    func bodiless() {
        #expect(encoded(Response(.ok)).hasSuffix("\r\nContent-Length: 0\r\n\r\n"))
        #expect(!encoded(Response(.noContent)).contains("Content-Length"))
        let unmodified = Response(.notModified, body: .bytes([65]))
        #expect(!encoded(unmodified).contains("Content-Length") && encoded(unmodified).hasSuffix("\r\n\r\n"))
    }

    @Test("The answer to a HEAD has the length of what a GET gets, and no body")
    func head() {
        let text = encoded(Response(.ok, body: .bytes([65, 66, 67])), isHead: true)
        #expect(text.hasSuffix("\r\nContent-Length: 3\r\n\r\n"))
    }

    @Test("Connection says what HTTP's default is not")
    func persistence() {
        #expect(!encoded(Response(.ok)).contains("Connection"))
        #expect(encoded(Response(.ok), .close).hasSuffix("\r\nConnection: close\r\n\r\n"))
        #expect(encoded(Response(.ok), .keepAliveSaid).hasSuffix("\r\nConnection: keep-alive\r\n\r\n"))
    }

    @Test("No value of a field can begin another line")
    func splitting() {
        let text = encoded(Response(.ok, fields: [.init("X", "a\r\nSet-Cookie: b\0")]))
        #expect(text.contains("\r\nX: a  Set-Cookie: b \r\n"))
    }

    @Test("Output grows as needed and begins anew when it is cleared")
    func output() {
        let output = OutputBuffer()
        let large = [UInt8](repeating: 65, count: 700_000)
        output.append("before ")
        output.append(large)
        output.append(66)
        #expect(text(output) == "before " + String(repeating: "A", count: 700_000) + "B")
        output.clear()
        #expect(text(output).isEmpty)
        output.append("after")
        #expect(text(output) == "after")
    }

    @Test("The date changes with the second")
    func date() {
        var encoder = ResponseEncoder()
        var dates: [String] = []
        for second: Int64 in [0, 0, 1, 951_782_400] {
            encoder.setDate(second)
            let output = OutputBuffer()
            encoder.encode(Response(.ok), isHead: false, persistence: .keepAlive, into: output)
            dates.append(String(text(output).split(separator: "\r\n")[1]))
        }
        #expect(
            dates == [
                "Date: Thu, 01 Jan 1970 00:00:00 GMT", "Date: Thu, 01 Jan 1970 00:00:00 GMT",
                "Date: Thu, 01 Jan 1970 00:00:01 GMT", "Date: Tue, 29 Feb 2000 00:00:00 GMT",
            ])
    }

    @Test("Numbers are written in decimal", arguments: [0, 7, 10, 99, 100, 1_048_576, Int.max])
    func decimal(number: Int) {
        let output = OutputBuffer()
        output.append(decimal: number)
        #expect(text(output) == "\(number)")
    }

    @Test("A problem is application/problem+json of RFC 9457, whatever its text holds")
    func problem() {
        let response = Response.problem(.badRequest, detail: "a \"b\" \\ \n é")
        #expect(response.status == .badRequest)
        #expect(response.contentType.map { "\($0)" } == "application/problem+json")
        guard case .bytes(let bytes) = response.body else {
            Issue.record("the body is in memory")
            return
        }
        let expected = #"{"type":"about:blank","title":"Bad Request","status":400,"detail":"a \"b\" \\ \u000a é"}"#
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("Every status has its line", arguments: Status.allCases)
    func statusLine(status: Status) {
        #expect("\(status.line)" == "HTTP/1.1 \(status.rawValue) \(status.reason)\r\n")
        #expect(!status.reason.isEmpty && !status.reason.contains("\r"))
    }

    @Test("Every refusal is an error, says what was expected, and closes", arguments: Rejection.allCases)
    func rejections(rejection: Rejection) {
        let response = rejection.response
        #expect(response.status.rawValue >= 400 && response.closesConnection && !rejection.detail.isEmpty)
        let isBusy = [429, 503].contains(response.status.rawValue)
        #expect(response.fields.contains { "\($0.name)" == "Retry-After" } == isBusy)
    }
}
