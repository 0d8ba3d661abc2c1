import FoundationEssentials
package import IPAddresses
import Isolation
import Timestamps
import Wazuh

/// What happens to an accepted alert: decided, batched with others of its source, composed, delivered.
package actor Pipeline {
    /// How long alerts wait for company, and events for Netflow.
    package struct Settings: Sendable {
        package var batch = Batcher.Limits()
        package var delivery = DeliverySchedule.Limits()
        package var pace = Pace()
        package var evidence = Evidence.Limits()
        package var budget = Budget.Limits()

        /// Whether everything is decided and nothing is sent.
        package var isObserving = false

        /// How long an event waits for Netflow after its batch closed.
        package var flowWait = Duration.seconds(5)

        package init() {}
    }

    /// How many alerts are taken out of the journal in one go.
    private static let drainLimit = 1024

    /// The rest after a go that took fewer: alerts come one by one, and waking up for each would cost more than the
    /// alert does.
    private static let drainPause = Duration.milliseconds(5)

    let settings: Settings
    let journal: any AlertJournal
    let workers: [(name: String, worker: SinkWorker)]
    let lookups: FlowLookups?
    let time: TimeSource
    let report: @Sendable (PipelineEvent) -> Void

    var decider: Decider
    var batcher: Batcher
    var context: ContextKeep

    /// What is left of the budget is asked for from elsewhere.
    let budget: Locked<Budget>

    /// Attackers who were let through as new and are not kept yet.
    var newAttackers: [AddressSighting] = []

    /// Sources that are likely to have an event.
    var events = SourceMemory(limit: rememberedEvents)
    static let rememberedEvents = 100_000

    /// What people took back: alerts of these sources are held.
    var revoked: [SourceKey: Revocation] = [:]

    /// Netflow's answers about the addresses of open batches, those that are still to come, and who was asked about.
    var answers: [SourceKey: [FlowAnswer]] = [:]
    var pendingAnswers: [ObjectIdentifier: FlowAnswer] = [:]
    var asked = LookupMemory()

    var timer: Task<Void, Never>?
    var expiry: Task<Void, Never>?
    var isEnding = false

    /// Of each source the batch that closed last and is not with every sink's worker yet. Those before it go first.
    var closing: [SourceKey: (number: Int, task: Task<Void, Never>)] = [:]
    var closings = 0

    package init(
        settings: Settings, policy: Policy, journal: any AlertJournal, sinks: [any EventSink], lookups: FlowLookups?,
        lists: ListCheck? = nil, time: TimeSource = .system, report: @escaping @Sendable (PipelineEvent) -> Void
    ) {
        self.settings = settings
        self.journal = journal
        self.lookups = lookups
        self.time = time
        self.report = report
        decider = Decider(policy: policy)
        batcher = Batcher(limits: settings.batch)
        budget = Locked(Budget(limits: settings.budget))
        // What is kept takes room that new alerts need.
        context = ContextKeep(limit: min(10_000, journal.state.capacity / 4))
        workers = sinks.map {
            (
                $0.name,
                SinkWorker(
                    sink: $0, journal: journal, limits: settings.delivery, pace: settings.pace, lists: lists,
                    time: time,
                    report: report)
            )
        }
    }

    /// Takes up what an earlier process left, and works until the journal is closed; then closes the open batches and
    /// returns when all are delivered, or are safe in the journal and can't go out now.
    ///
    /// Once no more alerts come, nobody waits for Netflow. Cancelling the surrounding task does not shorten the rest:
    /// leave it behind instead.
    package func run() async {
        for (_, worker) in workers {
            await worker.ask { [weak self] source, addresses in
                await self?.verdict(on: source, addresses) ?? .wait(reason: "the service has ended")
            }
        }
        await recover()
        while true {
            let entries = await journal.undecided(limit: Self.drainLimit)
            guard !entries.isEmpty else { break }
            await take(entries)
            if entries.count < Self.drainLimit {
                try? await Task.sleep(for: Self.drainPause)  // Cut short, it looks again at once.
            }
        }
        isEnding = true
        timer?.cancel()
        expiry?.cancel()
        for batch in batcher.closeAll() { close(batch) }
        for answer in pendingAnswers.values { answer.abandon() }
        while let last = closing.values.first { await last.task.value }
        // Where the journal is there again, an event may still come that they belong to.
        if !journal.isDurable { await journal.finish(context.removeAll()) }
        await withTaskGroup { group in
            for (_, worker) in workers { group.addTask { await worker.drained() } }
        }
    }

    /// Returns as soon as the pipeline and its workers get to it: for whoever watches whether they still do.
    package func answer() async {
        for (_, worker) in workers { await worker.answer() }
    }

    /// Stops whatever goes out, or lets it go on; alerts are taken, decided and batched all the same.
    ///
    /// - Returns: how many deliveries had begun before and are not over.
    @discardableResult
    package func setPaused(_ isPaused: Bool) async -> Int {
        var underWay = 0
        for (_, worker) in workers { underWay += await worker.setPaused(isPaused) }
        return underWay
    }

    /// Whether a source may be told of by now; `addresses` are those that are accused.
    package func verdict(on source: SourceKey, _ addresses: [IPAddress]) async -> Verdict {
        let now = time.timestamp()
        let verdict = decider.verdict(on: source, addresses, at: now)
        guard verdict == .share, let revocation = revocation(of: source, at: now) else { return verdict }
        // It may have come while a sink or a list was asked.
        return .hold(reason: "\(revocation)")
    }

    /// A sink lacks something of the source again.
    package func replayed(_ source: SourceKey, at sink: String) async {
        guard !settings.isObserving else { return }
        events.add(source)
        await lack(source, at: sink)
    }

    /// What was held of the source is outstanding at the sinks now.
    package func released(_ source: SourceKey) async {
        events.add(source)
        revoked[source] = nil
        await lack(source, at: nil)
    }

    /// Sinks lack something of the source, or hold what they are to take back.
    ///
    /// - Parameter sink: which one; nil for all.
    func lack(_ source: SourceKey, at sink: String?) async {
        guard !settings.isObserving else { return }
        for (name, worker) in workers where sink.map({ $0 == name }) ?? true {
            await worker.deliver(source, flows: [])
        }
    }

    /// How many more new attackers the budget allows now; nil where it has no limit.
    nonisolated package func budgetLeft() -> Int? {
        budget.withLock { $0.left(at: time.timestamp()) }
    }

    private func recover() async {
        let sightings = await journal.sightings()
        decider.recall(sightings)
        for revocation in await journal.revocations(at: time.timestamp()) { revoked[revocation.source] = revocation }
        for attacker in sightings.reversed() where attacker.kind == .attacker {
            events.add(attacker.source)
            budget.withLock { $0.recall(attacker.rule ?? "", at: attacker.seen) }
        }
        for (name, worker) in workers {
            await journal.sources(storedAt: name, limit: Self.rememberedEvents / 2).forEach { events.add($0) }
            if !settings.isObserving { await worker.recover().forEach { events.add($0) } }
        }
    }
}
