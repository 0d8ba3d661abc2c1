import FoundationEssentials
import IPAddresses
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

@Suite("What is counted of alerts")
struct EvidenceTests {
    private func evidence(of alerts: [(Alert, Bool)], limits: Evidence.Limits = .init()) throws -> Evidence {
        var evidence = Evidence(alerts: Tally(Samples.received), limits: limits)
        for (alert, mayDetect) in alerts {
            evidence.add(
                alert, try #require(alert.attacker), at: Tally(Samples.received, mayDetect: mayDetect),
                policyRule: "rule")
        }
        return evidence
    }

    private func outbound(_ host: String, _ path: String) throws -> Alert {
        try Samples.alert {
            $0.data = [
                #""src_ip":"10.0.0.5","dest_ip":"203.0.113.9","alert":{},"http":{"hostname":"\#(host)","url":"\#(path)"}"#
            ]
        }
    }

    @Test("A request is the same whatever asked for it; the first that did is remembered")
    func userAgents() throws {
        let alerts = try ["curl/8", "nmap", "curl/8"].map { agent in
            (
                try Samples.alert {
                    $0.data += [#""url":"/a","protocol":"GET","user_agent":"\#(agent)""#]
                }, false
            )
        }
        let evidence = try evidence(of: alerts)
        #expect(evidence.requests.values.map { ($0.key.userAgent) } == ["curl/8"])
        #expect(evidence.requests.values.map(\.value.count) == [3])
        #expect(evidence.userAgents.values.count == 2)
        let post = Evidence.Request(method: "POST", scheme: nil, host: nil, target: "/a", role: .source)
        #expect(evidence.requests.values[post] == nil)
    }

    @Test("Where the attacker is counts only where the policy accuses the address that the alert speaks of")
    func places() throws {
        let alert = try Samples.alert(
            json: SampleAlert().json.dropLast() + #","GeoLocation":{"country_name":"Germany"}}"#)
        let attacker = try #require(alert.attacker)
        var evidence = Evidence(alerts: Tally(Samples.received))
        evidence.add(
            alert, Attacker(address: try Samples.address("198.51.100.1"), role: .source, field: attacker.field),
            at: Tally(Samples.received), policyRule: nil)
        #expect(evidence.places.isEmpty)
        evidence.add(alert, attacker, at: Tally(Samples.received), policyRule: nil)
        #expect(evidence.places.values.keys.map(\.country) == ["Germany"])
    }

    @Test("Detection systems may act on what a rule that allows it has seen, and on nothing else")
    func detection() throws {
        let evidence = try evidence(of: [
            (try outbound("evil.example", "/a"), true), (try outbound("cdn.example", "/b"), false),
            (try outbound("both.example", "/c"), false), (try outbound("both.example", "/c"), true),
        ])
        #expect(evidence.mayDetect)
        #expect(
            evidence.domains.values.mapValues(\.mayDetect)
                == ["evil.example": true, "cdn.example": false, "both.example": true])
        #expect(
            Dictionary(uniqueKeysWithValues: evidence.requests.values.map { ($0.key.target, $0.value.mayDetect) })
                == ["/a": true, "/b": false, "/c": true])
        var merged = try self.evidence(of: [(try outbound("cdn.example", "/b"), false)])
        #expect(!merged.mayDetect)
        merged.merge(evidence)
        #expect(merged.mayDetect)
        #expect(merged.domains.values["cdn.example"]?.mayDetect == false)
    }

    @Test(
        "Texts are cut at their limit, on a whole character",
        arguments: [(9, 9), (10, 10), (11, 10), (12, 12), (14, 12), (15, 15)])
    func cutting(limit: Int, expected: Int) throws {
        // One of two bytes ends at 12, one of three at 15.
        let text = "/123456789é€"
        var limits = Evidence.Limits()
        limits.textBytes = limit
        let alert = try Samples.alert {
            $0.data = [
                #""srcip":"203.0.113.9","url":"\#(text)","user_agent":"\#(text)","srcuser":"\#(text)""#
            ]
            $0.agentName = text
            $0.description = text
        }
        let evidence = try evidence(of: [(alert, true)], limits: limits)
        let kept = String(decoding: Array(text.utf8).prefix(expected), as: UTF8.self)
        #expect(evidence.requests.values.keys.map(\.target) == [kept])
        #expect(Array(evidence.userAgents.values.keys) == [kept])
        #expect(Array(evidence.internal.users.values.keys) == [kept])
        #expect(Array(evidence.internal.agents.values.keys) == [kept])
        #expect(Array(evidence.internal.descriptions.values.keys) == [kept])
    }

    @Test("An entry of the ledger is as large as the texts in it")
    func size() throws {
        func history(_ texts: [String]) throws -> Int {
            let alerts = try texts.map { text in
                (try Samples.alert { $0.data = [#""srcip":"203.0.113.9","url":"\#(text)""#] }, true)
            }
            let window = Samples.received..<Samples.received + .seconds(60)
            let batch = Batch(
                id: UUID(), source: try Samples.source("203.0.113.9"), opened: window.lowerBound,
                closed: window.lowerBound, evidence: try evidence(of: alerts))
            let composition = Composition(event: UUID(), window: window, body: [], items: [], isUpdate: false)
            let delivery = Delivery(
                sink: "misp", batch: batch, batches: [batch.id], composition: composition, flows: [])
            return History(delivery, Receipt.Stored(confirmed: 1), at: window.lowerBound, after: nil).approximateBytes
        }
        let empty = try history(["/"])
        let long = try history(["/" + String(repeating: "a", count: 4000)])
        #expect((4000...4100).contains(long - empty))
        let many = try history((0..<100).map { "/\($0)" + String(repeating: "a", count: 1000) })
        #expect((100_000...140_000).contains(many - empty))
        #expect(empty < 10_000)
    }
}
