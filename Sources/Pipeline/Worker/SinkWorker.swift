import FoundationEssentials
import Timestamps

/// Composes and delivers the batches of one sink; the schedule says what and when, this performs it.
actor SinkWorker {
    private let sink: any EventSink
    private let journal: any AlertJournal
    private let report: @Sendable (PipelineEvent) -> Void
    private var schedule: DeliverySchedule

    /// What Netflow said of a source when its batch closed, until the batch is composed.
    private var flows: [SourceKey: [FlowFindings]] = [:]
    private var alarm: Task<Void, Never>?
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    init(
        sink: any EventSink, journal: any AlertJournal, limits: DeliverySchedule.Limits,
        report: @escaping @Sendable (PipelineEvent) -> Void
    ) {
        self.sink = sink
        self.journal = journal
        self.report = report
        schedule = DeliverySchedule(limits: limits)
    }

    /// Takes a closed batch over.
    func deliver(_ batch: Batch, flows findings: [FlowFindings]) {
        if !findings.isEmpty { flows[batch.source] = findings }
        schedule.batchClosed(batch)
        proceed()
    }

    /// Returns when everything is delivered.
    func drained() async {
        guard !schedule.isIdle else { return }
        await withCheckedContinuation { idleWaiters.append($0) }
    }

    private func proceed() {
        while let work = schedule.next(at: .now) {
            Task { await perform(work) }
        }
        alarm?.cancel()
        alarm = schedule.nextDeadline.map { deadline in
            Task {
                do { try await Task.sleep(until: deadline, clock: .continuous) } catch { return }
                proceed()
            }
        }
        if schedule.isIdle {
            idleWaiters.forEach { $0.resume() }
            idleWaiters = []
        }
    }

    private func perform(_ work: DeliverySchedule.Work) async {
        switch work {
        case .send(let delivery):
            await send(delivery, alerts: 0)
        case .compose(let batches):
            do {
                let delivery = try await compose(batches)
                await journal.begin(delivery)
                schedule.composed(delivery)
                await send(delivery, alerts: batches.reduce(0) { $0 + $1.evidence.alerts.count })
            } catch {
                report(.sinkNotReady(sink: sink.name, reason: "\(error)"))
                schedule.composingFailed(batches, at: .now, random: .random(in: 0..<1))
                proceed()
            }
        }
    }

    private func compose(_ batches: [Batch]) async throws -> Delivery {
        try await sink.prepare()
        guard var batch = batches.first else { preconditionFailure("work without a batch") }
        for other in batches.dropFirst() {
            var evidence = batch.evidence
            evidence.merge(other.evidence)
            batch = Batch(
                id: batch.id, source: batch.source, opened: batch.opened, closed: other.closed, evidence: evidence)
        }
        let history = await journal.history(of: batch.source, in: sink.name, at: batch.opened)
        let findings = flows.removeValue(forKey: batch.source) ?? history?.flows ?? []
        let composition = try sink.compose(history, batch, flows: findings, now: .now())
        var evidence = batch.evidence
        if let earlier = history?.evidence {
            evidence = earlier
            evidence.merge(batch.evidence)
        }
        let items = composition.items.reduce(into: history?.items ?? [:]) { $0[$1.id] = $1 }
        return Delivery(
            id: UUID(), sink: sink.name, source: batch.source, batches: batches.map(\.id), composition: composition,
            outcome: History(
                event: composition.event, window: composition.window, evidence: evidence, items: items, flows: findings)
        )
    }

    private func send(_ delivery: Delivery, alerts: Int) async {
        let began = ContinuousClock.now
        let receipt = await sink.deliver(delivery.composition)
        let took = ContinuousClock.now - began
        let hasEnded = schedule.answered(receipt, for: delivery.source, at: .now, random: .random(in: 0..<1))
        if hasEnded { await journal.finish(delivery, receipt) }
        report(.delivered(delivery, receipt, alerts: alerts, took: took))
        proceed()
    }
}
