import Foundation
import TestKit
import Testing

@testable import Warnbell

/// Whom a warninglist names is not shared as any attacker, through the running program.
@Suite(.timeLimit(.minutes(2)))
struct ListTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func lines(_ misp: MISPStandIn, directory: Bool = false) -> [String] {
        ["misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "misp.update_interval: 0s", "batch.quiet: 10ms"]
            + (directory ? ["lists.directory: \(folder.path)"] : [])
    }

    private func write(_ name: String, _ entries: String..., to file: String) throws {
        try folder.write(
            """
            {"name":"\(name)","type":"cidr","version":1,"matching_attributes":["ip-src"],
            "list":[\(entries.map { "\"\($0)\"" }.joined(separator: ","))]}
            """, to: file)
    }

    private func post(_ address: String, id: String = "1.1", to receiver: RunningReceiver) throws {
        let alert = SampleAlert {
            $0.id = id
            $0.accuse(address)
        }
        #expect(try receiver.post(alert.bytes).status == 202)
    }

    private func delivered(_ outcome: String, _ count: Int) -> String {
        "warnbell_deliveries_total{sink=\"misp\",outcome=\"\(outcome)\"} \(count)"
    }

    private func isTold(_ misp: MISPStandIn) -> Bool { misp.state.requests.contains { $0.contains("/events/add") } }

    /// The attribute of the attacker in the one event that names it.
    private func attacker(_ address: String, in misp: MISPStandIn) throws -> MISPStandIn.Attribute {
        let all = misp.state.events.values.flatMap(\.attributes)
        return try #require(all.first { $0.type == "ip-src" && $0.value == address })
    }

    @Test("Whom MISP's lists name is held with the list's name, MISP hears nothing of it, and a person may release it")
    func held() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        misp.change {
            $0.warninglists = [
                "List of known Cloudflare IP ranges": ["203.0.113.9"],
                "List of RFC 5735 CIDR blocks": ["203.0.113.9", "203.0.113.8"],
            ]
        }
        let receiver = try RunningReceiver(lines(misp))
        try post("203.0.113.9", to: receiver)
        try receiver.wait(for: "the held source") { try receiver.command("held").output.contains("203.0.113.9") }
        let reason = "on the list List of known Cloudflare IP ranges (203.0.113.9)"
        #expect(try receiver.command("held", "show", "203.0.113.9").output.contains(reason))
        #expect(receiver.log.contains { $0.contains("held instead of shared") && $0.contains(reason) })
        #expect(!isTold(misp), "\(misp.state.requests)")
        try receiver.wait(forMetric: "warnbell_held_sources 1")

        try post("203.0.113.8", id: "1.2", to: receiver)
        try receiver.wait(forMetric: delivered("stored", 1))
        #expect(
            !(try attacker("203.0.113.8", in: misp).comment.contains("list")), "a test is on no list of its own range")

        #expect(try receiver.command("held", "release", "203.0.113.9").status == 0)
        try receiver.wait(forMetric: delivered("stored", 2))
        let released = try attacker("203.0.113.9", in: misp)
        #expect(released.comment.contains(reason), "\(released)")
        #expect(receiver.stop() == 0)
    }

    @Test("While MISP does not say what is on its lists nothing is shared; what waited goes when it does")
    func down() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        misp.change { $0.hasBrokenWarninglists = true }
        let receiver = try RunningReceiver(lines(misp) + ["feed.enabled: true", "feed.include_tests: true"])
        try post("203.0.113.9", to: receiver)
        try receiver.wait(forMetric: delivered("retry", 1))
        #expect(!isTold(misp), "\(misp.state.requests)")
        #expect(receiver.log.contains { $0.contains("MISP's warninglists could not be asked") }, "\(receiver.log)")
        #expect(try receiver.request("GET", "/feed/manifest.json").status == 404)
        misp.change { $0.hasBrokenWarninglists = false }
        try receiver.wait(forMetric: delivered("stored", 1))
        try receiver.waitForFeed(events: 1)
        #expect(receiver.stop() == 0)
    }

    @Test(
        "Whom a list of clouds names is shared with a note and not for detection, and a research scanner is not shared")
    func directory() throws {
        try write("List of known Amazon AWS IP address ranges", "45.148.10.0/28", to: "aws.json")
        try write("Example IP Ranges Used for Scanning", "45.148.11.0/24", to: "scan.json")
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let receiver = try RunningReceiver(lines(misp, directory: true))
        for (number, address) in ["45.148.10.9", "45.148.10.99", "45.148.11.9"].enumerated() {
            try post(address, id: "1.\(number)", to: receiver)
        }
        try receiver.wait(forMetric: delivered("stored", 2))
        try receiver.wait(forMetric: #"warnbell_alert_decisions_total{decision="never"} 1"#)
        let cloud = try attacker("45.148.10.9", in: misp)
        #expect(!cloud.toIDs)
        #expect(cloud.comment.hasSuffix("on the list List of known Amazon AWS IP address ranges (45.148.10.0/28)"))
        let other = try attacker("45.148.10.99", in: misp)
        #expect(other.toIDs)
        #expect(!other.comment.contains("list"))
        #expect(misp.state.events.count == 2)
        #expect(try receiver.command("held").output == "Nothing is held.\n")
        #expect(receiver.stop() == 0)
    }

    @Test("Files are read again on SIGHUP; broken ones are told, and those read before go on to count")
    func reload() throws {
        try write("A list", "203.0.113.8", to: "a.json")
        let receiver = try RunningReceiver([
            "lists.directory: \(folder.path)", "feed.include_tests: true", "batch.quiet: 10ms",
        ])
        try folder.write("{", to: "b.json")
        receiver.reload()
        try receiver.wait(for: "the fault") { receiver.log.contains { $0.contains("warninglists not taken up") } }
        #expect(receiver.log.contains { $0.contains("\(folder.path)/b.json: expected a MISP warninglist") })
        try post("203.0.113.8", id: "1.1", to: receiver)
        try receiver.wait(forMetric: "warnbell_held_sources 1")
        try write("Another", "203.0.113.9", to: "b.json")
        receiver.reload()
        try receiver.wait(for: "the lists") { receiver.log.contains { $0.contains("warninglists read") } }
        try post("203.0.113.9", id: "1.2", to: receiver)
        try receiver.wait(forMetric: "warnbell_held_sources 2")
        #expect(receiver.stop() == 0)
    }

    /// Runs a command with these lines of configuration.
    private func run(_ command: String, _ lines: [String]) throws -> Program.Result {
        let settings = try TemporaryFolder()
        let own = ["listen.port: 0", "data.directory: \(settings.path)/data"]
        let file = try settings.write((own + lines).joined(separator: "\n") + "\n", to: "warnbell.yaml")
        return try withExtendedLifetime(settings) { try Program.run([command, "--config", file]) }
    }

    @Test("With a broken list serve does not start, and check says why")
    func broken() throws {
        try folder.write(#"{"name":"x","type":"cidr","list":["192.0.2.1","nonsense"]}"#, to: "list.json")
        for command in ["serve", "check"] {
            let result = try run(command, ["lists.directory: \(folder.path)"])
            #expect(result.status == 2, "\(result)")
            let text = result.output + result.error
            #expect(text.contains("list.json: entry 2: expected an address or a block such as 192.0.2.0/24"), "\(text)")
        }
    }

    @Test("check tells which lists are asked, and whether MISP has any")
    func check() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        func check(_ lines: [String]) throws -> String { try run("check", lines).output }
        try write("A list", "192.0.2.0/24", "198.51.100.7", to: "a.json")
        try folder.write(#"{"name":"names","type":"hostname","list":[]}"#, to: "b.json")
        #expect(try check([]).contains("note     lists           none: neither misp.url nor lists.directory"))
        let own = try check(["lists.directory: \(folder.path)"])
        #expect(own.contains("lists           1 list of addresses with 2 entries, of 2 warninglists ("), "\(own)")
        let without = try check(lines(misp))
        #expect(
            without.contains("ok       lists           MISP's own are asked before anything is shared"), "\(without)")
        #expect(without.contains("warning  lists           MISP names none of 10.0.0.1"), "\(without)")
        misp.change { $0.warninglists = ["Public DNS": ["8.8.8.8"]] }
        #expect(!(try check(lines(misp)).contains("MISP names none")))
    }
}
