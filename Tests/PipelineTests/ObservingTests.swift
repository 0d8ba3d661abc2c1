import IPAddresses
import Journal
import Testing
import Timestamps

@testable import Pipeline

/// A pipeline that decides and sends nothing.
@Suite(.timeLimit(.minutes(1)))
struct ObservingTests {
    @Test("What would be shared is told and over; nothing is composed, looked up or left outstanding")
    func nothingIsSent() async throws {
        let flows = GatedFlows()
        let pipeline = RunningPipeline(flows: flows) { $0.isObserving = true }
        try await pipeline.receive("web")
        try await pipeline.receive("attack")
        try await pipeline.receive("odd", from: "203.0.113.8")
        for await event in pipeline.events {
            guard case .observed(let source, let alerts) = event else { continue }
            #expect(source == (try Samples.source("203.0.113.9")))
            #expect(alerts == 2)
            break
        }
        await pipeline.stop()
        #expect(pipeline.sink.composed.isEmpty)
        #expect(flows.asked.isEmpty)
        #expect(pipeline.journal.state.held == 1, "what is held waits for a person as ever")
    }

    @Test("Who was released meanwhile waits until things are sent")
    func released() async throws {
        let pipeline = RunningPipeline { $0.isObserving = true }
        let source = try Samples.source("203.0.113.9")
        try await pipeline.receive("odd")
        while await pipeline.journal.held(source) == nil { await Task.yield() }
        _ = await pipeline.journal.release(source, to: [pipeline.sink.name])
        await pipeline.pipeline.released(source)
        await pipeline.stop(leaving: 1)
        #expect(pipeline.sink.composed.isEmpty)
        #expect(await pipeline.journal.outstanding(of: source, at: pipeline.sink.name).batches.count == 1)
    }
}
