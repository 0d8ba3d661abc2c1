import IPAddresses
import Journal
import Testing
import Timestamps

@testable import Pipeline

/// Alerts that wait for a person on their way through the pipeline.
@Suite(.timeLimit(.minutes(1)))
struct HoldingTests {
    private func partners() throws -> Networks {
        var networks = Networks()
        networks.partners = try Samples.blocks("203.0.113.0/28")
        return networks
    }

    @Test("What is held is kept by source with what the alerts say, and nothing is sent")
    func kept() async throws {
        let pipeline = RunningPipeline()
        let now = Timestamp.now()
        for step in 0..<3 { try await pipeline.receive("odd", at: now + .seconds(step)) }
        try await pipeline.receive("odd", from: "203.0.113.8", at: now)
        await pipeline.decided(4)
        await pipeline.stop()
        let held = try #require(await pipeline.journal.held(try Samples.source("203.0.113.9")))
        #expect(held.reasons == ["rule odd": 3])
        #expect(held.batch.evidence.alerts.count == 3)
        #expect(held.batch.evidence.policyRules.values["odd"]?.count == 3)
        #expect(held.batch.evidence.attackers.values.keys.map { "\($0.address)" } == ["203.0.113.9"])
        #expect(held.batch.opened == now)
        #expect(held.batch.closed == now + .seconds(2))
        #expect(!held.batch.evidence.mayDetect, "a rule that holds says nothing of it")
        #expect(held.batch.mayOpen)
        #expect(pipeline.journal.state.held == 2)
        #expect(pipeline.sink.composed.isEmpty)
    }

    @Test(
        "Where a rule would share, detection may act on what it allows, once it is released",
        arguments: [("attack", true), ("scan", false)])
    func detection(group: String, mayDetect: Bool) async throws {
        let pipeline = RunningPipeline(policy: Samples.policy(try partners()))
        try await pipeline.receive(group)
        await pipeline.decided()
        await pipeline.stop()
        let held = try #require(await pipeline.journal.held(try Samples.source("203.0.113.9")))
        #expect(held.batch.evidence.mayDetect == mayDetect)
        #expect(held.reasons == ["rule \(group), but listed in networks.partners": 1])
    }

    @Test("What is released goes out as it is, and later context joins its event")
    func released() async throws {
        let pipeline = RunningPipeline()
        let source = try Samples.source("203.0.113.9")
        try await pipeline.receive("odd")
        try await pipeline.receive("odd")
        await pipeline.decided(2)
        while await pipeline.journal.held(source)?.batch.evidence.alerts.count != 2 { await Task.yield() }
        let held = try #require(await pipeline.journal.release(source, to: [pipeline.sink.name]))
        await pipeline.pipeline.released(source)
        await pipeline.delivered()
        try await pipeline.receive("web")
        await pipeline.delivered()
        await pipeline.stop()
        #expect(pipeline.sink.composed.map(\.batch.evidence.alerts.count) == [2, 1])
        #expect(pipeline.sink.composed.first?.batch.id == held.batch.id)
        #expect(pipeline.sink.delivered.map(\.isUpdate) == [false, true])
    }
}
