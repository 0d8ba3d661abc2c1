import Foundation
import TestKit
import Testing

@testable import Warnbell

/// What a person does when somebody was shared who should not have been.
@Suite(.timeLimit(.minutes(2)))
struct RevokeTests {
    private static let attacker = "45.148.10.9"

    private func lines(_ misp: MISPStandIn) -> [String] {
        ["misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "misp.update_interval: 0s", "batch.quiet: 10ms"]
    }

    /// An alert of today.
    private func alert(_ id: String, from address: String = attacker) -> [UInt8] {
        let sample = SampleAlert {
            $0.id = id
            $0.timestamp = Date.now.ISO8601Format().replacing("Z", with: ".000+0000")
            $0.accuse(address)
        }
        return sample.bytes
    }

    private func delivered(_ count: Int) -> String {
        #"warnbell_deliveries_total{sink="misp",outcome="stored"} \#(count)"#
    }

    @Test("What is revoked is gone from MISP, told to be a false positive and published; what comes later is held")
    func story() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let receiver = try RunningReceiver(lines(misp))
        #expect(try receiver.post(alert("1.1")).status == 202)
        try receiver.wait(forMetric: delivered(1))
        // As it is once it has been quiet for a minute.
        misp.change { state in
            for uuid in state.events.keys {
                state.events[uuid]?.published = true
                state.events[uuid]?.publishTimestamp = 1
            }
        }
        let dry = try receiver.command("revoke", Self.attacker, "--dry-run")
        #expect(dry.status == 0)
        #expect(dry.output.contains("1 source, 1 event."), "\(dry)")
        let unasked = try receiver.command("revoke", Self.attacker)
        #expect(unasked.status == 1)
        #expect(unasked.error.contains("nothing is done without --yes"))
        #expect(misp.state.events.values.allSatisfy { $0.count > 0 })

        let revoked = try receiver.command("revoke", Self.attacker, "--yes", "--reason", "a scanner of ours")
        #expect(revoked.status == 0, "\(revoked)")
        #expect(revoked.output.contains("45.148.10.9 is taken back from misp."), "\(revoked.output)")
        #expect(revoked.output.contains("Taken back: nothing of 1 source is shared any more."))
        let event = try #require(misp.state.events.values.first)
        #expect(event.attributes.allSatisfy { $0.deleted && !$0.toIDs })
        #expect(event.attributes.flatMap(\.sightings.values).contains { $0.type == "1" })
        try receiver.wait(for: "the event published again") { misp.state.events.values.first?.published == true }

        #expect(try receiver.post(alert("1.2")).status == 202)
        try receiver.wait(for: "the next alert held") {
            try receiver.command("held").output.contains("revoked by ")
        }
        let why = try receiver.command("why", Self.attacker)
        #expect(why.status == 0, "\(why.error)")
        for part in [
            "revoked by", "a scanner of ours", "first shared as event", "taken back", "published", "rule 5712",
        ] {
            #expect(why.output.contains(part), "\(part) in \(why.output)")
        }
        let json = try receiver.command("why", Self.attacker, "--json")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect((document["alerts"] as? [Any])?.count == 2)
        #expect(try receiver.command("why", "192.0.2.99").status == 1)

        let all = try receiver.command("held", "release", "--all")
        #expect(all.status == 1)
        #expect(all.error.contains("1 stay: they were revoked"), "\(all.error)")
        #expect(try receiver.command("held", "release", Self.attacker).status == 0)
        try receiver.wait(forMetric: delivered(2))
        let again = try #require(misp.state.events.values.first)
        #expect(again.attributes.contains { $0.value == Self.attacker && $0.toIDs && !$0.deleted })
        #expect(receiver.stop() == 0)
        #expect(receiver.log.contains { $0.contains("event revoked") })
    }

    @Test("Who is never named any more is not, at once and after a restart; what was shared goes with --never")
    func never() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let receiver = try RunningReceiver(lines(misp))
        #expect(try receiver.command("never").output == "Nothing was added to networks.never.\n")
        #expect(try receiver.command("never", "add", "45.148.0.0/8").status == 2)
        #expect(try receiver.command("never", "add", "45.148.10.0/24", "--reason", "ours").status == 0)
        #expect(try receiver.command("never").output.contains("45.148.10.0/24  20"))
        #expect(try receiver.post(alert("1.1")).status == 202)
        try receiver.wait(forMetric: #"warnbell_alert_decisions_total{decision="never"} 1"#)
        let file = try receiver.folder.write(SampleAlert { $0.accuse(Self.attacker) }.json, to: "alert.json")
        #expect(try receiver.command("explain", file).output.contains("never: added by "))
        #expect(try receiver.post(alert("1.2", from: "45.148.11.9")).status == 202)
        try receiver.wait(forMetric: delivered(1))
        #expect(try receiver.command("revoke", "45.148.11.9", "--yes", "--never").status == 0)
        #expect(misp.state.events.values.allSatisfy { $0.count == 0 })
        #expect(receiver.stop() == 0)

        let next = try RunningReceiver(lines(misp), in: receiver.folder)
        for (number, address) in [Self.attacker, "45.148.11.9"].enumerated() {
            #expect(try next.post(alert("2.\(number)", from: address)).status == 202)
        }
        try next.wait(forMetric: #"warnbell_alert_decisions_total{decision="never"} 2"#)
        #expect(try next.command("never", "remove", "45.148.10.0/24").status == 0)
        #expect(try next.command("never", "remove", "45.148.10.0/24").status == 1)
        #expect(try next.post(alert("2.7")).status == 202)
        try next.wait(forMetric: delivered(1))
        #expect(next.stop() == 0)
    }

    @Test("Where no server runs a revocation waits for the next one, and tests are found by what they are")
    func withoutServer() throws {
        let receiver = try RunningReceiver(["feed.include_tests: true", "batch.quiet: 10ms"])
        for (number, address) in ["203.0.113.9", "198.51.100.23"].enumerated() {
            #expect(try receiver.post(alert("1.\(number)", from: address)).status == 202)
        }
        try receiver.waitForFeed(events: 2)
        #expect(receiver.stop() == 0)
        #expect(try receiver.command("revoke", "--rule", "31103", "--yes").status == 1)
        #expect(try receiver.command("revoke", "--since", "1h", "--dry-run").output.contains("2 sources, 2 events."))
        let file = try receiver.folder.write("# ours\n203.0.113.9 # gate\n", to: "list")
        #expect(try receiver.command("revoke", "--file", file, "--dry-run").output.contains("1 source, 1 event."))
        let revoked = try receiver.command("revoke", "--tests", "--yes")
        #expect(revoked.status == 3, "\(revoked)")
        #expect(revoked.output.contains("taken back from feed once a server runs"))
        #expect(try receiver.command("status").output.contains("2 to be taken back"))

        let next = try RunningReceiver(["feed.include_tests: true", "batch.quiet: 10ms"], in: receiver.folder)
        try next.wait(for: "nothing left to take back") {
            try !next.command("status").output.contains("to be taken back")
        }
        #expect(next.stop() == 0)
        let files = try FileManager.default.contentsOfDirectory(atPath: next.feed).filter { $0.count == 41 }
        for file in files {
            let text = try String(contentsOfFile: "\(next.feed)/\(file)", encoding: .utf8)
            #expect(text.contains(#""deleted":true"#))
            #expect(!text.contains(#""to_ids":true"#))
        }
    }
}
