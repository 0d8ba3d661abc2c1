import IPAddresses
import JSON
import Pipeline
import TestKit
import Testing
import Timestamps

@testable import Netflow

/// What a real cluster seldom does, from a scripted one.
@Suite struct ElasticsearchSourceTests {
    private func lookup(_ source: ElasticsearchSource, _ count: Int = 1) async throws -> [FlowFindings] {
        let addresses = [attacker] + (1..<max(1, count)).map { IPAddress(v4: 0xc633_6400 + UInt32($0)) }
        return try await source.lookup(addresses, in: Fixture.window)
    }

    /// The error that a look-up ends with.
    private func failure(_ source: ElasticsearchSource) async -> ElasticsearchError? {
        do {
            _ = try await lookup(source)
            return nil
        } catch {
            return error as? ElasticsearchError
        }
    }

    @Test("All addresses go out in one request, two lines each, the last one ended as well")
    func request() async throws {
        let stub = try ClusterStub { _ in ClusterStub.multi(ClusterStub.found(22), ClusterStub.found(23)) }
        defer { stub.stop() }
        let findings = try await lookup(stub.source(), 2)
        #expect(findings.map(\.flowRecords) == [1, 0])
        let request = try #require(stub.searches.first)
        #expect(stub.searches.count == 1)
        #expect(request.method == "POST")
        #expect(request.target == "/_msearch?max_concurrent_searches=4")
        #expect(request["Content-Type"] == "application/json")
        #expect(request["Authorization"] == nil)
        #expect(request.text.hasSuffix("\n"))
        let lines = request.text.split(separator: "\n")
        #expect(lines.count == 4)
        let header = try JSONDocument(String(lines[0])).root
        #expect(header["index"]?.string == "netflow-*")
        #expect(header["ignore_unavailable"]?.bool == true)
        #expect(lines[1].contains("203.0.113.50"))
        #expect(lines[3].contains("198.51.100.1"))
        let probe = try #require(stub.requests.first)
        #expect(probe.method == "GET")
        #expect(probe.path == "/netflow-*/_field_caps")
        #expect(probe.query.contains("source.ip.keyword"))
        #expect(probe.query.contains("include_unmapped=true"))
    }

    @Test(
        "Credentials go out as the scheme wants them",
        arguments: [
            (ElasticsearchAuthorization.basic(user: "flows", password: "s3cret:ä"), "Basic Zmxvd3M6czNjcmV0OsOk"),
            (.apiKey("id:key"), "ApiKey aWQ6a2V5"),
            (.apiKey("aWQ6a2V5"), "ApiKey aWQ6a2V5"),
        ])
    func authorization(_ authorization: ElasticsearchAuthorization, _ field: String) async throws {
        let stub = try ClusterStub { _ in ClusterStub.multi(ClusterStub.found()) }
        defer { stub.stop() }
        _ = try await lookup(stub.source { $0.authorization = authorization })
        #expect(stub.requests.map { $0["Authorization"] } == [field, field])
    }

    @Test("No description of credentials or of a configuration holds the secret")
    func secrets() {
        var configuration = ElasticsearchSource.Configuration(url: "https://search.example.org")
        for authorization in [
            ElasticsearchAuthorization.basic(user: "flows", password: "s3cret"), .apiKey("s3cret"),
        ] {
            configuration.authorization = authorization
            var dumped = ""
            dump(configuration, to: &dumped)
            for text in ["\(authorization)", String(reflecting: authorization), "\(configuration)", dumped] {
                #expect(!text.contains("s3cret"))
            }
        }
    }

    @Test("A path in the URL and strange index names are kept as they are meant")
    func paths() async throws {
        let stub = try ClusterStub { _ in ClusterStub.multi(ClusterStub.found()) }
        defer { stub.stop() }
        _ = try await lookup(
            stub.source {
                $0.url += "/search/"
                $0.indices = ["<netflow-{now/d}>", "a b", "x-*"]
            })
        #expect(
            stub.requests.map(\.path) == [
                "/search/%3Cnetflow-%7Bnow%2Fd%7D%3E,a%20b,x-*/_field_caps", "/search/_msearch",
            ])
    }

    @Test("The fields are asked for once, and again when what is known is old")
    func mappingAge() async throws {
        let stub = try ClusterStub { _ in ClusterStub.multi(ClusterStub.found()) }
        defer { stub.stop() }
        let clock = TestClock()
        let source = stub.source { $0.now = { clock.now } }
        for (minute, probes) in [(0, 1), (1, 1), (2, 2)] {
            clock.now = moment(Int64(minute) * 60_000)
            _ = try await lookup(source)
            #expect(stub.requests.count - stub.searches.count == probes)
        }
    }

    static let securityException =
        #"{"error":{"root_cause":[{"type":"security_exception","reason":"R"}],"type":"security_exception","reason":"R"}"#

    @Test(
        "Whole requests that fail are told apart, whatever the body is",
        arguments: [
            (
                401, #"\#(securityException),"status":401}"#, ElasticsearchError.unauthorized(reason: "R")
            ),
            (401, "Unauthorized", .unauthorized(reason: "Unauthorized")),
            (401, "", .unauthorized(reason: "no reason given")),
            (403, #"\#(securityException),"status":403}"#, .forbidden(action: "_field_caps", reason: "R")),
            (
                404, #"{"error":{"type":"index_not_found_exception","reason":"no such index [x]","index":"x"}}"#,
                .noSuchIndex("x")
            ),
            (
                429, #"{"error":{"type":"rejected_execution_exception","reason":"full"},"status":429}"#,
                .overloaded(status: 429, reason: "full", retryAfter: nil)
            ),
            (
                503, #"{"error":{"root_cause":[{"type":"circuit_breaking_exception","reason":"too large"}]}}"#,
                .overloaded(status: 503, reason: "too large", retryAfter: nil)
            ),
            (
                500, #"{"error":{"type":"es_rejected_execution_exception","reason":"full"}}"#,
                .overloaded(status: 500, reason: "full", retryAfter: nil)
            ),
            (
                502, "<html><body>Bad\n  gateway</body></html>",
                .overloaded(status: 502, reason: "<html><body>Bad gateway</body></html>", retryAfter: nil)
            ),
            (
                503,
                #"{"error":{"root_cause":[{"type":"too_many_buckets_exception","reason":"over 65535"}],"type":"s"}}"#,
                .refused(status: 503, type: "too_many_buckets_exception", reason: "over 65535")
            ),
            (
                400, #"{"error":{"type":"index_closed_exception","reason":"closed"},"status":400}"#,
                .refused(status: 400, type: "index_closed_exception", reason: "closed")
            ),
            (
                400, #"{"error":"no handler found for uri [/x]","status":400}"#,
                .refused(status: 400, type: "error", reason: "no handler found for uri [/x]")
            ),
            (200, "<html>Log in</html>", .notElasticsearch(status: 200, beginning: "<html>Log in</html>")),
            (200, "", .notElasticsearch(status: 200, beginning: "no reason given")),
            (200, #"{"ok":true}"#, .notElasticsearch(status: 200, beginning: #"{"ok":true}"#)),
            (302, "", .notElasticsearch(status: 302, beginning: "no reason given")),
            (404, "not found", .notElasticsearch(status: 404, beginning: "not found")),
        ])
    func failures(_ status: Int, _ body: String, _ expected: ElasticsearchError) async throws {
        let stub = try ClusterStub(hasFlows: false) { _ in .json(body, status: status) }
        defer { stub.stop() }
        #expect(await failure(stub.source()) == expected)
    }

    @Test("What a server says at length is cut, and its lines become one")
    func longReasons() async throws {
        let stub = try ClusterStub(hasFlows: false) { _ in
            .text(String(repeating: "wörd\r\n\t", count: 1000), status: 500)
        }
        defer { stub.stop() }
        guard case .notElasticsearch(500, let text) = await failure(stub.source()) else {
            Issue.record("another error was expected")
            return
        }
        #expect(text.count == 201)
        #expect(text.hasPrefix("wörd wörd"))
    }

    @Test("Every error is a sentence that says what to do")
    func sentences() {
        let errors: [(ElasticsearchError, String)] = [
            (.unreachable("no connection to X"), "no connection to X"),
            (.unauthorized(reason: "R"), "netflow.elasticsearch.user"),
            (.forbidden(action: "_search", reason: "R"), "_search"),
            (.noSuchIndex("netflow-x"), "no index netflow-x"),
            (.overloaded(status: 429, reason: "R", retryAfter: nil), "too busy"),
            (.refused(status: 400, type: "T", reason: "R"), "400 T: R"),
            (.notElasticsearch(status: 200, beginning: "<html>"), "netflow.elasticsearch.url"),
        ]
        for (error, part) in errors { #expect("\(error)".contains(part)) }
    }

    @Test("Nobody there is an error that names where nobody is")
    func unreachable() async throws {
        let stub = try ClusterStub { _ in .drop }
        let source = stub.source()
        stub.stop()
        guard case .unreachable(let reason) = await failure(source) else {
            Issue.record("another error was expected")
            return
        }
        #expect(reason.contains("127.0.0.1"))
    }

    // Skipped where the `openssl` command is missing.
    @Test(
        "The authorities in ca_file are trusted, and others are not",
        .enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"))
    func authorities() async throws {
        let server = try TLSServer(names: "DNS:localhost")
        defer { server.stop() }
        var configuration = ElasticsearchSource.Configuration(url: "https://localhost:\(server.port)")
        guard case .unreachable(let reason) = await failure(ElasticsearchSource(configuration)) else {
            Issue.record("another error was expected")
            return
        }
        #expect(reason.contains("not trusted"))
        configuration.caFile = server.authorityFile
        guard case .notElasticsearch(200, _) = await failure(ElasticsearchSource(configuration)) else {
            Issue.record("the server's page was expected")
            return
        }
    }

    @Test("No answer in time is an error that says so, after a second attempt")
    func timeout() async throws {
        let stub = try ClusterStub { _ in .silence }
        defer { stub.stop() }
        let source = stub.source {
            $0.searchTimeout = .milliseconds(20)
            $0.requestTimeout = .milliseconds(480)
        }
        guard case .slow(let reason) = await failure(source) else {
            Issue.record("another error was expected")
            return
        }
        #expect(reason == "no answer from \(stub.url) within \(Duration.milliseconds(500))")
        #expect(stub.searches.count == 2)
    }

    @Test("A request may take as long as its searches one after the other, as many as the cluster does at a time")
    func requestTime() {
        let configuration = ElasticsearchSource.Configuration(url: "http://search.example.org")
        for (searches, seconds) in [(0, 20), (1, 30), (4, 30), (5, 40), (16, 60)] {
            #expect(configuration.timeout(searches: searches) == .seconds(seconds))
        }
    }

    @Test("What is answered in time counts, and what is not is said")
    func slowSearch() async throws {
        let stub = try ClusterStub { request in
            request.text.contains("198.51.100.1") ? .silence : ClusterStub.multi(ClusterStub.found())
        }
        defer { stub.stop() }
        let source = stub.source {
            $0.searchTimeout = .milliseconds(20)
            $0.requestTimeout = .milliseconds(500)
        }
        let findings = try await lookup(source, 2)
        #expect(findings.map(\.flowRecords) == [1, 0])
        #expect(findings[0].incomplete.isEmpty)
        #expect(findings[1].incomplete.first?.hasPrefix("no answer from") == true)
        // Together, then each for itself.
        #expect(stub.searches.count == 3)
    }

    @Test("A cancelled look-up ends with that")
    func cancelled() async throws {
        let stub = try ClusterStub { _ in .silence }
        defer { stub.stop() }
        let source = stub.source()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await source.lookup([attacker], in: Fixture.window)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("Where _msearch is forbidden, each address is asked by _search, now and later")
    func searchSingly() async throws {
        let stub = try ClusterStub { request in
            request.path == "/_msearch"
                ? .json(#"\#(Self.securityException),"status":403}"#, status: 403) : .json(ClusterStub.found())
        }
        defer { stub.stop() }
        let source = stub.source()
        #expect(try await lookup(source, 2).map(\.flowRecords) == [1, 0])
        #expect(stub.searches.map(\.path) == ["/_msearch", "/netflow-*/_search", "/netflow-*/_search"])
        #expect(stub.searches[1].query.contains("ignore_unavailable=true"))
        _ = try await lookup(source)
        #expect(stub.searches.count == 4)
    }

    @Test("Where both are forbidden the error says so")
    func forbidden() async throws {
        let stub = try ClusterStub { _ in .json(#"\#(Self.securityException),"status":403}"#, status: 403) }
        defer { stub.stop() }
        #expect(await failure(stub.source()) == .forbidden(action: "_search", reason: "R"))
    }

    @Test("A busy cluster is asked again, and its answer counts")
    func overload() async throws {
        let attempts = Counter()
        let stub = try ClusterStub { _ in
            attempts.next() < 2
                ? .json(#"{"error":{"type":"rejected_execution_exception","reason":"full"}}"#, status: 429)
                : ClusterStub.multi(ClusterStub.found())
        }
        defer { stub.stop() }
        let pauses = Counter()
        let findings = try await lookup(stub.source { $0.pause = { _ in _ = pauses.next() } })
        #expect(findings[0].flowRecords == 1)
        #expect(findings[0].incomplete.isEmpty)
        #expect(stub.searches.count == 3)
        #expect(pauses.next() <= 2)
    }

    @Test("A busy cluster that stays so is an error")
    func lastingOverload() async throws {
        let stub = try ClusterStub { _ in
            LoopbackServer.Reply(status: 429, fields: [("Retry-After", "1")], body: Array("slow down".utf8))
        }
        defer { stub.stop() }
        #expect(
            await failure(stub.source())
                == .overloaded(status: 429, reason: "slow down", retryAfter: .seconds(1)))
        #expect(stub.searches.count == 3)
    }

    @Test("One answer of several that failed makes its address incomplete; the others stand")
    func partialFailure() async throws {
        let stub = try ClusterStub { _ in
            ClusterStub.multi(
                ClusterStub.found(), #"{"error":{"type":"index_closed_exception","reason":"closed"},"status":400}"#)
        }
        defer { stub.stop() }
        let findings = try await lookup(stub.source(), 2)
        #expect(findings[0].incomplete.isEmpty)
        #expect(
            findings[1].incomplete == ["Elasticsearch refused the search (400 index_closed_exception: closed)"])
    }

    @Test("Failed shards and a search that ran out of time make the answer incomplete")
    func incomplete() async throws {
        let answer = ClusterStub.found().replacing("\"failed\":0", with: "\"failed\":1")
            .replacing("\"timed_out\":false", with: "\"timed_out\":true")
        let stub = try ClusterStub { _ in ClusterStub.multi(answer) }
        defer { stub.stop() }
        let findings = try await lookup(stub.source())
        #expect(findings[0].flowRecords == 1)
        #expect(findings[0].incomplete == ["1 of 1 shards failed", "the search ran out of time"])
    }

    @Test("No character that a server sends steers a terminal")
    func terminal() async throws {
        let evil = #"\u001b[2J\u009b31m\r\n\u202ered"#
        let shards = ClusterStub.found().replacing(
            "\"failed\":0", with: #""failed":1,"failures":[{"reason":{"reason":"\#(evil)"}}]"#)
        let failure = #"{"error":{"type":"\#(evil)","reason":"\#(evil)","index":"\#(evil)"},"status":400}"#
        let missing = #"{"error":{"type":"index_not_found_exception","index":"\#(evil)"},"status":404}"#
        let stub = try ClusterStub { request in
            request.path == "/"
                ? .json(#"{"version":{"number":"\#(evil)"}}"#) : ClusterStub.multi(shards, failure, missing)
        }
        defer { stub.stop() }
        let said = try await lookup(stub.source(), 3).flatMap(\.incomplete) + [stub.source().check()]
        #expect(said.count == 4)
        #expect(said[0] == "1 of 1 shards failed: [2J 31m red")
        let isSteering = { (scalar: Unicode.Scalar) in
            [.control, .format].contains(scalar.properties.generalCategory)
        }
        for text in said { #expect(!text.unicodeScalars.contains(where: isSteering), "\(text)") }
    }

    @Test(
        "An answer that does not fit the question is told apart",
        arguments: [#"{"responses":[]}"#, #"{"responses":[{},{}]}"#, #"{"responses":[{"status":200}]}"#, "[]"])
    func misfit(_ body: String) async throws {
        let stub = try ClusterStub { _ in .json(body) }
        defer { stub.stop() }
        #expect(await failure(stub.source()) == .notElasticsearch(status: 200, beginning: body))
    }

    @Test("A check names the product, and says when no index holds flows")
    func check() async throws {
        let stub = try ClusterStub(hasFlows: false) { request in
            request.path == "/"
                ? .json(#"{"version":{"number":"8.15.0"},"tagline":"You Know, for Search"}"#)
                : .json(#"{"indices":[],"fields":{}}"#)
        }
        defer { stub.stop() }
        let found = try await stub.source().check()
        #expect(found == "Elasticsearch 8.15.0: no index with flows; no index matched netflow-*")
    }

    @Test("A check does without the version where it is not told")
    func checkWithoutVersion() async throws {
        let stub = try ClusterStub { _ in .json(#"\#(Self.securityException),"status":403}"#, status: 403) }
        defer { stub.stop() }
        let found = try await stub.source().check()
        #expect(found == "a cluster that does not say its version: 1 of 1 indices hold flows (ecs)")
    }
}
