import Foundation
import HTTPClient
import TestKit
import Testing

@testable import MISP

struct MISPClientTests {
    private func client(_ misp: MISPStandIn, path: String = "") -> MISPClient {
        MISPClient(.init(url: misp.url + path, key: MISPKey(MISPStandIn.key)), http: HTTPClient())
    }

    @Test("A probe says which MISP it is, whose key, and what the role lacks")
    func probe() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let probe = try await client(misp, path: "/").probe()
        #expect(probe.version.version == "2.5.1")
        #expect(probe.version.requestEncodings == ["gzip"])
        #expect(probe.account.user == "warnbell@example.org")
        #expect(probe.account.organisation.name == "Example CERT")
        #expect(probe.account.organisation.uuid.lowercase == misp.state.organisation.uuid)
        #expect(probe.account.role.name == "Publisher")
        let findings = probe.findings(isPublishing: true)
        #expect(
            findings.map(\.text) == [
                "the role may add events, change events, publish, tag, add sightings",
                "the role Publisher may not make tags (perm_tag_editor): tags that the server does not have yet are left "
                    + "out, those of ATT&CK techniques that nobody used before included",
            ])
    }

    @Test(
        "Each right that is missing is a warning of its own",
        arguments: [
            ("perm_add", \MISPStandIn.Role.add), ("perm_tagger", \.tagger), ("perm_sighting", \.sighting),
            ("perm_publish", \.publish), ("perm_modify", \.mayModify),
        ])
    func warnings(right: String, path: any WritableKeyPath<MISPStandIn.Role, Bool> & Sendable) async throws {
        var state = MISPStandIn.State()
        state.role.tagEditor = true
        let misp = try MISPStandIn(state)
        defer { misp.stop() }
        #expect(try await client(misp).probe().findings(isPublishing: true).map(\.verdict) == [.fine])
        misp.change { $0.role[keyPath: path] = false }
        let probe = try await client(misp).probe()
        let findings = probe.findings(isPublishing: true).filter { $0.verdict != .fine }
        #expect(findings.count == 1)
        #expect(findings.first?.text.contains("(\(right))") == true)
        #expect(findings.first?.fix != nil)
        #expect((findings.first?.verdict == .failed) == ["perm_add", "perm_modify"].contains(right))
        let unpublished = probe.findings(isPublishing: false).filter { $0.verdict != .fine }
        #expect(unpublished.isEmpty == (right == "perm_publish"))
    }

    @Test("A page that is no MISP is told from one")
    func noMISP() async throws {
        let server = try LoopbackServer { _ in .text("<html>", type: "text/html") }
        defer { server.stop() }
        let client = MISPClient(.init(url: server.url, key: MISPKey("k")), http: HTTPClient())
        await #expect(
            throws: MISPError.unavailable("what answers /servers/getVersion with no JSON is not MISP")
        ) {
            try await client.probe()
        }
    }

    @Test("Numbers and flags are read as strings and as themselves")
    func looseValues() throws {
        let text = #"{"name":"x","perm_add":"1","perm_tagger":1,"perm_sighting":true,"perm_publish":"0"}"#
        let role = try JSONDecoder().decode(Account.Role.self, from: Data(text.utf8))
        #expect(role.mayAdd && role.mayTag && role.maySight && !role.mayPublish && !role.mayCreateTags)
        let event = #"{"attribute_count":7,"Tag":[{"name":"a"}]}"#
        let summary = try JSONDecoder().decode(EventSummary.self, from: Data(event.utf8))
        #expect(summary == EventSummary(attributeCount: 7, tags: ["a"]))
        let silent = try JSONDecoder().decode(EventSummary.self, from: Data("{}".utf8))
        #expect(silent == EventSummary(attributeCount: nil, tags: []))
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(EventSummary.self, from: Data(#"{"attribute_count":"many"}"#.utf8))
        }
    }

    @Test("An event that is not newer than the server's is told from other refusals")
    func notNewer() async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let event = SentEvent().event
        _ = try await client(misp).add(event)
        var stale = event
        stale.timestamp = WireSeconds(seconds: 1)
        await #expect(throws: MISPError.notNewer) {
            try await client(misp).post(
                "/events/edit/\(SentEvent.uuid.lowercase)", EventDocument(stale), as: EventAnswer<EventSummary>.self)
        }
        await #expect(throws: MISPError.unknownEvent) { try await client(misp).view(SentEvent.id(1)) }
        await #expect(throws: MISPError.alreadyExists) { try await client(misp).add(event) }
    }

    @Test("attributes/add tells which of a list it does not take", arguments: [1, 2, 3])
    func reasons(count: Int) async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        _ = try await client(misp).add(SentEvent(addresses: 1).event)
        var attributes = [SentEvent.attribute(7, .md5, "x"), SentEvent.address(0), SentEvent.address(8)]
        attributes = Array(attributes.prefix(count))
        let reasons = try await client(misp).addAttributes(to: SentEvent.uuid, attributes)
        let expected = [0: "value: md5 has an invalid format.", 1: "uuid: The UUID provided is not unique"]
        #expect(reasons == expected.filter { $0.key < count })
    }
}
