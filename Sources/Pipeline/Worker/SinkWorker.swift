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

    /// Takes a closed batch over, and what Netflow said of its source meanwhile.
    func deliver(_ batch: Batch, flows findings: [FlowFindings]) {
        if !findings.isEmpty { flows[batch.source] = merged(flows[batch.source], with: findings) }
        schedule.batchClosed(batch)
        proceed()
    }

    /// Whether the sink has an event of the source that alerts of `moment` belong to, or is about to have one.
    func hasEvent(of source: SourceKey, at moment: Timestamp) async -> Bool {
        if schedule.holds(source) { return true }
        return await journal.history(of: source, in: sink.name, at: moment) != nil
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
            await send(delivery)
        case .compose(let batches):
            do {
                guard let delivery = try await compose(batches) else { return proceed() }
                await journal.begin(delivery)
                schedule.composed(delivery)
                await send(delivery)
            } catch {
                let receipt = sink.receipt(for: error)
                report(.sinkNotReady(sink: sink.name, receipt))
                schedule.composingFailed(batches, receipt, at: .now, random: .random(in: 0..<1))
                proceed()
            }
        }
    }

    /// The delivery of these batches. Nil where they came to nothing, because the sink
    /// has no event that they could join.
    ///
    /// Only the composition tells which window its event has: batches of another one are put back.
    private func compose(_ all: [Batch]) async throws -> Delivery? {
        try await sink.prepare()
        guard let first = all.first else { preconditionFailure("work without a batch") }
        let source = first.source
        let history = await journal.history(of: source, in: sink.name, at: first.opened)
        let findings = merged(history?.flows, with: flows[source] ?? [])
        var batch = first.merged(with: all.dropFirst())
        var composition = try sink.compose(history, batch, flows: findings, now: .now())
        let others = all.dropFirst().filter { !composition.window.contains($0.opened) }
        let batches = all.filter { batch in !others.contains { $0.id == batch.id } }
        if !others.isEmpty {
            batch = first.merged(with: batches.dropFirst())
            composition = try sink.compose(history, batch, flows: findings, now: .now())
            schedule.putBack(others)
        }
        guard history != nil || batch.mayOpen else {
            await journal.drop(batches.map(\.id), of: sink.name)
            schedule.dropped(for: source)
            if !schedule.holds(source) { flows[source] = nil }
            return nil
        }
        flows[source] = nil
        var evidence = batch.evidence
        if let earlier = history?.evidence {
            evidence = earlier
            evidence.merge(batch.evidence)
        }
        let items = composition.items.reduce(into: history?.items ?? [:]) { $0[$1.id] = $1 }
        return Delivery(
            sink: sink.name, source: source, batches: batches.map(\.id),
            alerts: batches.reduce(0) { $0 + $1.evidence.alerts.count }, composition: composition,
            outcome: History(
                event: composition.event, window: composition.window, evidence: evidence, items: items, flows: findings)
        )
    }

    private func merged(_ earlier: [FlowFindings]?, with findings: [FlowFindings]) -> [FlowFindings] {
        (earlier ?? []).updated(with: findings, limit: Self.keptAddresses)
    }

    /// Addresses of a source whose flows are kept: an IPv6 attacker has as many as it likes.
    private static let keptAddresses = 64

    private func send(_ delivery: Delivery) async {
        let began = ContinuousClock.now
        let receipt = await sink.deliver(delivery.composition, note: nil)
        let took = ContinuousClock.now - began
        // Before the source's next batches are composed, which must know what the sink holds.
        if receipt.isFinal { await journal.finish(delivery, receipt) }
        schedule.answered(receipt, for: delivery.source, at: .now, random: .random(in: 0..<1))
        report(.delivered(delivery, receipt, took: took))
        proceed()
    }
}
