import HTTPClient
import TestKit
import Testing
import Timestamps

@testable import MISP

/// What `warnbell check` learns of a MISP, and what it says to do.
struct SurveyTests {
    private func survey(
        isPublishing: Bool = true, _ change: (inout MISPStandIn.State) -> Void = { _ in }
    ) async throws -> [MISPFinding] {
        var state = MISPStandIn.State()
        state.role.tagEditor = true
        state.warninglists = ["Public DNS": ["8.8.8.8"]]
        change(&state)
        let misp = try MISPStandIn(state)
        defer { misp.stop() }
        let client = MISPClient(.init(url: misp.url, key: MISPKey(MISPStandIn.key)), http: HTTPClient())
        let findings = await client.survey(isPublishing: isPublishing)
        #expect(misp.state.requests.allSatisfy { $0.hasPrefix("GET ") }, "it changes nothing")
        return findings
    }

    @Test("A server as it should be: version, user, organisation, role, rights, what is loaded there")
    func fine() async throws {
        let findings = try await survey()
        let texts = findings.map(\.text)
        #expect(texts.first == "2.5.1, user warnbell@example.org of Example CERT, role Publisher")
        #expect(texts.contains("the role may add events, change events, publish, tag, make tags, add sightings"))
        #expect(texts.contains("galaxies: 2, ATT&CK techniques among them"))
        #expect(texts.contains("object templates: netflow is there"))
        #expect(texts.contains("warninglists: 1 enabled"))
        #expect(texts.contains { $0.hasPrefix("answers in ") })
        let others = findings.filter { $0.verdict != .fine }
        #expect(others.map(\.text) == ["the connection is not encrypted: whoever is on the way reads the key"])
        #expect(others.first?.fix == "use https:// in misp.url")
    }

    /// A way in which a server is not as it should be, and words of what is said of it.
    struct Fault: Sendable, CustomTestStringConvertible {
        let words: String
        var fix = ""
        let change: @Sendable (inout MISPStandIn.State) -> Void

        var testDescription: String { words }
    }

    private static let faults = [
        Fault(words: "ATT&CK techniques is not loaded") { $0.galaxies = [] },
        Fault(words: "netflow is not loaded") { $0.objectTemplates = [] },
        Fault(words: "no warninglist is enabled") { $0.warninglists = [:] },
        Fault(words: "behind this machine's") { $0.clockSkew = -300 },
        Fault(words: "ahead of this machine's") { $0.clockSkew = 300 },
        Fault(words: "perm_tag_editor") { $0.role.tagEditor = false },
        Fault(words: "perm_publish") { $0.role.publish = false },
    ]

    @Test("What is missing is told with what to do", arguments: faults)
    func missing(fault: Fault) async throws {
        let found = try await survey(fault.change).first { $0.text.contains(fault.words) }
        #expect(found?.fix != nil)
        #expect(found.map { [.warning, .note].contains($0.verdict) } == true)
    }

    @Test("A small difference of the clocks is none")
    func clocks() async throws {
        #expect(try await !survey { $0.clockSkew = 30 }.contains { $0.text.contains("clock") })
    }

    @Test("Without the right to publish all is well where nothing is published")
    func unpublished() async throws {
        #expect(
            try await !survey(isPublishing: false) { $0.role.publish = false }.contains { $0.text.contains("perm_") })
    }

    private static let vitalFaults = [
        Fault(words: "does not accept the key", fix: "misp.key") { $0.access = .disabledUser },
        Fault(words: "MISP.live", fix: "in a browser") { $0.isLive = false },
    ]

    @Test(
        "What keeps events from being sent is a failure, and what depends on it is not looked at",
        arguments: vitalFaults)
    func failures(fault: Fault) async throws {
        let findings = try await survey(fault.change)
        #expect(findings.first?.verdict == .failed)
        #expect(findings.first?.text.contains(fault.words) == true)
        #expect(findings.first?.fix?.contains(fault.fix) == true)
        #expect(!findings.contains { $0.text.contains("galax") })
    }

    @Test(
        "Lists that the role may not read, or that an older server lacks, are no fault of anybody's",
        arguments: [403, 404])
    func closed(status: Int) async throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let refusal = MISPStandIn.Fault.reply(
            .json(#"{"name":"You do not have permission to do that."}"#, status: status))
        misp.change { $0.faults = [.none, .none, refusal, refusal, refusal] }
        let client = MISPClient(.init(url: misp.url, key: MISPKey(MISPStandIn.key)), http: HTTPClient())
        let unseen = await client.survey(isPublishing: true).filter { $0.text.contains("can't be seen") }
        #expect(unseen.count == 3)
        #expect(unseen.allSatisfy { $0.verdict == .note })
    }

    @Test("A page that is no MISP, and a server that is not there, are told as such")
    func noMISP() async throws {
        let server = try LoopbackServer { _ in .text("<html>", type: "text/html") }
        let client = MISPClient(.init(url: server.url, key: MISPKey("k")), http: HTTPClient())
        let page = await client.survey(isPublishing: true)
        #expect(page.first?.text == "what answers /servers/getVersion with no JSON is not MISP")
        #expect(page.first?.fix?.contains("MISP's own address") == true)
        server.stop()
        let gone = await client.survey(isPublishing: true)
        #expect(gone.map(\.verdict) == [.failed])
        #expect(gone.first?.fix?.contains("whether MISP runs") == true)
    }

    @Test(
        "Trust: another key than the pinned one, an authority that nobody named",
        .enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"))
    func trust() async throws {
        let server = try TLSServer(names: "DNS:localhost")
        let other = try TLSServer(names: "DNS:localhost")
        defer {
            server.stop()
            other.stop()
        }
        func survey(caFile: String?, pin: String?) async -> [MISPFinding] {
            var transport = HTTPClient.Configuration()
            transport.caFile = caFile
            transport.pinnedPublicKey = pin
            let client = MISPClient(
                .init(url: "https://localhost:\(server.port)", key: MISPKey("k")), http: HTTPClient(transport))
            return await client.survey(isPublishing: true)
        }
        let unknown = await survey(caFile: nil, pin: nil)
        #expect(unknown.first?.fix?.contains("misp.ca_file") == true)
        let wrong = await survey(caFile: server.authorityFile, pin: other.pin)
        #expect(wrong.map(\.verdict) == [.failed])
        #expect(wrong.first?.text.contains("is not the pinned one") == true)
        #expect(wrong.first?.fix?.contains("misp.pin_sha256") == true)
        let right = await survey(caFile: server.authorityFile, pin: "\(other.pin);\(server.pin)")
        #expect(right.first?.text.contains("is not MISP") == true, "the test's server is none")
        #expect(right.contains { $0.text == "its certificate is good for 1 day only: after that nothing is sent" })
    }

    @Test(
        "The end of a certificate is read as libcurl writes it",
        arguments: [
            ("Nov 26 17:00:00 2026 GMT", "2026-11-26T17:00:00.000Z"),
            ("Jan  1 00:00:01 2030 GMT", "2030-01-01T00:00:01.000Z"),
            ("soon", nil), ("Foo 26 17:00:00 2026 GMT", nil), ("Nov 26 17:00:00 2026", nil), ("", nil),
        ])
    func certificateDates(text: String, expected: String?) {
        #expect(Timestamp(certificateDate: text)?.iso8601 == expected)
    }
}
