import FoundationEssentials
import IPAddresses
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

    private let settings: Settings
    private let journal: any AlertJournal
    private let workers: [(name: String, worker: SinkWorker)]
    private let lookups: FlowLookups?
    private let time: TimeSource
    private let report: @Sendable (PipelineEvent) -> Void

    private var decider: Decider
    private var batcher: Batcher
    private var context: ContextKeep

    /// What is left of the budget is asked for from elsewhere.
    private let budget: Locked<Budget>

    /// Attackers who were let through as new and are not kept yet.
    private var newAttackers: [AddressSighting] = []

    /// Sources that are likely to have an event.
    private var events = SourceMemory(limit: rememberedEvents)
    private static let rememberedEvents = 100_000

    /// Netflow's answers about the addresses of open batches, those that are still to come, and who was asked about.
    private var answers: [SourceKey: [FlowAnswer]] = [:]
    private var pendingAnswers: [ObjectIdentifier: FlowAnswer] = [:]
    private var asked = LookupMemory()

    private var timer: Task<Void, Never>?
    private var expiry: Task<Void, Never>?
    private var isEnding = false

    /// Of each source the batch that closed last and is not with every sink's worker yet. Those before it go first.
    private var closing: [SourceKey: (number: Int, task: Task<Void, Never>)] = [:]
    private var closings = 0

    package init(
        settings: Settings, policy: Policy, journal: any AlertJournal, sinks: [any EventSink], lookups: FlowLookups?,
        time: TimeSource = .system, report: @escaping @Sendable (PipelineEvent) -> Void
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
                    sink: $0, journal: journal, limits: settings.delivery, pace: settings.pace, time: time,
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

    /// A sink lacks something of the source again.
    package func replayed(_ source: SourceKey, at sink: String) async {
        guard !settings.isObserving else { return }
        events.add(source)
        for (name, worker) in workers where name == sink { await worker.deliver(source, flows: []) }
    }

    private func recover() async {
        let sightings = await journal.sightings()
        decider.recall(sightings)
        for attacker in sightings.reversed() where attacker.kind == .attacker {
            events.add(attacker.source)
            budget.withLock { $0.recall(attacker.rule ?? "", at: attacker.seen) }
        }
        for (name, worker) in workers {
            await journal.sources(storedAt: name, limit: Self.rememberedEvents / 2).forEach { events.add($0) }
            if !settings.isObserving { await worker.recover().forEach { events.add($0) } }
        }
    }

    private func take(_ entries: [JournalEntry]) async {
        var counts = DecisionCounts()
        var finished: [UInt64] = []
        var holding = Holding()
        for entry in entries {
            finished += context.expire(at: entry.received)
            let (decided, rule) = decider.decide(entry.alert, received: entry.received)
            let decision = withinBudget(decided, entry, policyRule: decider.ruleName(rule))
            counts.count(decision)
            switch (decision.action, decision.attacker) {
            case (.share(let mayDetect), let attacker?):
                let member = Batcher.Member(
                    sequence: entry.sequence, rule: rule, mayDetect: mayDetect, mayOpen: true)
                let source = SourceKey(attacker.address)
                lookUp(attacker.address, of: source)
                while !add(member, of: source, received: entry.received) { await waitForRoom() }
            case (.context, let attacker?):
                let source = SourceKey(attacker.address)
                if batcher.isOpen(source) || events.holds(source) {
                    let member = Batcher.Member(sequence: entry.sequence, rule: rule, mayDetect: false, mayOpen: false)
                    while !add(member, of: source, received: entry.received) { await waitForRoom() }
                } else {
                    finished += context.add(entry.sequence, rule: rule, of: source, received: entry.received)
                }
            case (.hold, let attacker?):
                if case .budget = decision.reason {
                } else {
                    report(.setAside(decision, ruleID: entry.alert.ruleID))
                }
                holding.add(
                    entry, attacker, reason: decision.reason, mayDetect: decider.mayDetect(rule),
                    policyRule: decider.ruleName(rule), limits: settings.evidence)
            case (.investigate, _):
                report(.setAside(decision, ruleID: entry.alert.ruleID))
                finished.append(entry.sequence)
            default:
                finished.append(entry.sequence)
            }
        }
        startExpiry()
        await keepNews()
        if !holding.members.isEmpty { await journal.hold(holding.held, members: holding.members) }
        await journal.finish(finished)
        report(.decided(counts))
    }

    /// Keeps what the alerts taught, before any of them is over.
    private func keepNews() async {
        let news = decider.takeNews() + newAttackers
        newAttackers = []
        if !news.isEmpty { await journal.learn(news) }
    }

    /// What was held of the source is outstanding at the sinks now.
    package func released(_ source: SourceKey) async {
        events.add(source)
        guard !settings.isObserving else { return }
        for (_, worker) in workers { await worker.deliver(source, flows: []) }
    }

    /// The decision, or that the alert is held because its attacker is new and too many are.
    ///
    /// Known is who is likely to have an event, or an open batch. Tests name nobody.
    private func withinBudget(_ decision: Decision, _ entry: JournalEntry, policyRule: String?) -> Decision {
        guard case .share = decision.action, let attacker = decision.attacker else { return decision }
        let source = SourceKey(attacker.address)
        guard !source.isTest, !events.holds(source), !batcher.isOpen(source) else { return decision }
        let rule = entry.alert.ruleID
        let (bound, isToBeTold) = budget.withLock { budget in
            let bound = budget.spend(for: rule, at: entry.received)
            return (bound, bound.map { budget.isToBeTold($0, at: entry.received) } ?? false)
        }
        guard let bound else {
            // Who is only observed is as new as ever once things are sent.
            if settings.isObserving { return decision }
            newAttackers.append(AddressSighting(.attacker, source, seen: entry.received, rule: rule))
            return decision
        }
        if isToBeTold { report(.budgetSpent(bound, ruleID: rule)) }
        return Decision(action: .hold, attacker: attacker, reason: .budget(rule: policyRule ?? "", bound))
    }

    /// How many more new attackers the budget allows now; nil where it has no limit.
    nonisolated package func budgetLeft() -> Int? {
        budget.withLock { $0.left(at: time.timestamp()) }
    }

    /// Adds an alert to its source's batch; false when there is no room for another batch.
    private func add(_ member: Batcher.Member, of source: SourceKey, received: Timestamp) -> Bool {
        switch batcher.add(member, of: source, received: received, at: time.instant()) {
        case .joined: break
        case .opened:
            opened(source, received: received)
            startTimer()
        case .closed(let batch):
            close(batch)
            // A batch that closes with its first alert has opened, too.
            if batch.members.count == 1 { opened(source, received: received) }
        case .full: return false
        }
        return true
    }

    /// The alerts stay in the journal meanwhile, which pushes back on whoever sends them.
    private func waitForRoom() async {
        await keepNews()
        guard let deadline = batcher.nextDeadline else { return }
        await time.sleep(deadline)
        closeDue()
    }

    /// A batch was opened: what was kept for an event of the source joins.
    private func opened(_ source: SourceKey, received: Timestamp) {
        events.add(source)
        for earlier in context.take(source) { _ = add(earlier, of: source, received: received) }
    }

    /// Asks Netflow about an address that may get an event, unless it was asked lately.
    private func lookUp(_ address: IPAddress, of source: SourceKey) {
        guard !settings.isObserving, let lookups, (answers[source]?.count ?? 0) < settings.evidence.attackers,
            asked.mayAsk(address, at: time.instant())
        else { return }
        let answer = FlowAnswer(about: address)
        answers[source, default: []].append(answer)
        pendingAnswers[ObjectIdentifier(answer)] = answer
        Task {
            var findings = await lookups.findings(for: address)
            findings.keepStrongest(Self.keptPeers)
            answer.complete(with: findings)
            pendingAnswers[ObjectIdentifier(answer)] = nil
            if findings.flowRecords == 0, !findings.incomplete.isEmpty { asked.forget(address) }
        }
    }

    /// Peers of an address that are kept one by one.
    private static let keptPeers = 200

    private func startTimer() {
        guard timer == nil else { return }
        timer = Task {
            while let deadline = batcher.nextDeadline, !Task.isCancelled {
                await time.sleep(deadline)
                closeDue()
            }
            timer = nil
        }
    }

    private func closeDue() {
        for batch in batcher.timerFired(at: time.instant()) { close(batch) }
    }

    /// Lets go of kept alerts when their hour is over, also when no others come.
    private func startExpiry() {
        guard expiry == nil, !isEnding, context.nextExpiry != nil else { return }
        expiry = Task {
            while let next = context.nextExpiry, !Task.isCancelled {
                let wait = max(.seconds(1), min(next - time.timestamp(), ContextKeep.horizon) + .seconds(1))
                await time.sleep(time.instant().advanced(by: wait))
                await journal.finish(context.expire(at: time.timestamp()))
            }
            expiry = nil
        }
    }

    /// Keeps the batch, and hands it to the sinks once Netflow has answered or its time is up.
    private func close(_ batch: Batcher.Closing) {
        report(.batchClosed(batch.source, alerts: batch.members.count))
        let answers = answers.removeValue(forKey: batch.source) ?? []
        let deadline = isEnding ? time.instant() : time.instant().advanced(by: settings.flowWait)
        let previous = closing[batch.source]?.task
        closings += 1
        let number = closings
        let task = Task {
            await deliver(batch, answers, until: deadline, after: previous)
            if closing[batch.source]?.number == number { closing[batch.source] = nil }
        }
        closing[batch.source] = (number, task)
    }

    private func deliver(
        _ closed: Batcher.Closing, _ answers: [FlowAnswer], until deadline: ContinuousClock.Instant,
        after previous: Task<Void, Never>?
    ) async {
        let members = closed.members.map(\.sequence)
        guard !settings.isObserving else {
            if closed.mayOpen { report(.observed(closed.source, alerts: members.count)) }
            return await journal.finish(members)
        }
        guard !workers.isEmpty else { return await journal.finish(members) }
        // Batches of a source reach the journal in the order in which they closed.
        await previous?.value
        if !closed.mayOpen {
            guard await hasEvent(closed) else { return await keep(closed) }
        }
        let now = time.timestamp()
        guard let evidence = await evidence(of: closed) else { return await journal.finish(members) }
        let batch = Batch(
            id: UUID(), source: closed.source, opened: closed.opened, closed: now, evidence: evidence,
            mayOpen: closed.mayOpen)
        await journal.close(batch, members: members, sinks: workers.map(\.name))
        var flows: [FlowFindings] = []
        for answer in answers {
            if let findings = await answer.value(until: deadline, time) {
                flows.append(findings)
            } else {
                asked.forget(answer.address)
            }
        }
        for (_, worker) in workers { await worker.deliver(batch.source, flows: flows) }
    }

    /// Whether a sink has an event that the batch can join, or is about to.
    private func hasEvent(_ batch: Batcher.Closing) async -> Bool {
        for (_, worker) in workers {
            if await worker.hasEvent(of: batch.source, at: batch.opened) { return true }
        }
        return false
    }

    /// There is no event after all: the alerts wait for one, like those that come now.
    private func keep(_ batch: Batcher.Closing) async {
        if !batcher.isOpen(batch.source) { events.remove(batch.source) }
        var gone: [UInt64] = []
        for member in batch.members {
            if batcher.isOpen(batch.source), add(member, of: batch.source, received: batch.opened) { continue }
            gone += context.add(member.sequence, rule: member.rule, of: batch.source, received: batch.opened)
        }
        startExpiry()
        await journal.finish(gone)
    }

    /// What the members' alerts say, read from the journal; nil when it has none of them.
    private func evidence(of batch: Batcher.Closing) async -> Evidence? {
        let members = Dictionary(batch.members.map { ($0.sequence, $0) }, uniquingKeysWith: { first, _ in first })
        var evidence: Evidence?
        for entry in await journal.entries(batch.members.map(\.sequence)) {
            guard let member = members[entry.sequence], let attacker = decider.attacker(of: entry.alert) else {
                continue
            }
            Evidence.count(
                entry, attacker, mayDetect: member.mayDetect, policyRule: decider.ruleName(member.rule),
                settings.evidence, into: &evidence)
        }
        return evidence
    }
}
