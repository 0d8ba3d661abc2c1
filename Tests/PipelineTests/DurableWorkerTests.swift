import FoundationEssentials
import Isolation
import Journal
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

/// A sink's worker over a journal in a file, which leaves to the next start what can't go out.
@Suite(.timeLimit(.minutes(1)))
struct DurableWorkerTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(_ folder: TemporaryFolder) throws -> DurableJournal {
        try DurableJournal(in: folder.path) { Issue.record("\($0)") }
    }

    /// The files as they are after a kill.
    private func killed() throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        for name in ["journal.sqlite", "journal.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: folder.file(name), toPath: copy.file(name))
        }
        return copy
    }

    private func work(_ sink: RecordingSink, _ journal: DurableJournal) -> SinkWorker {
        var limits = DeliverySchedule.Limits()
        limits.firstRetry = .milliseconds(1)
        limits.breaker.failures = 1
        limits.breaker.rest = .seconds(3600)
        limits.breaker.pause = .seconds(3600)
        return SinkWorker(sink: sink, journal: journal, limits: limits, pace: .none) { _ in }
    }

    private func batch(_ address: String) throws -> Batch {
        var evidence = Evidence(alerts: Tally(Samples.received))
        evidence.attackers.add(
            .init(address: try Samples.address(address), role: .source), Tally(Samples.received))
        return Batch(
            id: UUID(), source: try Samples.source(address), opened: Samples.received, closed: Samples.received,
            evidence: evidence)
    }

    @Test(
        "Behind an open breaker the end waits for nothing, and the next start delivers all, as composed before",
        arguments: [Receipt.retry(after: nil, reason: "503"), .pause(reason: "401")])
    func openBreaker(answer: Receipt) async throws {
        let first = RecordingSink(receipts: [answer])
        let copy: TemporaryFolder
        do {
            let journal = try open(folder)
            let worker = work(first, journal)
            let composed = try batch("203.0.113.9")
            await journal.close(composed, members: [], sinks: [first.name])
            await worker.deliver(composed.source, flows: [])
            while first.delivered.isEmpty { await Task.yield() }
            await worker.drained()
            let later = try batch("203.0.113.10")
            await journal.close(later, members: [], sinks: [first.name])
            await worker.deliver(later.source, flows: [])
            await worker.drained()
            #expect(first.composed.count == 1, "the sink is left alone")
            #expect(journal.state.undelivered == 2)
            copy = try withExtendedLifetime(journal) { try killed() }
        }

        let journal = try open(copy)
        #expect(journal.state.undelivered == 2)
        let second = RecordingSink()
        let worker = work(second, journal)
        let sources = await worker.recover()
        #expect(Set(sources) == [try Samples.source("203.0.113.9"), try Samples.source("203.0.113.10")])
        await worker.drained()
        #expect(journal.state.undelivered == 0)
        #expect(second.delivered.count == 2)
        #expect(second.delivered.contains { $0.event == first.delivered.first?.event }, "the same event goes out again")
        #expect(second.composed.map(\.batch.source) == [try Samples.source("203.0.113.10")])
        #expect(await worker.recover().isEmpty)
    }
}
