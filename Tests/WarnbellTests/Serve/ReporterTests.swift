import Foundation
import HTTPServer
import IPAddresses
import Isolation
import Logging
import Pipeline
import Testing
import Timestamps
import Wazuh

@testable import Warnbell

/// What is logged and counted of what happens.
struct ReporterTests {
    /// What was logged, and what time it is.
    private final class World: Sendable {
        let lines = Locked<[String]>([])
        let now = Locked(ContinuousClock.now)
    }

    private let world = World()
    private let metrics = MetricsRegistry()

    private var reporter: Reporter {
        let world = world
        let logger = Logger(label: "warnbell") { _ in
            LineLogHandler(level: .info, format: .text, now: { Timestamp(seconds: 0) }) { bytes in
                let line = String(decoding: bytes, as: UTF8.self).dropFirst("1970-01-01T00:00:00.000Z ".count)
                world.lines.withLock { $0.append(String(line.dropLast())) }
            }
        }
        return Reporter(logger: logger, instruments: Instruments(metrics), now: { world.now.withLock { $0 } })
    }

    private var lines: [String] { world.lines.withLock { $0 } }

    private func pass(_ time: Duration) { world.now.withLock { $0 += time } }

    private func held(_ source: UInt32, rule: String = "40112") -> PipelineEvent {
        let attacker = Attacker(address: IPAddress(v4: 0xc000_0200 + source), role: .source, field: "data.srcip")
        return .setAside(
            Decision(action: .hold, attacker: attacker, reason: .rule("login-by-attacker")), ruleID: rule)
    }

    @Test("A spent budget is told with its key, and what it holds back is counted")
    func budget() {
        let reporter = reporter
        reporter.report(.budgetSpent(.perHour, ruleID: "5712"))
        reporter.report(.budgetSpent(.perRule, ruleID: "5712"))
        #expect(
            lines == [
                "warning  the budget is spent: new attackers are held key=policy.budget.per_hour",
                "warning  the budget of a rule is spent: its new attackers are held key=policy.budget.per_rule rule_id=5712",
            ])
        var counts = DecisionCounts()
        counts.count(Decision(action: .hold, attacker: nil, reason: .budget(rule: "attack", .perHour)))
        counts.count(Decision(action: .hold, attacker: nil, reason: .rule("odd")))
        reporter.report(.decided(counts))
        #expect(metrics.text.contains("warnbell_budget_held_total 1\n"))
        #expect(metrics.text.contains("warnbell_alert_decisions_total{decision=\"hold\"} 2\n"))
    }

    @Test("What a stored event lacks is told and counted")
    func shortfalls() {
        let id = UUID()
        let source = SourceKey(IPAddress(v4: 0xc000_0201))
        let now = Timestamp(seconds: 0)
        let batch = Batch(
            id: id, source: source, opened: now, closed: now, evidence: Evidence(alerts: Tally(now, mayDetect: true)))
        let composition = Composition(
            event: id, window: now..<now + .seconds(1), body: [], items: [], isUpdate: false)
        let delivery = Delivery(sink: "misp", batch: batch, batches: [id], composition: composition, flows: [])
        let stored = Receipt.Stored(
            confirmed: 1, refused: [.init(id: id, reason: "value: bad"), .init(id: id, reason: "value: double")],
            warnings: ["MISP left out the tag x: no reason"])
        reporter.report(.delivered(delivery, .stored(stored), took: .zero))
        #expect(metrics.text.contains("warnbell_delivery_shortfalls_total{sink=\"misp\",kind=\"refused\"} 2\n"))
        #expect(metrics.text.contains("warnbell_delivery_shortfalls_total{sink=\"misp\",kind=\"warning\"} 1\n"))
        #expect(lines.contains { $0.contains("item refused") && $0.contains("value: bad") })
        #expect(lines.contains { $0.contains("event stored, but") && $0.contains("the tag x") })
    }

    @Test("Each attacker and rule that is set aside has a line a minute, and what was left out is told after it")
    func setAside() {
        let reporter = reporter
        for _ in 0..<3 { for source in 1...2 { reporter.report(held(UInt32(source))) } }
        reporter.report(held(1, rule: "40101"))
        #expect(lines.count == 3)
        pass(.seconds(59))
        reporter.tellLeftOut()
        #expect(lines.count == 3)
        pass(.seconds(1))
        reporter.tellLeftOut()
        let facts = "decision=hold line=\"alert set aside\" rule_id=40112 source=192.0.2"
        #expect(
            lines.dropFirst(3).sorted() == [
                "notice   lines left out \(facts).1 suppressed=2", "notice   lines left out \(facts).2 suppressed=2",
            ])
        reporter.tellLeftOut(ofAll: true)
        #expect(lines.count == 5, "told once")
    }

    @Test("Attackers beyond any number are still bounded, and counted")
    func flood() {
        let reporter = reporter
        for source in 0..<3000 { reporter.report(held(UInt32(source))) }
        #expect(lines.count == 1001)
        reporter.tellLeftOut(ofAll: true)
        #expect(lines.last == "notice   lines left out suppressed=1999")
    }

    @Test("A flood of one refusal leaves the lines of the others alone")
    func refusals() {
        let reporter = reporter
        let peer = Peer(address: IPAddress(v4: 0xcb00_7109), port: 40000)
        for _ in 0..<100 { reporter.report(.refused(.notFound, peer)) }
        reporter.report(.rejected(.bodyTooLarge, peer))
        #expect(lines.count == 6)
        #expect(
            lines.last
                == "warning  request refused peer=203.0.113.9 reason=body_too_large status=413")
    }

    @Test("A sink that is not ready is counted by what that means")
    func notReady() {
        let reporter = reporter
        reporter.report(.sinkNotReady(sink: "misp", .retry(after: .seconds(3), reason: "away")))
        reporter.report(.sinkNotReady(sink: "misp", .pause(reason: "the key is wrong")))
        #expect(
            lines == [
                "warning  sink is not ready reason=away retry_after=\"3.0 seconds\" sink=misp",
                "error    sink needs a person reason=\"the key is wrong\" sink=misp",
            ])
        let text = metrics.text
        for outcome in ["retry", "pause"] {
            #expect(text.contains("warnbell_deliveries_total{sink=\"misp\",outcome=\"\(outcome)\"} 1\n"))
        }
    }

    @Test("A look-up counts as complete, incomplete or failed by address")
    func lookups() async {
        let reporter = reporter
        let lookups = FlowLookups(source: Logs(), lookback: .seconds(60)) { reporter.report(.lookedUp($0)) }
        for host in 0..<6 { _ = await lookups.findings(for: IPAddress(v4: 0xcb00_7100 + UInt32(host))) }
        let text = metrics.text
        for (outcome, count) in [("complete", 3), ("incomplete", 2), ("failed", 1)] {
            #expect(text.contains("warnbell_netflow_lookups_total{outcome=\"\(outcome)\"} \(count)\n"), "\(text)")
        }
    }

    @Test(
        "Each reason to turn alerts away has its own count",
        arguments: [
            (Intake.Refusal.full, "queue_full", "busy"), (.tooLarge, "queue_too_small", "refused"),
            (.failed("disk full"), "journal_failed", "failed"),
        ])
    func refusals(refusal: Intake.Refusal, reason: String, outcome: String) {
        let peer = Peer(address: IPAddress(v4: 0xcb00_7109), port: 40000)
        reporter.report(Intake.Outcome(peer: peer, refused: 3, refusal: refusal))
        #expect(metrics.text.contains("warnbell_rejections_total{reason=\"\(reason)\"} 1\n"))
        #expect(metrics.text.contains("warnbell_http_requests_total{outcome=\"\(outcome)\"} 1\n"))
        #expect(metrics.text.contains("warnbell_http_requests_total{outcome=\"answered\"} 0\n"))
    }

    /// Fails for the first address, lacks something of two, and knows all of the others.
    private struct Logs: FlowSource {
        let name = "logs"

        func lookup(_ addresses: [IPAddress], in window: Range<Timestamp>) async throws -> [FlowFindings] {
            try addresses.map { address in
                let host = address.bits & 255
                if host == 0 { throw CancellationError() }
                return FlowFindings(address: address, incomplete: host < 3 ? ["capped"] : [])
            }
        }
    }
}
