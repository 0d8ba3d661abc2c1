import HTTPClient
import Pipeline
import TestKit
import Testing

@testable import MISP

/// What becomes of a delivery that MISP does not take.
struct ReceiptTests {
    @Test(
        "A key that opens nothing, or not enough, pauses the queue",
        arguments: [
            (
                MISPStandIn.Access.disabledUser,
                "MISP does not accept the key: Authentication failed. Your user account has been disabled."
            ),
            (
                .wrongAddress,
                "MISP does not accept the key: It is not possible to use this Auth key from your IP address"
            ),
            (.readOnly, "the key's role lacks a right: You do not have permission to use this functionality."),
        ])
    func access(_ access: MISPStandIn.Access, reason: String) async throws {
        let bench = try RESTSinkBench { $0.access = access }
        defer { bench.stop() }
        #expect(try await bench.deliver(SentEvent()) == .pause(reason: reason))
    }

    @Test("What can't be composed is refused for good, and what is not prepared comes again")
    func composing() throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        let source = SourceKey(Sample.address("203.0.113.9"))
        #expect(
            bench.sink.receipt(for: CompositionError.noAttacker(source: source))
                == .refused(reason: "the batch of 203.0.113.9 accuses no address"))
        #expect(bench.sink.receipt(for: NotPreparedError()).kind == "retry")
    }

    @Test("A wrong key pauses the queue, also one with a scheme before it", arguments: ["", "wrong", "Bearer "])
    func wrongKey(prefix: String) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        let key = prefix == "wrong" ? prefix : prefix + String(MISPStandIn.key.dropLast(prefix.isEmpty ? 1 : 0))
        let receipt = await (try RESTSinkBench.sink(url: bench.misp.url, key: key))
            .deliver(try SentEvent().composition())
        #expect(receipt.kind == "pause")
        #expect(receipt.reason.hasPrefix("MISP does not accept the key: Authentication failed."))
    }

    @Test("After a pause the key is asked about again, and all goes on when it is right")
    func recovery() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        try await bench.sink.prepare()
        bench.misp.change { $0.access = .disabledUser }
        #expect(try await bench.deliver(SentEvent()).kind == "pause")
        await #expect(throws: MISPError.self) { try await bench.sink.prepare() }
        bench.misp.change { $0.access = .granted }
        try await bench.sink.prepare()
        #expect(try await bench.deliver(SentEvent()).stored?.confirmed == 3)
    }

    @Test(
        "A role that may not add or change events is found before anything is sent",
        arguments: [
            (false, true, true, "Publisher may not add events (perm_add)"),
            (true, false, false, "Publisher may not change events (perm_modify)"),
        ])
    func preparing(add: Bool, modify: Bool, modifyOrganisation: Bool, reason: String) async throws {
        let bench = try RESTSinkBench {
            $0.role.add = add
            $0.role.modify = modify
            $0.role.modifyOrganisation = modifyOrganisation
        }
        defer { bench.stop() }
        await #expect(throws: MISPError.permission(reason)) { try await bench.sink.prepare() }
    }

    @Test(
        "To change its own events, or its organisation's, is right enough", arguments: [(true, false), (false, true)])
    func modifying(modify: Bool, modifyOrganisation: Bool) async throws {
        let bench = try RESTSinkBench {
            $0.role.modify = modify
            $0.role.modifyOrganisation = modifyOrganisation
        }
        defer { bench.stop() }
        try await bench.sink.prepare()
        _ = try await bench.deliver(SentEvent())
        var event = SentEvent()
        event.isUpdate = true
        #expect(try await bench.deliver(event).kind == "stored")
    }

    @Test("A role that may not change events pauses the queue with the first edit")
    func readingOnly() async throws {
        let bench = try RESTSinkBench {
            $0.role.modify = false
            $0.role.modifyOrganisation = false
        }
        defer { bench.stop() }
        #expect(try await bench.deliver(SentEvent()).kind == "stored")
        var event = SentEvent()
        event.isUpdate = true
        #expect(try await bench.deliver(event).kind == "pause")
    }

    @Test("A request that is too large is sent in smaller ones, now and later; one attribute too many is refused")
    func tooLarge() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        bench.misp.change { $0.largestBody = 3_000 }
        #expect(try await bench.deliver(SentEvent(addresses: 40)).stored?.confirmed == 40)
        let wasted = bench.requests.count { $0 == "add" } - 1
        #expect(wasted > 0)
        bench.misp.change { state in
            state.events = [:]
            state.requests = []
        }
        #expect(try await bench.deliver(SentEvent(addresses: 40)).stored?.confirmed == 40)
        #expect(bench.requests.count { $0 == "add" } == 1)
        bench.misp.change { state in
            state.events = [:]
            state.largestBody = 100
        }
        #expect(
            try await bench.deliver(SentEvent(addresses: 40))
                == .refused(
                    reason: "the web server before MISP refuses requests of this size (client_max_body_size)"))
    }

    @Test("An event that an analyst deleted is refused for good", arguments: [false, true])
    func blocklist(isUpdate: Bool) async throws {
        let bench = try RESTSinkBench { $0.blocklist = [SentEvent.uuid.lowercase] }
        defer { bench.stop() }
        var event = SentEvent()
        event.isUpdate = isUpdate
        #expect(
            try await bench.deliver(event)
                == .refused(reason: "MISP blocks the event: Event blocked by event blocklist."))
    }

    @Test("An event with fields that MISP refuses is refused for good, and the fields are named")
    func validation() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var event = SentEvent()
        event.event.info = ""
        event.event.date = "yesterday"
        #expect(
            try await bench.deliver(event)
                == .refused(
                    reason: "MISP refuses date: Expected date format: YYYY-MM-DD; info: Info cannot be empty."))
    }

    @Test("A composition that is no event is refused for good")
    func noEvent() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        let composition = try SentEvent().composition()
        let receipt = await bench.sink.deliver(
            Composition(
                event: composition.event, window: composition.window, body: Array("{}".utf8), items: [],
                isUpdate: false))
        #expect(receipt.kind == "refused")
        #expect(bench.misp.state.requests.isEmpty)
    }

    @Test(
        "Answers are told apart by what they say",
        arguments: [
            (.page(502), .retry(after: nil, reason: "MISP answers with status 502")),
            (.page(500), .retry(after: nil, reason: "MISP answers with status 500")),
            (.page(200), .retry(after: nil, reason: "what answers /events/add/metadata:1 with no JSON is not MISP")),
            (.page(403), .retry(after: nil, reason: "an answer with status 403 that is not MISP's")),
            (.page(404), .retry(after: nil, reason: "an answer with status 404 that is not MISP's")),
            (.page(408), .retry(after: nil, reason: "MISP answers with status 408")),
            (
                .reply(.json(#"{"message":"no Route matched with those values"}"#, status: 404)),
                .retry(after: nil, reason: "an answer with status 404 that is not MISP's")
            ),
            (
                .reply(.json(#"{"message":"Unauthorized"}"#, status: 401)),
                .pause(
                    reason: "MISP does not accept the key: a server before it wants other credentials (status 401)")
            ),
            (
                .reply(.json(#"{"name":"You don't have the permission to do that."}"#, status: 405)),
                .pause(reason: "the key's role lacks a right: You don't have the permission to do that.")
            ),
            (.reply(.init(status: 429)), .retry(after: nil, reason: "MISP's rate limit is reached")),
            (
                .reply(.json(#"{"saved":false,"name":"Could not add Event","errors":[]}"#, status: 403)),
                .refused(reason: "MISP blocks the event: Could not add Event, without a reason")
            ),
            (
                .reply(.json(#"{"name":"Event blocked by organisation blocklist."}"#, status: 403)),
                .refused(reason: "MISP blocks the event: Event blocked by organisation blocklist.")
            ),
            (
                .reply(.json(#"{"saved":false,"name":"x","errors":"No such sharing group."}"#, status: 403)),
                .refused(reason: "MISP refuses event: No such sharing group.")
            ),
            (
                .reply(.json(#"{"name":"Invalid JSON input."}"#, status: 405)),
                .refused(reason: "MISP answers with status 405: Invalid JSON input.")
            ),
            (
                .reply(.json(#"{"name":"Teapot\r\n"}"#, status: 418)),
                .refused(reason: "MISP answers with status 418: Teapot  ")
            ),
            (
                .reply(.json(#"{"Event":[]}"#)),
                .refused(reason: "MISP's answer to /events/add/metadata:1 is not understood")
            ),
        ] as [(MISPStandIn.Fault, Receipt)])
    func answers(fault: MISPStandIn.Fault, receipt: Receipt) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        bench.misp.fail(next: fault)
        #expect(try await bench.deliver(SentEvent()) == receipt)
        #expect(bench.requests == ["add"])
    }

    @Test(
        "However an answer says when to come again, it is left alone until then, for an hour at most",
        arguments: [429, 500, 502, 503, 302, 403],
        [
            ("Retry-After: 7", 7), ("X-Rate-Limit-Reset: 421", 421), ("x-rate-limit-reset: 421", 421),
            ("X-Rate-Limit-Reset: 421|Retry-After: 7", 421), ("X-Rate-Limit-Reset: 3|Retry-After: 7", 7),
            ("Retry-After: 0", 0), ("Retry-After: -5", 0), ("Retry-After: -99999999999999999999", 0),
            ("Retry-After: 3600", 3600), ("Retry-After: 3601", 3600), ("X-Rate-Limit-Reset: 86400", 3600),
            ("Retry-After: 9223372036854775807", 3600), ("Retry-After: 99999999999999999999999", 3600),
            ("X-Rate-Limit-Reset: 1795000000", 3600), ("Retry-After: soon", nil), ("Retry-After:", nil),
            ("Retry-After: 1.5", nil), ("Retry-After: +5", nil), ("Retry-After: soon|X-Rate-Limit-Reset: 5", 5),
            ("Date: Fri, 20 Nov 2026 08:00:00 GMT|Retry-After: Fri, 20 Nov 2026 08:00:42 GMT", 42),
            ("Date: Fri, 20 Nov 2026 08:00:00 GMT|X-Rate-Limit-Reset: Fri, 20 Nov 2026 08:00:42 GMT", 42),
            ("Date: Fri, 20 Nov 2026 08:00:00 GMT|Retry-After: Fri, 20 Nov 2026 07:00:00 GMT", 0),
            ("Date: Fri, 20 Nov 2026 08:00:00 GMT|Retry-After: Sat, 20 Nov 2027 08:00:00 GMT", 3600),
            ("Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", 3600), ("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ] as [(String, Int?)])
    func waiting(status: Int, wish: (fields: String, seconds: Int?)) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        let fields = wish.fields.split(separator: "|").map { field in
            let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts[1].trimmingPrefix(" ").description)
        }
        bench.misp.fail(next: .reply(.init(status: status, fields: fields)))
        guard case .retry(let after, _) = try await bench.deliver(SentEvent()) else {
            Issue.record("expected another try")
            return
        }
        #expect(after == wish.seconds.map { .seconds($0) })
    }

    @Test("A MISP that is not live is waited for, and the key follows no redirect")
    func maintenance() async throws {
        let bench = try RESTSinkBench { $0.isLive = false }
        defer { bench.stop() }
        let receipt = try await bench.deliver(SentEvent())
        #expect(receipt.kind == "retry")
        #expect(receipt.reason.contains("MISP.live"))
        #expect(bench.misp.state.requests == ["POST /events/add/metadata:1"])
    }

    @Test("A server that is not there is waited for; a URL that cannot be is for a person to mend")
    func connecting() async throws {
        let bench = try RESTSinkBench()
        bench.stop()
        #expect(
            try await bench.deliver(SentEvent())
                == .retry(after: nil, reason: "no connection to \(bench.misp.url): Connection refused"))
        let composition = try SentEvent().composition()
        #expect(await (try RESTSinkBench.sink(url: "misp.example.org")).deliver(composition).kind == "pause")
    }

    @Test(
        "A certificate that is not trusted is for a person to mend",
        .enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"))
    func trust() async throws {
        let server = try TLSServer(names: "DNS:localhost")
        defer { server.stop() }
        let sink = try RESTSinkBench.sink(url: "https://localhost:\(server.port)")
        let receipt = await sink.deliver(try SentEvent().composition())
        #expect(receipt.kind == "pause")
        #expect(receipt.reason.contains("ca_file"))
    }

    @Test("A cancelled delivery is one to be tried again")
    func cancelling() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        bench.misp.fail(next: .reply(.silence))
        let arrived = Task { try await bench.deliver(SentEvent()) }
        while bench.misp.state.requests.isEmpty { await Task.yield() }
        arrived.cancel()
        #expect(try await arrived.value == .retry(after: nil, reason: "the request was cancelled"))
    }

    @Test("The key is in no receipt, no error and no description, even where the server sends it back")
    func secrecy() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        let key = MISPStandIn.key
        let texts: [(Int, String)] = [
            (403, #"{"name":"Authentication failed: \#(key)"}"#), (403, #"{"name":"x","errors":{"a":["\#(key)"]}}"#),
            (404, #"{"message":"\#(key) what?"}"#), (418, #"{"name":"\#(key)\#(key)"}"#), (200, #"{"x":"\#(key)"}"#),
            (200, key), (500, key), (302, key), (403, "<b>\(key)</b>"),
        ]
        for (status, text) in texts {
            bench.misp.fail(next: .reply(.json(text, status: status)))
            let receipt = try await bench.deliver(SentEvent())
            #expect(!"\(receipt)".contains(key))
        }
        let client = MISPClient(.init(url: "https://misp.example.org", key: MISPKey(key)), http: HTTPClient())
        var dumped = ""
        dump(client, to: &dumped)
        #expect(!dumped.contains(key))
        #expect(!"\(client) \(MISPKey(key)) \(String(reflecting: client.configuration))".contains(key))
    }
}
