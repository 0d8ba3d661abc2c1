import FoundationEssentials
import IPAddresses
import Isolation
import Journal
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

@Suite(.timeLimit(.minutes(1)))
struct SinkWorkerTests {
    private static let day = Duration.seconds(86_400)

    private func worker(_ sink: RecordingSink, _ journal: MemoryJournal = MemoryJournal()) -> SinkWorker {
        var limits = DeliverySchedule.Limits()
        limits.firstRetry = .milliseconds(1)
        return SinkWorker(sink: sink, journal: journal, limits: limits, pace: .none) { _ in }
    }

    /// Gives the worker a batch as the pipeline does.
    private func deliver(
        _ batch: Batch, to worker: SinkWorker, of sink: RecordingSink, _ journal: MemoryJournal,
        flows: [FlowFindings] = []
    ) async {
        await journal.close(batch, members: [], sinks: [sink.name])
        await worker.deliver(batch.source, flows: flows)
    }

    private func batch(day: Int = 0, mayOpen: Bool = true, _ address: String = "203.0.113.9") throws -> Batch {
        let opened = Samples.received + Self.day * day
        var evidence = Evidence(alerts: Tally(opened))
        evidence.attackers.add(.init(address: try Samples.address(address), role: .source), Tally(opened))
        return Batch(
            id: UUID(), source: try Samples.source(address), opened: opened, closed: opened, evidence: evidence,
            mayOpen: mayOpen)
    }

    @Test("Batches of two windows that waited together go into two events, the older one first")
    func windows() async throws {
        let gate = Gate()
        let sink = RecordingSink(beforeAnswer: { await gate.wait() })
        let journal = MemoryJournal()
        let worker = worker(sink, journal)
        await deliver(try batch(), to: worker, of: sink, journal)
        await sink.isAsked()
        for day in [0, 0, 1, 1] { await deliver(try batch(day: day), to: worker, of: sink, journal) }
        await gate.open()
        await worker.drained()
        let first = try #require(sink.delivered.first).window.lowerBound
        #expect(sink.delivered.map { $0.window.lowerBound - first } == [.zero, .zero, Self.day])
        #expect(sink.delivered.map(\.isUpdate) == [false, true, false])
        let source = try Samples.source("203.0.113.9")
        let history = await journal.history(of: source, in: sink.name, at: Samples.received + Self.day)
        #expect(history?.evidence.alerts.count == 2)
    }

    @Test("While it is paused nothing goes out; then all of it does, as one")
    func paused() async throws {
        let sink = RecordingSink()
        let journal = MemoryJournal()
        let worker = worker(sink, journal)
        #expect(await worker.setPaused(true) == 0)
        for _ in 0..<3 { await deliver(try batch(), to: worker, of: sink, journal) }
        #expect(await worker.setPaused(true) == 0, "nothing has begun")
        #expect(sink.composed.isEmpty)
        _ = await worker.setPaused(false)
        await worker.drained()
        #expect(sink.delivered.count == 1)
        #expect(sink.composed.map(\.batch.evidence.alerts.count) == [3])
    }

    @Test("A pause tells of what had begun before, which ends as it would")
    func pausedMeanwhile() async throws {
        let gate = Gate()
        let sink = RecordingSink(beforeAnswer: { await gate.wait() })
        let journal = MemoryJournal()
        let worker = worker(sink, journal)
        await deliver(try batch(), to: worker, of: sink, journal)
        await sink.isAsked()
        await deliver(try batch(), to: worker, of: sink, journal)
        #expect(await worker.setPaused(true) == 1)
        await gate.open()
        while await worker.setPaused(true) > 0 { await Task.yield() }
        _ = await worker.setPaused(false)
        await worker.drained()
        #expect(sink.composed.map(\.batch.evidence.alerts.count) == [1, 1])
    }

    @Test("A batch that may only join an event is dropped where the sink has none")
    func joining() async throws {
        let journal = MemoryJournal()
        let sink = RecordingSink()
        let worker = worker(sink, journal)
        let alone = try batch(mayOpen: false)
        #expect(await !worker.hasEvent(of: alone.source, at: alone.opened))
        await deliver(alone, to: worker, of: sink, journal)
        await worker.drained()
        #expect(sink.delivered.isEmpty)

        await deliver(try batch(), to: worker, of: sink, journal)
        await worker.drained()
        #expect(await worker.hasEvent(of: alone.source, at: alone.opened))
        #expect(await !worker.hasEvent(of: alone.source, at: alone.opened + Self.day))
        await deliver(try batch(mayOpen: false), to: worker, of: sink, journal)
        await deliver(try batch(day: 1, mayOpen: false), to: worker, of: sink, journal)
        await worker.drained()
        #expect(sink.delivered.map(\.isUpdate) == [false, true])
    }

    @Test("A batch that may open an event takes along one that may not")
    func merging() async throws {
        let gate = Gate()
        let sink = RecordingSink(receipts: [.leftOut(reason: "no")], beforeAnswer: { await gate.wait() })
        let journal = MemoryJournal()
        let worker = worker(sink, journal)
        await deliver(try batch(), to: worker, of: sink, journal)
        await sink.isAsked()
        await deliver(try batch(mayOpen: false), to: worker, of: sink, journal)
        await deliver(try batch(), to: worker, of: sink, journal)
        await gate.open()
        await worker.drained()
        #expect(sink.composed.map(\.batch.evidence.alerts.count) == [1, 2])
    }

    @Test("However often a known attacker comes, what waits of it is looked at once an update interval")
    func looks() async throws {
        let elapsed = Elapsed()
        let start = ContinuousClock.now
        let sink = RecordingSink()
        let journal = MemoryJournal()
        let worker = SinkWorker(
            sink: sink, journal: journal, limits: DeliverySchedule.Limits(),
            time: TimeSource(
                instant: { start + elapsed.time.withLock { $0 } },
                timestamp: { Samples.received + elapsed.time.withLock { $0 } },
                sleep: { _ in try? await Task.sleep(for: .seconds(3600)) })
        ) { _ in }
        for minute in 0..<3 {
            elapsed.time.withLock { $0 = .seconds(60 * minute) }
            for _ in 0..<10 {
                await deliver(try batch(), to: worker, of: sink, journal)
                while await !worker.isAtRest { await Task.yield() }
            }
        }
        #expect(sink.delivered.count == 1)
        // The first batch, the second one of the first minute, and once in each minute after it.
        #expect(sink.looks == 4)
    }

    /// How far a clock has gone that a test moves.
    private final class Elapsed: Sendable {
        let time = Locked(Duration.zero)
    }

    @Test("What Netflow said is kept until it is composed, and over later answers that failed")
    func flows() async throws {
        let sink = RecordingSink(failures: 1)
        let journal = MemoryJournal()
        let worker = worker(sink, journal)
        let answers = [
            [try Samples.findings("203.0.113.9", records: 5)],
            [try Samples.findings("203.0.113.9", records: 0, incomplete: ["timeout"])],
            [],
        ]
        for flows in answers {
            await deliver(try batch(), to: worker, of: sink, journal, flows: flows)
            await worker.drained()
        }
        #expect(sink.composed.map { $0.flows.map(\.flowRecords) } == [[5], [5], [5]])
    }
}
