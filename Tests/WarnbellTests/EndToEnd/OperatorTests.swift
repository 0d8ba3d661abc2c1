import Foundation
import TestKit
import Testing

@testable import Warnbell

/// What whoever runs the program learns from its log, its metrics and its health.
@Suite(.timeLimit(.minutes(2)))
struct OperatorTests {
    private func delivered(to sink: String, _ outcome: String) -> String {
        "warnbell_deliveries_total{sink=\"\(sink)\",outcome=\"\(outcome)\"} 1"
    }

    @Test("Every attacker who is held stands in the log, however many there are")
    func held() throws {
        let receiver = try RunningReceiver()
        for number in 1...20 {
            let alert = SampleAlert {
                $0.id = "1.\(number)"
                $0.ruleID = "40112"
                $0.accuse("192.0.2.\(number)")
            }
            for _ in 0..<2 { #expect(try receiver.post(alert.bytes).status == 202) }
        }
        #expect(receiver.stop() == 0)
        let lines = receiver.log.filter { $0.contains("alert set aside") }
        #expect(lines.count == 20)
        for number in 1...20 {
            #expect(
                lines.contains {
                    $0.hasSuffix(
                        "decision=hold reason=\"rule login-by-attacker\" rule_id=40112 source=192.0.2.\(number)")
                })
        }
    }

    @Test("What was left out of the log is told in the end")
    func leftOut() throws {
        let receiver = try RunningReceiver()
        for number in 1...20 {
            let alert = SampleAlert {
                $0.id = "1.\(number)"
                $0.ruleID = "40112"
            }
            #expect(try receiver.post(alert.bytes).status == 202)
        }
        #expect(receiver.stop() == 0)
        let counts = receiver.log.compactMap { line in line.firstMatch(of: /suppressed=([0-9]+)/).flatMap { Int($0.1) }
        }
        let lines = receiver.log.count { $0.contains("alert set aside") && !$0.contains("lines left out") }
        #expect(lines + counts.reduce(0, +) == 20, "\(receiver.log)")
        #expect(lines < 20)
    }

    @Test("What is turned away is told with its reason and peer, and counted")
    func rejected() throws {
        let receiver = try RunningReceiver()
        for _ in 0..<10 { #expect(try receiver.request("GET", "/phpmyadmin").status == 404) }
        #expect(try receiver.post(Array(#"[{"a":1},{"b":2}]"#.utf8)).status == 422)
        #expect(try receiver.post(Array(#"{"attachments":[{"text":"x"}]}"#.utf8)).status == 422)
        #expect(try receiver.post(Array(#"{"a""#.utf8)).status == 400)
        #expect(try receiver.request("PUT", "/webhooks/wazuh").status == 405)
        let metrics = try receiver.request("GET", "/metrics").text
        for (reason, count) in [("no_alert", 2), ("slack_message", 1), ("broken_json", 1), ("status_404", 10)] {
            #expect(metrics.contains("warnbell_rejections_total{reason=\"\(reason)\"} \(count)\n"), "\(metrics)")
        }
        receiver.stop()
        let log = receiver.log.joined(separator: "\n")
        for part in [
            #"entries of a request are no alerts error="This is no Wazuh alert: expected an object"#,
            "peer=127.0.0.1 reason=no_alert rejected=2", #"body is no alert error="This is a Slack message"#,
            "peer=127.0.0.1 reason=slack_message status=422", "peer=127.0.0.1 reason=broken_json status=400",
            // Not drowned by those of somebody who tries out paths.
            "request refused peer=127.0.0.1 reason=status_405",
        ] {
            #expect(log.contains(part), "\(part) in \(log)")
        }
    }

    @Test("A MISP that is away is a delivery that comes again")
    func mispAway() throws {
        let receiver = try RunningReceiver([
            "misp.url: \"http://127.0.0.1:1\"", "misp.key: k", "batch.quiet: 10ms", "stop.grace: 0s",
        ])
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        try receiver.wait(for: "a count of it") {
            try receiver.request("GET", "/metrics").text.contains("deliveries_total{sink=\"misp\",outcome=\"retry\"} ")
        }
        #expect(try receiver.request("GET", "/readyz").status == 200, "the journal is there for that")
    }

    @Test("A key that MISP does not take needs a person, and says so")
    func wrongKey() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let receiver = try RunningReceiver([
            "misp.url: \(misp.url)", "misp.key: another", "batch.quiet: 10ms", "stop.grace: 0s",
        ])
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        try receiver.wait(forMetric: delivered(to: "misp", "pause"))
        #expect(receiver.log.contains { $0.contains("error    sink needs a person") }, "\(receiver.log)")
    }

    @Test("An event that is left out of the feed is not one that was stored")
    func notStored() throws {
        let receiver = try RunningReceiver(["batch.quiet: 10ms"])
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        try receiver.wait(forMetric: delivered(to: "feed", "left_out"))
        #expect(try !receiver.request("GET", "/metrics").text.contains(delivered(to: "feed", "stored")))
        #expect(receiver.stop() == 0)
        #expect(receiver.log.contains { $0.contains("event left out") && $0.contains("feed.include_tests") })
        #expect(!receiver.log.contains { $0.contains("event stored") })
    }

    @Test("An event that arrives at the second attempt tells of the same alerts as at the first")
    func counted() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        // Who it is, whose key, and what is on its lists; then the event.
        misp.fail(next: .none, .none, .none, .page(503))
        let receiver = try RunningReceiver([
            "misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "batch.quiet: 200ms",
        ])
        for id in ["1.1", "1.2"] { #expect(try receiver.post(SampleAlert { $0.id = id }.bytes).status == 202) }
        try receiver.wait(forMetric: delivered(to: "misp", "stored"))
        #expect(try receiver.request("GET", "/metrics").text.contains(delivered(to: "misp", "retry")))
        #expect(receiver.stop() == 0)
        #expect(receiver.log.contains { $0.contains("event stored alerts=2") }, "\(receiver.log)")
    }

    @Test("A queue without room for the bytes of another alert is not ready")
    func bytes() throws {
        let receiver = try RunningReceiver([
            "journal.mode: memory", "journal.max_bytes: 1MiB", "batch.quiet: 60s", "batch.max_wait: 60s",
            "listen.reply_delay: 0s",
        ])
        #expect(try receiver.request("GET", "/readyz").status == 200)
        let large = String(repeating: "x", count: 1_000_000)
        #expect(try receiver.post(SampleAlert { $0.description = large }.bytes).status == 202)
        #expect(try receiver.request("GET", "/readyz").status == 503)
        let another = SampleAlert {
            $0.id = "1.2"
            $0.description = large
        }
        #expect(try receiver.post(another.bytes).status == 503)
    }
}
