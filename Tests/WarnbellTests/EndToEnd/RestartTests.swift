import Glibc
import TestKit
import Testing

/// What a receiver takes up again that was killed.
@Suite(.timeLimit(.minutes(2)))
struct RestartTests {
    /// A visit that the policy shares with what else is known of its source, and not alone.
    private let visit = SampleAlert {
        $0.id = "1.2"
        ($0.ruleID, $0.level, $0.groups) = ("31101", 5, ["web", "accesslog"])
        $0.data += [#""url":"/visit""#]
    }

    private func installation(_ misp: MISPStandIn) throws -> Installation {
        try Installation([
            "misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "batch.quiet: 10ms", "misp.update_interval: 0s",
        ])
    }

    private func waitForVisit(_ receiver: RunningReceiver, _ misp: MISPStandIn) throws {
        try receiver.wait(for: "the path") {
            misp.state.events.values.contains { $0.attributes.contains { $0.value == "/visit" } }
        }
    }

    @Test("An alert that may only join an event joins one that a kill kept from going out")
    func later() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        misp.change { $0.isLive = false }
        let installation = try installation(misp)
        let first = try RunningReceiver(installation)
        #expect(try first.post(SampleAlert { $0.id = "1.1" }.bytes).status == 202)
        // It is tried once the journal has the batch.
        try first.wait(for: "an attempt") { first.log.contains { $0.contains("sink is not ready") } }
        first.kill()

        misp.change { $0.isLive = true }
        let second = try RunningReceiver(installation)
        try second.wait(for: "the event") { !misp.state.events.isEmpty }
        #expect(try second.post(visit.bytes).status == 202)
        try waitForVisit(second, misp)
    }

    @Test("An alert that waits for an event to join waits through a restart", arguments: [SIGTERM, SIGKILL])
    func earlier(signal: Int32) throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let installation = try installation(misp)
        let first = try RunningReceiver(installation)
        #expect(try first.post(visit.bytes).status == 202)
        try first.wait(forMetric: #"warnbell_alert_decisions_total{decision="context"} 1"#)
        first.signal(signal)
        first.end()

        let second = try RunningReceiver(installation)
        #expect(try second.post(SampleAlert { $0.id = "1.1" }.bytes).status == 202)
        try waitForVisit(second, misp)
    }
}
