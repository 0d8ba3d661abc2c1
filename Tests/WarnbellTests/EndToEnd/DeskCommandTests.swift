import Foundation
import Glibc
import TestKit
import Testing

@testable import Warnbell

/// What a person does with commands beside the running program, and where none runs.
@Suite(.timeLimit(.minutes(2)))
struct DeskCommandTests {
    private func misp(_ misp: MISPStandIn) -> [String] {
        ["misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "misp.update_interval: 0s", "batch.quiet: 10ms"]
    }

    /// Whether the server was asked to store or publish anything.
    private func isAskedToStore(_ misp: MISPStandIn) -> Bool {
        misp.state.requests.contains { $0.contains("/events/add") || $0.contains("/events/publish") }
    }

    @Test("Where nothing is sent because the policy observes, status says so")
    func observing() throws {
        let receiver = try RunningReceiver(["policy.mode: observe"])
        let status = try receiver.command("status")
        #expect(status.status == 0, "\(status.output)")
        #expect(status.output.contains("observing, nothing is sent"))
        #expect(try receiver.command("status", "--json").output.contains("\"observing\""))
    }

    @Test("A pause holds over a restart: MISP sees nothing until it is over, and then all of it")
    func pause() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let receiver = try RunningReceiver(self.misp(misp))
        let paused = try receiver.command("pause", "--reason", "our own scanner")
        #expect(paused.status == 0, "\(paused.error)")
        #expect(paused.output.hasPrefix("Sharing is paused. Alerts are still taken"))
        #expect(try receiver.request("GET", "/metrics").text.contains("warnbell_paused 1\n"))
        #expect(try receiver.post(SampleAlert { $0.id = "1.1" }.bytes).status == 202)
        try receiver.wait(forMetric: "warnbell_undelivered_alerts 1")
        #expect(try receiver.command("pause").output.contains("paused already: since 20"))
        let status = try receiver.command("status")
        #expect(status.status == 1)
        #expect(status.output.contains("(our own scanner)\n"))
        #expect(status.output.contains("Sharing is paused: `warnbell resume`"), "\(status.output)")
        #expect(receiver.stop() == 0)
        let log = receiver.log.first { $0.contains("command=pause") } ?? ""
        #expect(log.contains("reason=\"our own scanner\""), "\(receiver.log)")
        #expect(!isAskedToStore(misp), "\(misp.state.requests)")

        let next = try RunningReceiver(self.misp(misp), in: receiver.folder)
        #expect(try next.request("GET", "/metrics").text.contains("warnbell_paused 1\n"))
        #expect(try next.post(SampleAlert { $0.id = "1.2" }.bytes).status == 202)
        try next.wait(forMetric: "warnbell_undelivered_alerts 2")
        #expect(!isAskedToStore(misp))
        let resumed = try next.command("resume")
        #expect(resumed.status == 0)
        #expect(resumed.output.hasPrefix("Sharing goes on; it was paused since 20"), "\(resumed.output)")
        try next.wait(forMetric: #"warnbell_deliveries_total{sink="misp",outcome="stored"} 1"#)
        #expect(try next.request("GET", "/metrics").text.contains("warnbell_paused 0\n"))
        #expect(misp.state.events.count == 1)
        #expect(next.stop() == 0)
    }

    @Test("Where no server runs a command does it itself, and the next server heeds it")
    func withoutServer() throws {
        let receiver = try RunningReceiver(["feed.include_tests: true", "batch.quiet: 10ms"])
        #expect(try receiver.post(SampleAlert { $0.id = "1.1" }.bytes).status == 202)
        try receiver.waitForFeed(events: 1)
        #expect(receiver.stop() == 0)
        #expect(try receiver.command("resume").output == "Sharing is not paused.\n")
        #expect(try receiver.command("pause").status == 0)
        let status = try receiver.command("status", "--json")
        #expect(status.status == 1)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(status.output.utf8)) as? [String: Any])
        #expect(document["sharing"] as? String == "paused")
        #expect(document["is_running"] as? Bool == false)
        #expect((document["advice"] as? [String])?.count == 2)

        let next = try RunningReceiver(["feed.include_tests: true", "batch.quiet: 10ms"], in: receiver.folder)
        #expect(next.log.contains { $0.contains("sharing is paused") })
        let other = SampleAlert {
            $0.id = "1.2"
            $0.accuse("198.51.100.23")
        }
        #expect(try next.post(other.bytes).status == 202)
        try next.wait(forMetric: "warnbell_undelivered_alerts 1")
        try next.waitForFeed(events: 1)
        #expect(try next.command("resume").status == 0)
        try next.waitForFeed(events: 2)
        let fine = try next.command("status")
        #expect(fine.status == 0, "\(fine.output)")
        #expect(fine.output.contains("Nothing needs a person."))
        #expect(fine.output.contains("\nmanager  20"))
    }

    @Test("What MISP refused for good is listed, shown, and sent again once it would take it")
    func deadLetters() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        func delivered(_ outcome: String, _ count: Int) -> String {
            "warnbell_deliveries_total{sink=\"misp\",outcome=\"\(outcome)\"} \(count)"
        }
        // A first receiver shows which event it is that a second one will find on the blocklist.
        let first = try RunningReceiver(self.misp(misp))
        #expect(try first.command("dead-letters").output == "There are no dead letters.\n")
        #expect(try first.post(SampleAlert().bytes).status == 202)
        try first.wait(forMetric: delivered("stored", 1))
        #expect(first.stop() == 0)
        misp.change { state in
            state.blocklist = Set(state.events.keys)
            state.events = [:]
        }
        let receiver = try RunningReceiver(self.misp(misp))
        #expect(try receiver.post(SampleAlert { $0.id = "1.1" }.bytes).status == 202)
        try receiver.wait(forMetric: delivered("refused", 1))
        let asked = misp.state.requests.count
        #expect(try receiver.post(SampleAlert { $0.id = "1.2" }.bytes).status == 202)
        try receiver.wait(for: "the second alert to join the first") {
            try receiver.command("dead-letters").output.contains("misp  203.0.113.9       2  MISP blocks the event")
        }
        #expect(misp.state.requests.count == asked, "MISP is not asked again")
        let list = try receiver.command("dead-letters", "list")
        #expect(list.output.hasPrefix("ID  WHEN"))
        #expect(try receiver.command("dead-letters", "show", "1").output.contains("\nsource  203.0.113.9\n"))
        let shown = try receiver.command("dead-letters", "show", "1", "--json").output
        let document = try #require(try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [String: Any])
        #expect(document["event"] is [String: Any])
        #expect(document["sink"] as? String == "misp")

        let status = try receiver.command("status")
        #expect(status.status == 1)
        #expect(status.output.contains("1 event was refused for good: `warnbell dead-letters list`"))
        misp.change { $0.blocklist = [] }
        let replayed = try receiver.command("dead-letters", "replay", "1")
        #expect(replayed.output == "203.0.113.9 goes to misp again, composed anew.\n", "\(replayed)")
        try receiver.wait(forMetric: delivered("stored", 1))
        #expect(misp.state.events.count == 1)
        let again = try receiver.command("dead-letters", "replay", "1")
        #expect(again.status == 1)
        #expect(again.error == "warnbell: There is no dead letter 1.\n")
        #expect(try receiver.command("dead-letters").output == "There are no dead letters.\n")
        #expect(try receiver.command("status").status == 0)
    }

    @Test("A sink that is left alone stands in the status with its reason")
    func leftAlone() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        misp.change { $0.access = .disabledUser }
        let receiver = try RunningReceiver(self.misp(misp))
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        try receiver.wait(forMetric: #"warnbell_deliveries_total{sink="misp",outcome="pause"} 1"#)
        try receiver.wait(for: "the sink's state") {
            try receiver.command("status").output.contains("left alone until")
        }
        #expect(try receiver.command("status").output.contains("misp does not take events ("))
    }

    @Test("Who is held is listed, and shared or forgotten as a person says")
    func held() throws {
        let receiver = try RunningReceiver(["feed.include_tests: true", "batch.quiet: 10ms"])
        for number in 1...3 {
            let alert = SampleAlert {
                $0.id = "1.\(number)"
                $0.ruleID = "40112"
                $0.accuse("192.0.2.\(number)")
            }
            #expect(try receiver.post(alert.bytes).status == 202)
        }
        try receiver.wait(for: "three held sources") {
            try receiver.command("held").output.split(separator: "\n").count == 4
        }
        #expect(try receiver.command("status").output.contains("3 sources wait for your decision"))
        let shown = try receiver.command("held", "show", "192.0.2.1", "--json").output
        #expect(shown.contains("\"source\" : \"192.0.2.1\""))
        let table = try receiver.command("held", "show", "192.0.2.1").output.split(separator: "\n")
        #expect(table.first == "source    192.0.2.1")
        #expect(table.contains { $0.hasPrefix("because   ") && $0.hasSuffix("(1 alert)") }, "\(table)")
        #expect(table.contains { $0.hasPrefix("attacker ") && $0.hasSuffix("192.0.2.1 (source)") }, "\(table)")
        #expect(table.allSatisfy { $0.count <= 100 })
        #expect(try receiver.command("held", "release", "192.0.2.1").output == "192.0.2.1 is shared: 1 alert.\n")
        try receiver.waitForFeed(events: 1)
        #expect(try receiver.command("held", "drop", "192.0.2.2").status == 0)
        #expect(try receiver.command("held", "drop", "192.0.2.2").status == 1)
        #expect(try receiver.command("held", "release", "--rule", "40111").status == 1)
        #expect(try receiver.command("held", "release", "--rule", "40112").output == "1 source is shared.\n")
        try receiver.waitForFeed(events: 2)
        #expect(try receiver.command("held").output == "Nothing is held.\n")
    }

    @Test("A backup is made beside the server, and overwrites nothing")
    func backup() throws {
        let receiver = try RunningReceiver()
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        let file = "\(receiver.folder.path)/backup.sqlite"
        let result = try receiver.command("backup", file)
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.hasSuffix("checked and in order.\n"))
        let again = try receiver.command("backup", file)
        #expect(again.status == 2)
        #expect(again.error == "warnbell: \(file) exists; expected the name of a new file\n")
        #expect(receiver.stop() == 0)
    }

    @Test("A second server on the same directory is refused, and says who is in its way")
    func secondServer() throws {
        let receiver = try RunningReceiver()
        let second = try receiver.command("serve")
        #expect(second.status == 1)
        #expect(second.output == "")
        #expect(
            second.error.contains(
                "warnbell: \(receiver.folder.path)/data is in use by another warnbell; "
                    + "each needs a data.directory of its own\n"), "\(second.error)")
        #expect(receiver.stop() == 0)
    }

    @Test(
        "Where there is nothing to look into, that is said",
        arguments: [
            (
                "data.directory: /nonexistent", 2,
                "there is no journal in /nonexistent; expected the data.directory of a"
            ),
            (
                "journal.mode: memory", 1,
                "warnbell: the journal is in the server's memory (journal.mode: memory): there"
            ),
        ])
    func nothing(line: String, status: Int32, error: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("\(line)\n", to: "warnbell.yaml")
        for command in [["status"], ["pause"], ["dead-letters"], ["backup", "\(folder.path)/copy"]] {
            let result = try Program.run(command + ["--config", file])
            #expect(result.status == status)
            #expect(result.error.contains(error), "\(result.error)")
            #expect(result.error.split(separator: "\n").count == 1)
        }
    }
}

extension RunningReceiver {
    /// Runs a command with the receiver's configuration.
    func command(_ arguments: String...) throws -> Program.Result {
        try Program.run(arguments + ["--config", "\(folder.path)/warnbell.yaml"])
    }
}
