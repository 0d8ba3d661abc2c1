import FoundationEssentials
import IPAddresses
import Journal
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

/// What is not sent although its time has come.
@Suite(.timeLimit(.minutes(1)))
struct WithholdingTests {
    private let journal = MemoryJournal()

    private func worker(_ sink: RecordingSink) -> SinkWorker {
        var limits = DeliverySchedule.Limits()
        limits.firstRetry = .milliseconds(1)
        limits.breaker.failures = 1
        return SinkWorker(sink: sink, journal: journal, limits: limits, pace: .none) { _ in }
    }

    private func batch(_ address: String = "203.0.113.9", mayOpen: Bool = true) throws -> Batch {
        var evidence = Evidence(alerts: Tally(Samples.received))
        evidence.attackers.add(.init(address: try Samples.address(address), role: .source), Tally(Samples.received))
        return Batch(
            id: UUID(), source: try Samples.source(address), opened: Samples.received, closed: Samples.received,
            evidence: evidence, mayOpen: mayOpen)
    }

    private func deliver(_ batch: Batch, to worker: SinkWorker, of sink: RecordingSink) async {
        await journal.close(batch, members: [], sinks: [sink.name])
        await worker.deliver(batch.source, flows: [])
        await worker.drained()
    }

    @Test("Who refused an event for good is not asked again: what comes later joins the one dead letter")
    func refused() async throws {
        let sink = RecordingSink(receipts: [.refused(reason: "blocklist")])
        let worker = worker(sink)
        for _ in 0..<3 { await deliver(try batch(), to: worker, of: sink) }
        await deliver(try batch("203.0.113.8"), to: worker, of: sink)
        #expect(sink.delivered.count == 2, "one of each source")
        let letters = await journal.deadLetters(after: 0, limit: 10)
        #expect(letters.map(\.alerts) == [3])
        #expect(journal.state.undelivered == 0)

        _ = await journal.replay(deadLetter: letters[0].id)
        await worker.deliver(letters[0].source, flows: [])
        await worker.drained()
        #expect(sink.composed.last?.batch.evidence.alerts.count == 3, "a person has it asked again, with all of it")
        await deliver(try batch(), to: worker, of: sink)
        #expect(sink.delivered.count == 4)
    }

    @Test("A dead letter that a person drops lets later batches be tried again")
    func dropped() async throws {
        let sink = RecordingSink(receipts: [.refused(reason: "blocklist")])
        let worker = worker(sink)
        await deliver(try batch(), to: worker, of: sink)
        _ = await journal.drop(deadLetter: 1)
        await deliver(try batch(), to: worker, of: sink)
        #expect(sink.delivered.count == 2)
        #expect(await journal.deadLetters(after: 0, limit: 10).isEmpty)
    }

    @Test("A batch that can't become an event is a dead letter with the reason, and the sink is used on for others")
    func fault() async throws {
        let sink = RecordingSink(faults: 1)
        let worker = worker(sink)
        await deliver(try batch("203.0.113.8"), to: worker, of: sink)
        await deliver(try batch(), to: worker, of: sink)
        #expect(sink.delivered.count == 1)
        let letters = await journal.deadLetters(after: 0, limit: 10)
        #expect(letters.map(\.reason) == ["a fault"])
        #expect(letters.map(\.source) == [try Samples.source("203.0.113.8")])
        #expect(journal.state.undelivered == 0)
    }
}
