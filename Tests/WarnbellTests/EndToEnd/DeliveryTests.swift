import Foundation
import TestKit
import Testing

@testable import Warnbell

/// From a Shuffle body to an event, through the running program.
@Suite(.timeLimit(.minutes(2)))
struct DeliveryTests {
    /// Three attackers that are shared, one of them over IPv6 with two addresses; words of our own side are marked.
    private let alerts: [SampleAlert] = {
        let attackers = ["203.0.113.9", "203.0.113.9", "198.51.100.23", "2001:db8:bad::1", "2001:db8:bad::2"]
        return attackers.enumerated().map { index, attacker in
            SampleAlert {
                $0.id = "1795161600.\(index)"
                $0.agentName = "inside-gate"
                $0.agentAddress = "10.20.0.10"
                $0.description = "sshd: attack on inside-user"
                $0.data = [#""srcip":"\#(attacker)""#, #""dstuser":"inside-user""#]
            }
        }
    }()

    /// Our own host, a login that is held, and noise.
    private let unshared: [SampleAlert] = [("10.20.0.7", "5712"), ("192.0.2.8", "40112"), ("192.0.2.9", "9706")]
        .enumerated().map { index, alert in
            SampleAlert {
                $0.id = "1795161601.\(index)"
                $0.accuse(alert.0)
                $0.ruleID = alert.1
                if alert.1 == "9706" { $0.groups = ["dovecot"] }
            }
        }

    private func events(in feed: String) throws -> [[String: Any]] {
        let manifest = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: "\(feed)/manifest.json")))
        return try #require(manifest as? [String: Any]).keys.map { uuid in
            let file = try Data(contentsOf: URL(filePath: "\(feed)/\(uuid).json"))
            let document = try #require(try JSONSerialization.jsonObject(with: file) as? [String: Any])
            return try #require(document["Event"] as? [String: Any])
        }
    }

    private func attackers(of event: [String: Any]) -> [String] {
        (event["Attribute"] as? [[String: Any]] ?? []).filter { $0["type"] as? String == "ip-src" }
            .compactMap { $0["value"] as? String }.sorted()
    }

    @Test("Each attacker becomes one event in the feed, and nothing of our own side is in it")
    func feed() throws {
        let receiver = try RunningReceiver(["feed.include_tests: true", "batch.quiet: 50ms"])
        for alert in alerts + alerts + unshared { #expect(try receiver.post(alert.shuffle).status == 202) }
        #expect(receiver.stop() == 0)

        let attackers = try events(in: receiver.feed).map(attackers(of:)).sorted { ($0.first ?? "") < ($1.first ?? "") }
        #expect(attackers == [["198.51.100.23"], ["2001:db8:bad::1", "2001:db8:bad::2"], ["203.0.113.9"]])
        for name in try FileManager.default.contentsOfDirectory(atPath: receiver.feed) {
            let text = try String(contentsOfFile: "\(receiver.feed)/\(name)", encoding: .utf8)
            for word in ["inside", "10.20.0"] { #expect(!text.contains(word), "\(word) in \(name)") }
        }
    }

    @Test("The feed is served as it lies in its directory")
    func served() throws {
        let receiver = try RunningReceiver(["feed.include_tests: true", "batch.quiet: 10ms"])
        #expect(try receiver.request("GET", "/feed/manifest.json").status == 404, "nothing yet")
        for alert in alerts { #expect(try receiver.post(alert.bytes).status == 202) }
        try receiver.waitForFeed(events: 3)
        for path in ["/feed/manifest.json", "/feed//manifest.json", "/feed/hashes.csv"] {
            let answer = try receiver.request("GET", path)
            let name = path.split(separator: "/").last ?? ""
            #expect(answer.status == 200)
            #expect(answer.body == Array(try Data(contentsOf: URL(filePath: "\(receiver.feed)/\(name)"))))
        }
    }

    @Test("Each attacker becomes one event in MISP, with the internal parts kept to our organisation")
    func misp() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let receiver = try RunningReceiver([
            "misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "feed.enabled: true", "feed.include_tests: true",
            "batch.quiet: 50ms",
        ])
        for alert in alerts + unshared { #expect(try receiver.post(alert.shuffle).status == 202) }
        #expect(receiver.stop() == 0)

        let events = misp.state.events.values.sorted { $0.uuid < $1.uuid }
        #expect(events.count == 3)
        for event in events {
            let attackers = event.attributes.filter { $0.type == "ip-src" }
            #expect(!attackers.isEmpty)
            #expect(attackers.allSatisfy { !$0.toIDs }, "documentation addresses are tests")
            let values = event.attributes.map { [$0.type, $0.category, $0.value] }
            #expect(Set(values).count == values.count)
            for attribute in event.attributes where "\(attribute)".contains("inside") {
                #expect(attribute.distribution == "0")
                #expect(!attribute.toIDs)
            }
            #expect(event.reports.values.contains { $0.content.contains("inside-gate") })
            for word in ["inside", "10.20.0"] {
                #expect(!"\(event.asOthersSeeIt)".contains(word), "\(word) is told")
            }
        }
        let inFeed = try self.events(in: receiver.feed).compactMap { $0["uuid"] as? String }
        #expect(inFeed.sorted() == events.map(\.uuid), "the feed has the same events")
    }

    @Test("Whom an attacker touched, by the Netflow logs, is in the event, for our organisation only")
    func netflow() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let flows = try TemporaryFolder()
        _ = try flows.write(SampleFlow(host: "10.20.0.77", port: 4433).json, to: "flows.ndjson")
        let receiver = try RunningReceiver([
            "misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "netflow.directory: \(flows.path)",
            "batch.quiet: 50ms",
        ])
        #expect(try receiver.post(alerts[0].shuffle).status == 202)
        try receiver.wait(forMetric: #"warnbell_deliveries_total{sink="misp",outcome="stored"} 1"#)
        let metrics = try receiver.request("GET", "/metrics").text
        #expect(metrics.contains("warnbell_netflow_lookups_total{outcome=\"complete\"} 1\n"), "\(metrics)")
        #expect(receiver.stop() == 0)

        let event = try #require(misp.state.events.values.first)
        #expect(event.objects.map(\.name) == ["netflow"])
        let peers = event.attributes.filter { $0.relation == "ip-dst" }
        #expect(peers.map(\.value) == ["10.20.0.77"])
        #expect(peers.allSatisfy { $0.distribution == "0" && !$0.toIDs })
    }

    @Test("A second receiver of the same organisation meets the first one's events")
    func secondReceiver() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        for round in 0..<2 {
            let receiver = try RunningReceiver([
                "misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "batch.quiet: 50ms",
            ])
            for var alert in alerts {
                alert.id += "\(round)"
                #expect(try receiver.post(alert.bytes).status == 202)
            }
            #expect(receiver.stop() == 0)
        }
        #expect(misp.state.events.count == 3)
    }
}

extension RunningReceiver {
    /// Waits until the feed's manifest names this many events; gives up after half a minute.
    func waitForFeed(events: Int, fields: [String] = []) throws {
        try wait(for: "\(events) events in the feed") {
            let manifest = try request("GET", "/feed/manifest.json", fields: fields)
            let found = try? JSONSerialization.jsonObject(with: Data(manifest.body)) as? [String: Any]
            return found?.count == events
        }
    }
}
