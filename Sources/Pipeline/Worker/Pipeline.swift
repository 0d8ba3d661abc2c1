import FoundationEssentials
import Timestamps
import Wazuh

/// What happens to an accepted alert: decided, batched with others of its source, composed, delivered.
package actor Pipeline {
    /// How long alerts wait for company, and events for Netflow.
    package struct Settings: Sendable {
        package var batch = Batcher.Limits()
        package var delivery = DeliverySchedule.Limits()
        package var evidence = Evidence.Limits()

        /// How long an event waits for Netflow after its batch closed.
        package var flowWait = Duration.seconds(5)

        package init() {}
    }

    /// How many alerts are taken out of the journal in one go.
    private static let drainLimit = 1024

    /// The rest after a go that took fewer: alerts come one by one, and waking up for each would cost more than the
    /// alert does.
    private static let drainPause = Duration.milliseconds(5)

    private let settings: Settings
    private let journal: any AlertJournal
    private let workers: [(name: String, worker: SinkWorker)]
    private let lookups: FlowLookups?
    private let report: @Sendable (PipelineEvent) -> Void

    private var decider: Decider
    private var batcher: Batcher
    private var context = ContextKeep()
    private var events = SourceMemory(limit: 100_000)
    private var answers: [SourceKey: FlowAnswer] = [:]
    private var timer: Task<Void, Never>?

    /// Closed batches that are not with every sink's worker yet.
    private var closing: [UUID: Task<Void, Never>] = [:]

    package init(
        settings: Settings, policy: Policy, journal: any AlertJournal, sinks: [any EventSink], lookups: FlowLookups?,
        report: @escaping @Sendable (PipelineEvent) -> Void
    ) {
        self.settings = settings
        self.journal = journal
        self.lookups = lookups
        self.report = report
        decider = Decider(policy: policy)
        batcher = Batcher(limits: settings.batch)
        workers = sinks.map {
            ($0.name, SinkWorker(sink: $0, journal: journal, limits: settings.delivery, report: report))
        }
    }

    /// Works until the journal is closed; then closes the open batches and returns when all are delivered.
    ///
    /// Cancelling the surrounding task does not shorten that: leave it behind instead.
    package func run() async {
        while true {
            let entries = await journal.undecided(limit: Self.drainLimit)
            guard !entries.isEmpty else { break }
            await take(entries)
            if entries.count < Self.drainLimit {
                try? await Task.sleep(for: Self.drainPause)  // Cut short, it looks again at once.
            }
        }
        timer?.cancel()
        await journal.finish(context.removeAll())
        for batch in batcher.closeAll() { close(batch) }
        for task in closing.values { await task.value }
        for (_, worker) in workers { await worker.drained() }
    }

    private func take(_ entries: [JournalEntry]) async {
        var counts = DecisionCounts()
        var finished: [UInt64] = []
        for entry in entries {
            let (decision, rule) = decider.decide(entry.alert, received: entry.received)
            counts.count(decision)
            switch (decision.action, decision.attacker) {
            case (.share(let mayDetect), let attacker?):
                let member = Batcher.Member(sequence: entry.sequence, rule: rule, mayDetect: mayDetect)
                while !add(member, attacker, received: entry.received) { await waitForRoom() }
            case (.context, let attacker?):
                let source = SourceKey(attacker.address)
                if batcher.isOpen(source) || events.holds(source) {
                    let member = Batcher.Member(sequence: entry.sequence, rule: rule, mayDetect: false)
                    while !add(member, attacker, received: entry.received) { await waitForRoom() }
                } else {
                    finished += context.add(entry.sequence, rule: rule, of: source, received: entry.received)
                }
            case (.hold, _), (.investigate, _):
                report(.setAside(decision, ruleID: entry.alert.ruleID))
                finished.append(entry.sequence)
            default:
                finished.append(entry.sequence)
            }
        }
        finished += context.expire(at: .now())
        await journal.finish(finished)
        report(.decided(counts))
    }

    /// Adds an alert to its source's batch; false when there is no room for another batch.
    private func add(_ member: Batcher.Member, _ attacker: Attacker, received: Timestamp) -> Bool {
        let source = SourceKey(attacker.address)
        switch batcher.add(member, of: source, received: received, at: .now) {
        case .joined: break
        case .closed(let batch): close(batch)
        case .opened: opened(source, attacker, received: received)
        case .full: return false
        }
        return true
    }

    /// The alerts stay in the journal meanwhile, which pushes back on whoever sends them.
    private func waitForRoom() async {
        guard let deadline = batcher.nextDeadline else { return }
        try? await Task.sleep(until: deadline, clock: .continuous)  // Cut short, it looks again at once.
        closeDue()
    }

    /// A batch was opened: Netflow is asked at once, and what was kept for an event of the source joins.
    private func opened(_ source: SourceKey, _ attacker: Attacker, received: Timestamp) {
        events.add(source)
        if let lookups {
            let answer = FlowAnswer()
            answers[source] = answer
            Task { answer.complete(with: await lookups.findings(for: attacker.address)) }
        }
        for earlier in context.take(source) { _ = add(earlier, attacker, received: received) }
        startTimer()
    }

    private func startTimer() {
        guard timer == nil else { return }
        timer = Task {
            while let deadline = batcher.nextDeadline, !Task.isCancelled {
                try? await Task.sleep(until: deadline, clock: .continuous)  // Cut short only when the service ends.
                closeDue()
            }
            timer = nil
        }
    }

    private func closeDue() {
        for batch in batcher.timerFired(at: .now) { close(batch) }
    }

    /// Keeps the batch, and hands it to the sinks once Netflow has answered or its time is up.
    private func close(_ batch: Batcher.Closing) {
        report(.batchClosed(batch.source, alerts: batch.members.count))
        let answer = answers.removeValue(forKey: batch.source)
        let id = UUID()
        closing[id] = Task {
            await deliver(batch, id: id, answer)
            closing[id] = nil
        }
    }

    private func deliver(_ closed: Batcher.Closing, id: UUID, _ answer: FlowAnswer?) async {
        let now = Timestamp.now()
        let deadline = ContinuousClock.now.advanced(by: settings.flowWait)
        let members = closed.members.map(\.sequence)
        guard !workers.isEmpty, let evidence = await evidence(of: closed) else {
            await journal.finish(members)
            return
        }
        let batch = Batch(id: id, source: closed.source, opened: closed.opened, closed: now, evidence: evidence)
        await journal.close(batch, members: members, sinks: workers.map(\.name))
        let flows = await answer?.value(until: deadline)
        for (_, worker) in workers { await worker.deliver(batch, flows: flows.map { [$0] } ?? []) }
    }

    /// What the members' alerts say, read from the journal; nil when it has none of them.
    private func evidence(of batch: Batcher.Closing) async -> Evidence? {
        let members = Dictionary(batch.members.map { ($0.sequence, $0) }, uniquingKeysWith: { first, _ in first })
        var evidence: Evidence?
        for entry in await journal.entries(batch.members.map(\.sequence)) {
            guard let member = members[entry.sequence], let attacker = decider.attacker(of: entry.alert) else {
                continue
            }
            let moment = Tally(entry.alert.timestamp ?? entry.received, mayDetect: member.mayDetect)
            if evidence == nil {
                evidence = Evidence(alerts: moment, limits: settings.evidence)
            } else {
                evidence?.alerts.add(moment)
            }
            evidence?.add(entry.alert, attacker, at: moment, policyRule: decider.ruleName(member.rule))
        }
        return evidence
    }
}
