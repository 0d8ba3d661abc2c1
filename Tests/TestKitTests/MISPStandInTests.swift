import HTTPClient
import TestKit
import Testing

/// The rows of MISP's behaviour that are not reached through Warnbell's own client, and those it relies on most.
struct MISPStandInTests {
    private static let uuid = "7d2f5d0e-8a67-5b9c-9d38-6d5c0a4a2f11"

    private static func event(_ members: [String: AnyJSON] = [:]) -> AnyJSON {
        let base: [String: AnyJSON] = ["uuid": "\(uuid)", "info": "x", "date": "2026-11-20", "distribution": "0"]
        return ["Event": .object(base.merging(members) { $1 })]
    }

    private static func attribute(_ number: Int, _ members: [String: AnyJSON] = [:]) -> AnyJSON {
        let base: [String: AnyJSON] = [
            "uuid": "7d2f5d0e-8a67-5b9c-9d38-00000000000\(number)", "type": "ip-src", "category": "Network activity",
            "value": "203.0.113.\(number)", "timestamp": "1795000000",
        ]
        return .object(base.merging(members) { $1 })
    }

    private func send(
        _ method: String, _ path: String, _ body: AnyJSON? = nil, to misp: MISPStandIn,
        fields: [String: String] = [:]
    ) async throws -> HTTPClient.Response {
        let usual = [
            "Authorization": MISPStandIn.key, "Accept": "application/json", "Content-Type": "application/json",
        ]
        return try await HTTPClient().send(
            .init(
                method: method, url: misp.url + path,
                headers: usual.merging(fields) { $1 }.filter { !$1.isEmpty }.map { ($0, $1) },
                body: body?.bytes ?? []))
    }

    @Test(
        "A request without its headers is turned away as MISP does it",
        arguments: [
            (["Accept": ""], 302), (["Authorization": "Bearer \(MISPStandIn.key)"], 403),
            (["Authorization": ""], 403), (["Content-Type": ""], 405), (["Content-Encoding": "gzip"], 400),
            ([:], 200),
        ])
    func headers(fields: [String: String], status: Int) async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let response = try await send("POST", "/events/add", Self.event(), to: misp, fields: fields)
        #expect(response.status == status)
        #expect(misp.state.events.isEmpty == (status != 200))
        #expect((response.headers["Location"] == "/users/login") == (status == 302))
    }

    @Test("An empty body is no event")
    func noEvent() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let empty = try await send("POST", "/events/add", to: misp)
        #expect(AnyJSON(empty.body)?["name"]?.text == "No valid event data received.")
        #expect(empty.status == 405)
    }

    @Test("An event comes back whole, or with metadata:1 as its head alone; numbers are strings")
    func echo() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let body = Self.event(["Attribute": [Self.attribute(1)]])
        let brief = AnyJSON(try await send("POST", "/events/add/metadata:1", body, to: misp).body)?["Event"]
        #expect(brief?["attribute_count"] == "1")
        #expect(brief?["Attribute"] == nil)
        let whole = AnyJSON(try await send("GET", "/events/view/\(Self.uuid)", to: misp).body)?["Event"]
        #expect(whole?["Attribute"]?.elements?.first?["timestamp"] == "1795000000")
        #expect(whole?["Attribute"]?.elements?.first?["to_ids"] == true)
        #expect(try await send("HEAD", "/events/view/\(Self.uuid)", to: misp).status == 200)
        #expect(try await send("HEAD", "/events/view/\(Self.attribute(1)["uuid"]?.text ?? "")", to: misp).status == 404)
    }

    @Test(
        "What MISP does not like vanishes with status 200",
        arguments: [
            ["value": "203.0.113.299"], ["value": "203.0.113.010"], ["value": "fe80::1%eth0"], ["value": ""],
            ["category": "Targeting data"], ["type": "no-such-type"], ["type": "md5", "category": "Payload delivery"],
            ["value": "203.0.113.1"], ["type": "domain", "value": "localhost"],
            ["type": "domain", "value": "a b.example"],
            ["type": "domain", "value": "203.0.113.5"], ["type": "uri", "value": "/a\nb"],
            ["type": "datetime", "category": "Other", "value": "yesterday"],
            ["first_seen": "2026-11-20T08:00:00Z", "last_seen": "2026-11-19T08:00:00Z"],
        ] as [[String: AnyJSON]])
    func silentDrops(fault: [String: AnyJSON]) async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let body = Self.event(["Attribute": [Self.attribute(1), Self.attribute(2, fault)]])
        #expect(try await send("POST", "/events/add", body, to: misp).status == 200)
        #expect(misp.state.events[Self.uuid]?.attributes.map(\.value) == ["203.0.113.1"])
    }

    @Test("An attribute UUID of another event vanishes, and attributes/add tells why")
    func foreignUUID() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let other = "7d2f5d0e-8a67-5b9c-9d38-6d5c0a4a2f12"
        _ = try await send("POST", "/events/add", Self.event(["Attribute": [Self.attribute(1)]]), to: misp)
        let body = Self.event(["uuid": "\(other)", "Attribute": [Self.attribute(1)]])
        #expect(try await send("POST", "/events/add", body, to: misp).status == 200)
        #expect(misp.state.events[other]?.attributes.isEmpty == true)
        let response = try await send(
            "POST", "/attributes/add/\(other)", [Self.attribute(1), Self.attribute(2)], to: misp)
        #expect(response.status == 200)
        #expect(
            AnyJSON(response.body)?["errors"]
                == ["attribute_0": ["uuid": ["The UUID provided is not unique"]]])
        #expect(misp.state.events[other]?.attributes.map(\.value) == ["203.0.113.2"])
    }

    @Test("An edit takes what is newer, adds what is unknown and leaves the rest")
    func merging() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let first = Self.event(["Attribute": [Self.attribute(1), Self.attribute(2)], "published": true])
        _ = try await send("POST", "/events/add", first, to: misp)
        #expect(misp.state.events[Self.uuid]?.published == true)
        #expect(misp.state.mails == 1)
        let path = "/events/edit/\(Self.uuid)"
        let second = Self.event([
            "info": "y",
            "Attribute": [
                Self.attribute(1, ["comment": "same time"]),
                Self.attribute(2, ["comment": "newer", "timestamp": "1795000001"]), Self.attribute(3),
            ],
        ])
        #expect(try await send("POST", path, second, to: misp).status == 200)
        let event = misp.state.events[Self.uuid]
        #expect(event?.attributes.map(\.comment) == ["", "newer", ""])
        #expect(event?.published == false)
        #expect(event?.fields["info"] == "y")
        let stale = Self.event(["timestamp": "1", "Attribute": [Self.attribute(4)]])
        #expect(try await send("POST", path, stale, to: misp).status == 403)
        #expect(misp.state.events[Self.uuid]?.count == 3)
        #expect(try await send("POST", "/events/edit/\(Self.uuid.dropLast())0", second, to: misp).status == 404)
    }

    @Test("A character above U+FFFF leaves half an event behind")
    func partialEvent() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let body = Self.event([
            "Attribute": [Self.attribute(1), Self.attribute(2, ["comment": "🔔"]), Self.attribute(3)]
        ])
        #expect(try await send("POST", "/events/add", body, to: misp).status == 500)
        #expect(misp.state.events[Self.uuid]?.attributes.map(\.value) == ["203.0.113.1"])
        let value = Self.attribute(4, ["type": "user-agent", "value": "a🔔"])
        _ = try await send("POST", "/attributes/add/\(Self.uuid)", value, to: misp)
        #expect(misp.state.events[Self.uuid]?.attributes.last?.value == "a?")
    }

    @Test(
        "Text that the tables do not hold breaks an edit too",
        arguments: [
            ["info": "🔔"], ["Object": [["uuid": "7d2f5d0e-8a67-5b9c-9d38-6d5c0a4a2f13", "comment": "🔔"]]],
            ["EventReport": [["name": "🔔"]]],
        ] as [[String: AnyJSON]])
    func brokenEdit(change: [String: AnyJSON]) async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        _ = try await send("POST", "/events/add", Self.event(), to: misp)
        #expect(try await send("POST", "/events/edit/\(Self.uuid)", Self.event(change), to: misp).status == 500)
        #expect(misp.state.events[Self.uuid]?.fields["info"] == "x")
    }

    @Test("Other organisations see nothing of distribution 0, nor what stands in an object of it")
    func others() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        func object(_ number: Int, _ distribution: AnyJSON) -> AnyJSON {
            [
                "uuid": "7d2f5d0e-8a67-5b9c-9d38-6d5c0a4a2f2\(number)", "distribution": distribution,
                "Attribute": [Self.attribute(number, ["distribution": "5"])],
            ]
        }
        let body = Self.event([
            "Attribute": [Self.attribute(1, ["distribution": "5"]), Self.attribute(2, ["distribution": "0"])],
            "Object": [object(3, "0"), object(4, "5")],
            "EventReport": [["name": "a", "distribution": "0"], ["name": "b", "distribution": "5"]],
        ])
        _ = try await send("POST", "/events/add", body, to: misp)
        let seen = try #require(misp.state.events[Self.uuid]?.asOthersSeeIt)
        #expect(seen.attributes.map(\.value) == ["203.0.113.1", "203.0.113.4"])
        #expect(seen.objects.count == 1)
        #expect(seen.reports.values.map(\.name) == ["b"])
    }

    @Test("Sightings of an event that the key's organisation does not have are not taken")
    func foreignSightings() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        _ = try await send("POST", "/events/add", Self.event(["Attribute": [Self.attribute(1)]]), to: misp)
        misp.change { $0.organisation.uuid = "5f5c1a3e-7a3c-4f0e-9d55-2f1d0c6f0a02" }
        let response = try await send("POST", "/sightings/bulkSaveSightings/\(Self.uuid)", [], to: misp)
        #expect(response.status == 405)
    }

    @Test("Publishing sends no mail, alerting does, and GET does not publish")
    func publishing() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        _ = try await send("POST", "/events/add", Self.event(), to: misp)
        #expect(try await send("GET", "/events/publish/\(Self.uuid)", to: misp).status == 500)
        #expect(try await send("POST", "/events/publish/\(Self.uuid)", to: misp).status == 200)
        #expect(misp.state.events[Self.uuid]?.published == true)
        #expect(misp.state.mails == 0)
        _ = try await send("POST", "/events/alert/\(Self.uuid)", to: misp)
        #expect(misp.state.mails == 1)
        let empty = Self.event(["uuid": "7d2f5d0e-8a67-5b9c-9d38-6d5c0a4a2f12", "published": true])
        #expect(try await send("POST", "/events/add", empty, to: misp).status == 403)
    }

    @Test("Only listed values are answered, and searches run into the limit of the role")
    func listsAndSearches() async throws {
        var state = MISPStandIn.State()
        state.warninglists = ["Public DNS": ["8.8.8.8"]]
        state.searchesLeft = 1
        let misp = try MISPStandIn(state)
        defer { misp.stop() }
        let lists = try await send("POST", "/warninglists/checkValue", ["8.8.8.8", "203.0.113.1"], to: misp)
        #expect(AnyJSON(lists.body)?.members?.keys.sorted() == ["8.8.8.8"])
        #expect(try await send("POST", "/warninglists/checkValue", ["value": ["8.8.8.8"]], to: misp).status == 500)
        #expect(try await send("POST", "/events/restSearch", [:], to: misp).status == 200)
        let limited = try await send("POST", "/events/restSearch", [:], to: misp)
        #expect(limited.status == 429)
        #expect(limited.headers["X-Rate-Limit-Reset"] == "421")
    }

    @Test("Faults happen once each, in order")
    func faults() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        misp.fail(next: .page(502), .dropAfter)
        #expect(try await send("GET", "/servers/getVersion", to: misp).status == 502)
        await #expect(throws: HTTPClientError.self) {
            try await send("POST", "/events/add", Self.event(), to: misp)
        }
        #expect(misp.state.events.count == 1)
        #expect(try await send("POST", "/events/add", Self.event(), to: misp).status == 404)
        #expect(misp.state.requests == ["GET /servers/getVersion", "POST /events/add", "POST /events/add"])
    }

    @Test("A slow server does half of the work at once and the rest before it answers")
    func slow() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        misp.fail(next: .slow(.milliseconds(1)))
        let parts: [String: AnyJSON] = [
            "Attribute": .array((1...4).map { Self.attribute($0) }), "Tag": [["name": "tlp:amber"]],
        ]
        let response = try await send("POST", "/events/add/metadata:1", Self.event(parts), to: misp)
        #expect(response.status == 200)
        let event = try #require(misp.state.events[Self.uuid])
        #expect(event.attributes.map(\.value) == (1...4).map { "203.0.113.\($0)" })
        #expect(event.tags == ["tlp:amber"])
    }
}
