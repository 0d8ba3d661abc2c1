import IPAddresses
import Isolation
import Journal
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

/// A pipeline at work over a journal in memory, with a recording sink behind it.
final class RunningPipeline: Sendable {
    let sink: RecordingSink
    let journal = MemoryJournal()
    let pipeline: Pipeline
    let events: AsyncStream<PipelineEvent>
    private let work: Task<Void, Never>
    private let alerts = Locked(0)

    init(
        sink: RecordingSink = RecordingSink(), flows: (any FlowSource)? = nil, policy: Policy = Samples.policy(),
        lists: ListCheck? = nil,
        _ change: (inout Pipeline.Settings) -> Void = { _ in }
    ) {
        var settings = Pipeline.Settings()
        settings.batch.quiet = .milliseconds(5)
        settings.pace = .none
        change(&settings)
        let (events, continuation) = AsyncStream<PipelineEvent>.makeStream()
        self.events = events
        self.sink = sink
        pipeline = Pipeline(
            settings: settings, policy: policy, journal: journal, sinks: [sink],
            lookups: flows.map { source in FlowLookups(source: source, lookback: .seconds(3600)) { _ in } },
            lists: lists,
            report: { continuation.yield($0) })
        work = Task { [pipeline] in await pipeline.run() }
    }

    /// An alert comes in, in one of the groups that ``Samples/policy(_:)`` knows.
    func receive(_ group: String, from address: String = "203.0.113.9", at moment: Timestamp = .now()) async throws {
        let number = alerts.withLock { count in
            count += 1
            return count
        }
        let alert = try Samples.alert {
            $0.id = "1.\(number)"
            $0.groups = [group]
            $0.accuse(address)
        }
        let outcome = await withCheckedContinuation { continuation in
            journal.append([alert], received: moment) { continuation.resume(returning: $0) }
        }
        #expect(outcome == .stored(duplicates: 0))
    }

    /// Returns when so many more batches have been answered.
    func delivered(_ count: Int = 1) async {
        var left = count
        for await event in events {
            if case .delivered = event { left -= 1 }
            if left == 0 { return }
        }
    }

    /// Returns when so many more alerts have been decided.
    func decided(_ count: Int = 1) async {
        var left = count
        for await event in events {
            if case .decided(let counts) = event { left -= counts.share + counts.context + counts.hold }
            if left <= 0 { return }
        }
    }

    /// Ends it; returns when everything is delivered, but for so many alerts.
    func stop(leaving left: Int = 0) async {
        journal.close()
        await work.value
        #expect(journal.state.unfinished == 0, "every alert is over")
        #expect(journal.state.undelivered == left, "every batch is with the sink")
    }
}

/// Flow logs that know of one record for each address, once a gate is open.
final class GatedFlows: FlowSource {
    let name = "gated"
    private let gate: Gate?
    private let failures: Locked<Int>
    private let log = Locked<[IPAddress]>([])

    /// - Parameter failures: how often asking fails before it succeeds.
    init(gate: Gate? = nil, failures: Int = 0) {
        self.gate = gate
        self.failures = Locked(failures)
    }

    /// Who was asked about, in order.
    var asked: [String] { log.withLock { $0 }.map(\.description) }

    func lookup(_ addresses: [IPAddress], in window: Range<Timestamp>) async throws -> [FlowFindings] {
        log.withLock { $0 += addresses }
        await gate?.wait()
        let fails = failures.withLock { failures in
            failures -= 1
            return failures >= 0
        }
        if fails { throw RecordingSink.Failure() }
        return try addresses.map { try Samples.findings("\($0)", records: 1) }
    }
}
