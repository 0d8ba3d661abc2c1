import Foundation
import TestKit
import Testing

@testable import Warnbell

/// What `warnbell check` finds before `warnbell serve` would stumble over it.
@Suite(.timeLimit(.minutes(2)))
struct CheckTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func run(_ command: [String], _ lines: [String]) throws -> Program.Result {
        let standard = ["listen.port: 0", "data.directory: \(folder.path)/data"]
        let own = lines.filter { line in !standard.contains { $0.prefix { $0 != ":" } == line.prefix { $0 != ":" } } }
        let replaced = standard.map { line in
            lines.first { $0.prefix { $0 != ":" } == line.prefix { $0 != ":" } } ?? line
        }
        let file = try folder.write((replaced + own).joined(separator: "\n") + "\n", to: "warnbell.yaml")
        return try Program.run(command + ["--config", file])
    }

    @Test("A receiver that would start is fine, and nothing is changed by looking")
    func fine() throws {
        let result = try run(["check"], [])
        #expect(result.status == 0, "\(result.output)")
        for part in [
            "ok       data directory  ", "ok       feed            ", "ok       listen          http://127.0.0.1:0",
        ] {
            #expect(result.output.contains(part), "\(part) in \(result.output)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["warnbell.yaml"])
    }

    @Test("A data directory below a link that leads nowhere can't be made, and serve says so too")
    func danglingLink() throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/dangling", withDestinationPath: "/nonexistent")
        for path in ["dangling/data", "dangling"] {
            let lines = ["data.directory: \(folder.path)/\(path)"]
            let check = try run(["check"], lines)
            #expect(check.status == 1, "\(check.output)")
            #expect(check.output.contains("failed   data directory  \(folder.path)/dangling: expected a directory"))
            let serve = try run(["serve"], lines)
            #expect(serve.status == 1)
            #expect(serve.error.contains("\(folder.path)/\(path): No such file or directory"), "\(serve.error)")
        }
    }

    @Test(
        "A directory that can't be written to is told as what it is",
        arguments: [("file", "Not a directory"), ("file/data", "Not a directory")])
    func noDirectory(path: String, reason: String) throws {
        _ = try folder.write("x", to: "file")
        let result = try run(["check"], ["data.directory: \(folder.path)/\(path)"])
        #expect(result.status == 1)
        #expect(
            result.output.contains("\(folder.path)/\(path): expected a directory that can be written to (\(reason))"),
            "\(result.output)")
    }

    @Test("A broken file of the organisation is to be restored, by check's word and serve's")
    func organisation() throws {
        try FileManager.default.createDirectory(atPath: "\(folder.path)/data", withIntermediateDirectories: true)
        _ = try folder.write("{", to: "data/organisation.json")
        for command in ["check", "serve"] {
            let result = try run([command], [])
            #expect(result.status == 1)
            let text = result.output + result.error
            #expect(text.contains("restore it from a backup"), "\(text)")
            #expect(!text.contains("Move it away"))
        }
    }

    @Test("A feed directory that holds somebody else's feed is found")
    func foreignFeed() throws {
        try FileManager.default.createDirectory(atPath: "\(folder.path)/data/feed", withIntermediateDirectories: true)
        _ = try folder.write(
            """
            {"3c0dfd3a-01a3-5383-b515-5000af10ac2b":{"Orgc":{"name":"CIRCL","uuid":"55f6ea5e-2c60-40e5-964f-47a8950d210f"}}}
            """, to: "data/feed/manifest.json")
        let result = try run(["check"], [])
        #expect(result.status == 1)
        #expect(result.output.contains("failed   feed            "), "\(result.output)")
        #expect(result.output.contains("lists events of CIRCL"), "\(result.output)")
    }

    @Test("A feed beside a MISP is the feed of the key's organisation")
    func feedBesideMISP() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let organisation = misp.state.organisation
        try FileManager.default.createDirectory(atPath: "\(folder.path)/data/feed", withIntermediateDirectories: true)
        _ = try folder.write(
            """
            {"3c0dfd3a-01a3-5383-b515-5000af10ac2b":{"Orgc":{"name":"\(organisation.name)","uuid":"\(organisation.uuid)"},\
            "Tag":[],"info":"","date":"","analysis":0,"threat_level_id":1,"timestamp":1}}
            """, to: "data/feed/manifest.json")
        let result = try run(
            ["check"], ["misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "feed.enabled: true"])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("data/feed, of Example CERT"), "\(result.output)")
    }

    @Test("A port that another program has is found; that a receiver runs there is no fault")
    func port() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let taken = try run(["check"], ["listen.port: \(misp.url.split(separator: ":").last ?? "")"])
        #expect(taken.status == 1)
        #expect(taken.output.contains("failed   listen "), "\(taken.output)")
        #expect(taken.output.contains("is in use"), "\(taken.output)")
        let receiver = try RunningReceiver()
        let running = try run(["check"], ["listen.port: \(receiver.port)"])
        #expect(running.status == 0, "\(running.output)")
        #expect(running.output.contains("note     listen "), "\(running.output)")
    }

    @Test("So is one that speaks TLS", .enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"))
    func portOverTLS() throws {
        let authority = try TestAuthority()
        let identity = try authority.issue("receiver")
        let certificate = try folder.write(Data(contentsOf: URL(filePath: identity.certificate)), to: "certificate.pem")
        let key = try folder.write(Data(contentsOf: URL(filePath: identity.key)), to: "key.pem")
        withExtendedLifetime(authority) {}
        let tls = ["listen.tls.certificate: \(certificate)", "listen.tls.key: \(key)"]
        let receiver = try RunningReceiver(tls)
        let result = try run(["check"], tls + ["listen.port: \(receiver.port)"])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("a receiver listens on \(receiver.url) already"), "\(result.output)")
    }

    @Test(
        "A policy with faults is a wrong configuration, whoever finds it",
        arguments: ["check", "config check", "serve"])
    func policy(command: String) throws {
        let policy = try folder.write("rules: [{name: x, action: shar}]", to: "policy.yaml")
        let result = try run(command.split(separator: " ").map(String.init), ["policy.file: \(policy)"])
        #expect(result.status == 2)
        #expect((result.output + result.error).contains("expected 'action' to be share"), "\(result.output)")
    }

    @Test("What events can't be made of is found when the configuration is read", arguments: ["check", "config check"])
    func eventSettings(command: String) throws {
        for line in ["misp.event_window: 3600500ms", "misp.tags: [\"x \"]"] {
            let result = try run(command.split(separator: " ").map(String.init), [line])
            #expect(result.status == 2, "\(line)")
            #expect(result.error.contains(line.prefix { $0 != ":" }), "\(result.error)")
        }
    }

    @Test("MISP is asked who the key belongs to; one that it does not take is found")
    func misp() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let fine = try run(["check"], ["misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)"])
        #expect(fine.status == 0, "\(fine.output)")
        #expect(fine.output.contains("of Example CERT, role Publisher"), "\(fine.output)")
        let wrong = try run(["check"], ["misp.url: \(misp.url)", "misp.key: another"])
        #expect(wrong.status == 1)
        #expect(wrong.output.contains("failed   misp            MISP does not accept the key"), "\(wrong.output)")
        #expect(!wrong.output.contains("another"))
    }

    @Test("What is found of MISP is told with what to do; as JSON, too")
    func findings() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let lines = ["misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)"]
        let text = try run(["check"], lines)
        #expect(text.output.contains("warning  misp            the role Publisher may not make tags"), "\(text.output)")
        #expect(text.output.contains("\n                         → in MISP, give the role that right"))
        let json = try run(["check", "--json"], lines)
        #expect(json.status == 0)
        let document = try #require(AnyJSON(Array(json.output.utf8)))
        #expect(document["is_fine"] == true)
        let findings = try #require(document["findings"]?.elements)
        #expect(findings.allSatisfy { $0["verdict"] != nil && $0["subject"] != nil && $0["text"] != nil })
        #expect(findings.contains { $0["subject"] == "misp" && $0["verdict"] == "warning" && $0["fix"] != nil })
        misp.change { $0.role.add = false }
        let failed = try run(["check", "--json"], lines)
        #expect(failed.status == 1)
        #expect(AnyJSON(Array(failed.output.utf8))?["is_fine"] == false)
    }

    @Test(
        "A server with another key than the pinned one is found",
        .enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"))
    func pin() throws {
        let server = try TLSServer(names: "DNS:localhost")
        defer { server.stop() }
        let pin = "sha256//YhKJKSzoTt2b5FP18fvpHo7fJYqQCjAa3HWY3tvRMwE="
        let result = try run(
            ["check"],
            [
                "misp.url: https://localhost:\(server.port)", "misp.key: k", "misp.ca_file: \(server.authorityFile)",
                "misp.pin_sha256: [\(pin)]",
            ])
        #expect(result.status == 1)
        #expect(result.output.contains("is not the pinned one"), "\(result.output)")
        #expect(result.output.contains("→ look at the server; if its key was changed on purpose, set misp.pin_sha256"))
    }

    @Test("A long finding is cut between words on a terminal, in 100 columns at most, and nowhere else")
    func columns() {
        let finding = CheckReport.Finding(
            verdict: .warning, subject: "misp", text: Array(repeating: "word", count: 40).joined(separator: " "),
            fix: "do something")
        let lines = finding.lines(within: 100)
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(lines.count == 4)
        #expect(lines.first?.hasPrefix("warning  misp            word word") == true)
        #expect(lines.last == "                         → do something")
        #expect(finding.lines(within: nil).count == 2)
    }

    @Test("A directory of flow files is listed; one that is not there is found")
    func flows() throws {
        _ = try folder.write(SampleFlow().json, to: "flows.ndjson")
        let fine = try run(["check"], ["netflow.directory: \(folder.path)"])
        #expect(fine.status == 0)
        #expect(
            fine.output.contains("ok       flow files      1 flow files, the newest flows.ndjson"), "\(fine.output)")
        #expect(try run(["check"], ["netflow.directory: /nonexistent"]).status == 1)
    }
}
