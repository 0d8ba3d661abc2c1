import Foundation
import TestKit
import Testing

@testable import Warnbell

/// Who may do what with the running program.
@Suite(.timeLimit(.minutes(2)))
struct AccessTests {
    private static let poster = "poster-0123456789"
    private static let reader = "reader-0123456789"
    private static let all = "everything-0123456789"
    private static let lines = [
        "auth: {tokens: ['poster:\(poster)', 'reader:feed+metrics:\(reader)', 'all:alerts+feed+metrics+admin:\(all)']}"
    ]

    private static func bearer(_ token: String) -> String { "Authorization: Bearer \(token)" }

    /// An alert with this key in the body, alone or wrapped.
    private static func body(_ id: String, token: String, wrapped: Bool) -> [UInt8] {
        let sample = SampleAlert { $0.id = id }
        let text = wrapped ? String(decoding: sample.shuffle, as: UTF8.self) : sample.json
        return Array((#"{"warnbell_token": "\#(token)", "# + text.dropFirst()).utf8)
    }

    @Test("Each resource wants its scope, each method of showing a token works, and health is open")
    func table() throws {
        let receiver = try RunningReceiver(Self.lines)
        let sample = SampleAlert().bytes
        let basic = "Authorization: Basic \(Data("poster:\(Self.poster)".utf8).base64EncodedString())"
        let slack = Array(#"{"attachments":[{"color":"danger"}],"warnbell_token":"\#(Self.poster)"}"#.utf8)
        let posts: [(String, [String], [UInt8], Int)] = [
            ("no credential", [], sample, 401), ("bearer", [Self.bearer(Self.poster)], sample, 202),
            ("key", ["X-API-Key: \(Self.poster)"], sample, 202), ("basic", [basic], sample, 202),
            ("unknown", [Self.bearer("nonsense")], sample, 401),
            ("without the scope", [Self.bearer(Self.reader)], sample, 403),
            ("all scopes", [Self.bearer(Self.all)], sample, 202),
            ("token in an alert", [], Self.body("1.1", token: Self.poster, wrapped: false), 202),
            ("token in a Shuffle body", [], Self.body("1.2", token: Self.poster, wrapped: true), 202),
            ("token without the scope in the body", [], Self.body("1.3", token: Self.reader, wrapped: true), 403),
            ("unknown token in the body", [], Self.body("1.3", token: "nonsense", wrapped: true), 401),
            (
                "token of the header goes first", [Self.bearer("no")],
                Self.body("1.3", token: Self.poster, wrapped: true), 401
            ),
            ("one valid token is enough", [Self.bearer(Self.poster)], Self.body("1.4", token: "x", wrapped: true), 202),
            ("no JSON and nobody known", [], Array("{".utf8), 401),
            ("no JSON from somebody known", [Self.bearer(Self.poster)], Array("{".utf8), 400),
            ("no alert, and a token in the body", [], slack, 422),
            ("no alert, and no token", [], Array(#"{"attachments":[]}"#.utf8), 401),
        ]
        for (name, fields, body, status) in posts {
            let answer = try receiver.post(body, fields: fields)
            #expect(answer.status == status, "\(name): \(answer.text)")
            let isChallenge = answer.head.contains("\r\nWWW-Authenticate: Bearer realm=\"warnbell\"")
            #expect(isChallenge == (status == 401), "\(name)")
            #expect(answer.head.contains("\r\nWWW-Authenticate: Basic ") == (status == 401), "\(name)")
        }
        let gets: [(String, String?, Int)] = [
            ("/livez", nil, 200), ("/readyz", nil, 200), ("/healthz", "nonsense", 200), ("/metrics", nil, 401),
            ("/metrics", Self.poster, 403), ("/metrics", Self.reader, 200), ("/metrics", "nonsense", 401),
            ("/feed/manifest.json", nil, 401), ("/feed/manifest.json", Self.poster, 403),
            ("/feed/hashes.csv", "nonsense", 401), ("/nothing", nil, 404),
        ]
        for (path, token, status) in gets {
            let answer = try receiver.request("GET", path, fields: token.map { [Self.bearer($0)] } ?? [])
            #expect(answer.status == status, "\(path) \(token ?? "-"): \(answer.text)")
        }
        let feed = try receiver.request("GET", "/feed/manifest.json", fields: [Self.bearer(Self.reader)])
        #expect([200, 404].contains(feed.status), "\(feed.text)")

        let page = try receiver.request("GET", "/metrics", fields: [Self.bearer(Self.reader)]).text
        for line in [
            #"warnbell_authenticated_requests_total{token="poster"} 8"#,
            #"warnbell_authenticated_requests_total{token="all"} 1"#,
            #"warnbell_authenticated_requests_total{token="none"} 0"#,
            #"warnbell_rejections_total{reason="no_credential"} 5"#,
            #"warnbell_rejections_total{reason="scope"} 4"#,
        ] {
            #expect(page.contains("\(line)\n"), "\(line) in \(page)")
        }
        receiver.stop()
        #expect(receiver.log.joined(separator: "\n").contains("unknown_credential"))
        #expect(receiver.log.joined(separator: "\n").contains("reader"))
        for text in [receiver.log.joined(separator: "\n"), page] {
            for secret in [Self.poster, Self.reader, Self.all, "nonsense"] { #expect(!text.contains(secret)) }
        }
    }

    @Test("What is stored and shared holds nothing of a token in the body")
    func storesNoToken() throws {
        let receiver = try RunningReceiver(Self.lines + ["feed.include_tests: true", "batch.quiet: 10ms"])
        #expect(try receiver.post(Self.body("1.1", token: Self.poster, wrapped: false)).status == 202)
        #expect(receiver.stop() == 0)
        var files = 0
        let all = try #require(FileManager.default.enumerator(atPath: "\(receiver.folder.path)/data"))
        for case let name as String in all {
            guard let text = try? receiver.folder.read("data/\(name)") else { continue }  // A folder.
            files += 1
            #expect(!text.contains("warnbell_token"), "\(name)")
            #expect(!text.contains(Self.poster), "\(name)")
        }
        #expect(files > 1)
    }

    @Test("Who is turned away by the header is told before the body is asked for")
    func beforeTheBody() throws {
        let receiver = try RunningReceiver(Self.lines)
        let head = ["POST / HTTP/1.1", "Host: localhost", "Content-Length: 100000", "Expect: 100-continue"]
        let cases: [([String], Int)] = [
            ([Self.bearer("nonsense")], 401), ([Self.bearer(Self.reader)], 403), ([Self.bearer(Self.poster)], 100),
            ([], 100),
        ]
        for (fields, status) in cases {
            let client = try RawClient(port: receiver.port)
            try client.send((head + fields).joined(separator: "\r\n") + "\r\n\r\n")
            #expect(try client.answer().status == status, "\(fields)")
            if status != 100 { #expect(client.isClosedByServer()) }
        }
    }

    @Test("A receiver with no token that may post does not read a body for one")
    func noTokenCanCome() throws {
        let receiver = try RunningReceiver(["auth: {tokens: ['r:feed:\(Self.reader)']}"])
        let client = try RawClient(port: receiver.port)
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.answer().status == 401)
    }

    @Test("Requests of one connection are each looked at by themselves")
    func keepAlive() throws {
        let receiver = try RunningReceiver(Self.lines)
        let client = try RawClient(port: receiver.port)
        let body = SampleAlert().json
        for (token, status) in [(Self.poster, 202), ("nonsense", 401), (Self.poster, 202)] {
            try client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\nX-API-Key: \(token)\r\n\r\n\(body)"
            )
            #expect(try client.answer().status == status)
        }
    }

    @Test("Without a credential the loopback address is open, and a header with one does no harm")
    func open() throws {
        let receiver = try RunningReceiver()
        let sample = SampleAlert().bytes
        #expect(try receiver.post(sample, fields: [Self.bearer("whatever")]).status == 202)
        #expect(try receiver.post(Self.body("1.9", token: "whatever", wrapped: true)).status == 202)
        let page = try receiver.request("GET", "/metrics").text
        #expect(page.contains(#"warnbell_authenticated_requests_total{token="none"} 3"#), "\(page)")
    }

    @Test("Any address is served with tokens, or with mode none, which is warned of")
    func anyAddress() throws {
        let closed = try RunningReceiver(["listen.host: 0.0.0.0"] + Self.lines)
        #expect(try closed.post(SampleAlert().bytes).status == 401)
        #expect(try closed.post(SampleAlert().bytes, fields: [Self.bearer(Self.poster)]).status == 202)
        let open = try RunningReceiver(["listen.host: 0.0.0.0", "auth.mode: none"])
        #expect(try open.post(SampleAlert().bytes).status == 202)
        #expect(
            open.log.joined(separator: "\n").contains(
                "auth.mode: with none anybody who reaches 0.0.0.0 may post alerts"))
    }

    @Test("Only allowed addresses may connect, and only for those a trusted proxy may forward")
    func allowed() throws {
        let receiver = try RunningReceiver(["auth.allow: [203.0.113.0/24]", "listen.trusted_proxies: [127.0.0.1]"])
        let sample = SampleAlert().bytes
        for (address, status) in [
            ("203.0.113.9", 202), ("198.51.100.9", 403), ("198.51.100.9, 203.0.113.9", 202),
            ("203.0.113.9, 198.51.100.9", 403), ("nonsense", 403),
        ] {
            let answer = try receiver.post(sample, fields: ["X-Forwarded-For: \(address)"])
            #expect(answer.status == status, "\(address): \(answer.text)")
        }
        #expect(try receiver.request("GET", "/livez").status == 200)
        #expect(try receiver.request("GET", "/livez", fields: ["X-Forwarded-For: 198.51.100.9"]).status == 403)
        let client = try RawClient(port: receiver.port, from: "127.0.0.2")
        try client.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().status == 403)
    }

    @Test("Beyond the rate replies wait, and what would wait too long is refused and not taken")
    func rate() throws {
        let receiver = try RunningReceiver(Self.lines + ["auth.rate: 2", "auth.burst: 1", "listen.reply_delay: 600ms"])
        let clients = try (0..<12).map { _ in try RawClient(port: receiver.port) }
        let start = ContinuousClock.now
        for (number, client) in clients.enumerated() {
            let body = SampleAlert { $0.id = "1.\(number)" }.json
            try client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\nX-API-Key: \(Self.poster)\r\n\r\n\(body)"
            )
        }
        let answers = try clients.map { try $0.answer() }
        let refused = answers.filter { $0.status == 429 }
        #expect(answers.count { $0.status == 202 } + refused.count == clients.count)
        #expect((1...clients.count - 2).contains(refused.count), "\(answers.map(\.status))")
        #expect(refused.allSatisfy { ["1", "2"].contains($0.field("Retry-After")) })
        #expect(ContinuousClock.now - start >= .milliseconds(500))
        let all = try receiver.request("GET", "/metrics", fields: [Self.bearer(Self.reader)]).text
        #expect(all.contains("warnbell_alerts_total{outcome=\"accepted\"} \(clients.count - refused.count)\n"))
        #expect(all.contains("warnbell_rejections_total{reason=\"rate\"} \(refused.count)\n"))
    }

    @Test("send shows a token, and says clearly when it is none")
    func send() throws {
        let receiver = try RunningReceiver(Self.lines)
        let arguments = ["send", "--to", receiver.url, "--sample", "--quiet"]
        let fine = "4 accepted, 0 duplicate, 0 refused, 0 not sent\n"
        let shown = try Program.run(arguments, environment: ["WARNBELL_TOKEN": Self.poster])
        #expect(shown.status == 0 && shown.output == fine, "\(shown.error)")
        #expect(shown.error.isEmpty)
        let option = try Program.run(arguments + ["--token", Self.all], environment: ["WARNBELL_TOKEN": "nonsense"])
        #expect(option.status == 0 && option.output == fine, "\(option.error)")
        let configured = try Program.run(
            ["send", "--config", "\(receiver.folder.path)/warnbell.yaml", "--sample", "--quiet"],
            environment: ["WARNBELL_LISTEN_PORT": "\(receiver.port)"])
        #expect(configured.status == 0 && configured.output == fine, "\(configured.error)")
        for (token, status) in [("", "401"), ("nonsense", "401"), (Self.reader, "403")] {
            let denied = try Program.run(arguments, environment: ["WARNBELL_TOKEN": token])
            #expect(denied.status == 1)
            #expect(denied.error.contains("the receiver answered \(status)"), "\(denied.error)")
            #expect(denied.error.contains("WARNBELL_TOKEN or --token"), "\(denied.error)")
            #expect(denied.error.split(separator: "\n").count == 1, "\(denied.error)")
        }
    }
}
