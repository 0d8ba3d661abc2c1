import IPAddresses
import Testing
import Timestamps

@testable import Pipeline

/// Alerts on their way through the whole pipeline.
@Suite(.timeLimit(.minutes(1)))
struct PipelineTests {
    private let hour = Duration.seconds(3600)

    private func alerts(_ pipeline: RunningPipeline) -> [Int] {
        pipeline.sink.composed.map(\.batch.evidence.alerts.count)
    }

    @Test("Context joins an event: what came in the hour before it opened, and what comes later")
    func contextJoins() async throws {
        let pipeline = RunningPipeline()
        let now = Timestamp.now()
        try await pipeline.receive("web", at: now - hour + .seconds(60))
        try await pipeline.receive("web", from: "203.0.113.8", at: now)
        try await pipeline.receive("attack", at: now)
        await pipeline.delivered()
        try await pipeline.receive("web", at: now)
        await pipeline.delivered()
        await pipeline.stop()
        #expect(alerts(pipeline) == [2, 1])
        #expect(pipeline.sink.composed.map { $0.history != nil } == [false, true])
        #expect(pipeline.sink.delivered.map(\.isUpdate) == [false, true])
        #expect(pipeline.sink.composed.first?.batch.evidence.policyRules.values.keys.sorted() == ["attack", "web"])
    }

    @Test("Context alone opens no event")
    func contextAlone() async throws {
        let pipeline = RunningPipeline()
        for _ in 0..<3 { try await pipeline.receive("web") }
        await pipeline.stop()
        #expect(pipeline.sink.delivered.isEmpty)
    }

    @Test("Context of more than an hour before joins nothing, also when nothing came meanwhile")
    func contextTooOld() async throws {
        let pipeline = RunningPipeline()
        let now = Timestamp.now()
        try await pipeline.receive("web", at: now - hour * 4)
        try await pipeline.receive("attack", at: now)
        await pipeline.stop()
        #expect(alerts(pipeline) == [1])
    }

    @Test("Context that comes after its event's window opens no other one, and waits for the next")
    func contextInNextWindow() async throws {
        let pipeline = RunningPipeline(sink: RecordingSink(window: .seconds(60)))
        let now = Timestamp.now()
        try await pipeline.receive("attack", at: now)
        await pipeline.delivered()
        try await pipeline.receive("web", at: now + .seconds(120))
        await pipeline.decided()
        try await pipeline.receive("web", from: "203.0.113.8", at: now + .seconds(120))
        try await pipeline.receive("attack", from: "203.0.113.7", at: now + .seconds(120))
        await pipeline.delivered()
        #expect(pipeline.sink.delivered.count == 2)
        try await pipeline.receive("attack", at: now + .seconds(180))
        await pipeline.delivered()
        await pipeline.stop()
        #expect(alerts(pipeline) == [1, 1, 2], "the context joined the event that opened after it")
        #expect(pipeline.sink.delivered.allSatisfy { !$0.isUpdate })
    }

    @Test("Context of a source whose event was refused opens none")
    func contextAfterRefusal() async throws {
        let pipeline = RunningPipeline(sink: RecordingSink(receipts: [.refused(reason: "blocklist")]))
        try await pipeline.receive("attack")
        await pipeline.delivered()
        try await pipeline.receive("web")
        await pipeline.stop()
        #expect(pipeline.sink.delivered.count == 1)
    }

    @Test("Context that comes while its event is on the way joins it, however long Netflow takes")
    func contextMeanwhile() async throws {
        let gate = Gate()
        let pipeline = RunningPipeline(flows: GatedFlows(gate: gate)) { $0.flowWait = .seconds(3600) }
        try await pipeline.receive("attack")
        for await event in pipeline.events {
            if case .batchClosed = event { break }
        }
        try await pipeline.receive("web")
        for await event in pipeline.events {
            if case .batchClosed = event { break }
        }
        #expect(pipeline.sink.composed.isEmpty)
        await gate.open()
        await pipeline.delivered()
        await pipeline.stop()
        #expect(alerts(pipeline).reduce(0, +) == 2)
        #expect(pipeline.sink.composed.first?.batch.mayOpen == true)
        #expect(pipeline.sink.composed.first?.flows.map(\.flowRecords) == [1])
    }

    @Test("Where a batch is one alert, Netflow is asked and context joins all the same")
    func singleAlerts() async throws {
        let flows = GatedFlows()
        let pipeline = RunningPipeline(flows: flows) { $0.batch.maxAlerts = 1 }
        try await pipeline.receive("web")
        try await pipeline.receive("attack")
        await pipeline.delivered()
        await pipeline.stop()
        #expect(alerts(pipeline).reduce(0, +) == 2)
        #expect(pipeline.sink.composed.first?.flows.map(\.flowRecords) == [1])
        #expect(flows.asked == ["203.0.113.9"])
    }

    @Test("Netflow is asked about each address of an attacker, once in a while")
    func lookups() async throws {
        let flows = GatedFlows()
        let pipeline = RunningPipeline(flows: flows)
        for _ in 0..<2 {
            try await pipeline.receive("attack", from: "2001:db8::1")
            try await pipeline.receive("attack", from: "2001:db8::2")
            try await pipeline.receive("web", from: "2001:db8::3")
            await pipeline.decided(3)
        }
        try await pipeline.receive("attack")
        await pipeline.stop()
        #expect(flows.asked.sorted() == ["2001:db8::1", "2001:db8::2", "203.0.113.9"])
        let known = pipeline.sink.composed.last { $0.batch.source.description == "2001:db8::/64" }?.flows
        #expect(known?.map(\.address.description) == ["2001:db8::1", "2001:db8::2"])
    }

    @Test("Where Netflow failed, it is asked again with the next batch")
    func failedLookup() async throws {
        let flows = GatedFlows(failures: 1)
        let pipeline = RunningPipeline(flows: flows)
        for _ in 0..<3 {
            try await pipeline.receive("attack")
            await pipeline.delivered()
        }
        await pipeline.stop()
        #expect(flows.asked.count == 2)
        #expect(pipeline.sink.composed.map { $0.flows.map(\.flowRecords) } == [[0], [1], [1]])
    }

    @Test("The end of the service waits for no answer of Netflow's")
    func stopping() async throws {
        let gate = Gate()
        let pipeline = RunningPipeline(flows: GatedFlows(gate: gate)) {
            $0.flowWait = .seconds(3600)
            $0.batch.quiet = .seconds(1800)
            $0.batch.maxWait = .seconds(1800)
            $0.batch.maxAlerts = 2
        }
        try await pipeline.receive("attack")
        try await pipeline.receive("attack")
        try await pipeline.receive("attack", from: "203.0.113.8")
        await pipeline.decided(3)
        await pipeline.stop()
        #expect(pipeline.sink.delivered.count == 2)
        #expect(pipeline.sink.composed.allSatisfy { $0.flows.isEmpty })
        await gate.open()
    }
}
