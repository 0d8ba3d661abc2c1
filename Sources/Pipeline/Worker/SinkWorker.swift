import FoundationEssentials
import IPAddresses
import Timestamps

/// Composes and delivers what one sink lacks: the journal says what, the schedule says when, this performs it.
actor SinkWorker {
    let sink: any EventSink
    let journal: any AlertJournal
    let lists: ListCheck?
    private let pace: Pace
    private let publication: Publication
    private let time: TimeSource
    let report: @Sendable (PipelineEvent) -> Void
    private var schedule: DeliverySchedule

    /// Whether a source may be told of, by itself and by the addresses that are accused; asked right before.
    var mayShare: @Sendable (SourceKey, [IPAddress]) async -> Verdict = { _, _ in .share }

    /// What Netflow said of a source when its batch closed, until the batch is composed.
    private var flows: [SourceKey: [FlowFindings]] = [:]
    private var alarm: Task<Void, Never>?
    private var isEnding = false
    private var idleWaiters: [CheckedContinuation<Void, Never>] = []

    init(
        sink: any EventSink, journal: any AlertJournal, limits: DeliverySchedule.Limits, pace: Pace = Pace(),
        publication: Publication = Publication(), lists: ListCheck? = nil, time: TimeSource = .system,
        report: @escaping @Sendable (PipelineEvent) -> Void
    ) {
        self.sink = sink
        self.journal = journal
        self.lists = lists
        self.pace = pace
        self.publication = publication
        self.time = time
        self.report = report
        schedule = DeliverySchedule(limits: limits)
    }

    /// Asks `mayShare` from now on before anybody is told of.
    func ask(_ mayShare: @escaping @Sendable (SourceKey, [IPAddress]) async -> Verdict) {
        self.mayShare = mayShare
    }

    /// Takes up what the sink lacked when the program ended last; of which sources that is.
    func recover() async -> [SourceKey] {
        var all: [SourceKey] = []
        while true {
            let sources = await journal.sources(outstandingAt: sink.name, after: all.last, limit: Self.page)
            guard !sources.isEmpty else { break }
            sources.forEach { schedule.add($0) }
            all += sources
        }
        proceed()
        return all
    }

    /// Sources that are read from the journal in one go.
    private static let page = 1000

    /// The sink lacks a batch of the source that the journal keeps; with what Netflow said of the source meanwhile.
    func deliver(_ source: SourceKey, flows findings: [FlowFindings]) {
        if !findings.isEmpty { flows[source] = merged(flows[source], with: findings) }
        schedule.add(source)
        proceed()
    }

    /// Begins nothing any more, or goes on. How many deliveries had begun and are not over is told.
    func setPaused(_ isPaused: Bool) -> Int {
        schedule.isPaused = isPaused
        proceed()
        return schedule.underWay
    }

    /// Whether the sink has an event of the source that alerts of `moment` belong to, or is about to have one.
    func hasEvent(of source: SourceKey, at moment: Timestamp) async -> Bool {
        if schedule.holds(source) { return true }
        do {
            return try await journal.history(of: source, in: sink.name, at: moment) != nil
        } catch {
            return true  // There is something, which can't be read.
        }
    }

    /// Returns when everything is delivered.
    ///
    /// Where the journal is there again when the process is not, what can't go out now is left to the next start.
    func drained() async {
        isEnding = true
        if mayHurry { schedule.hurry() }
        proceed()
        guard !isDrained else { return }
        await withCheckedContinuation { idleWaiters.append($0) }
    }

    /// Returns as soon as the worker gets to it.
    func answer() {}

    private var isDrained: Bool { journal.isDurable ? schedule.isAtRest : schedule.isIdle }

    /// Whether nothing is under way, and nothing could begin by now.
    var isAtRest: Bool { schedule.isAtRest }

    /// Begins whatever is due.
    func proceed() {
        while let source = schedule.next(at: time.instant()) {
            Task { await serve(source) }
        }
        alarm?.cancel()
        if isEnding, isDrained {
            // What is left is left to the next start, also when the end takes a while.
            alarm = nil
            idleWaiters.forEach { $0.resume() }
            idleWaiters = []
            return
        }
        alarm = schedule.nextDeadline.map { deadline in
            Task {
                await time.sleep(deadline)
                if !Task.isCancelled { proceed() }
            }
        }
    }

    /// Does what is outstanding of the source.
    private func serve(_ source: SourceKey) async {
        do {
            var outstanding = try await journal.outstanding(of: source, at: sink.name)
            let isRevoked = outstanding.revocation.map { $0.until > time.timestamp() } ?? false
            if isRevoked {
                await letGo(of: outstanding)
                outstanding.batches = []
            }
            if let delivery = outstanding.delivery {
                try await goOn(with: delivery, isRevoked: isRevoked)
            } else if let entry = outstanding.withdrawing {
                await withdraw(entry, of: source)
            } else {
                try await tell(source, outstanding)
            }
        } catch {
            // Somebody has to look at what the journal can't read; others go on.
            postpone(source, for: Self.unreadableRest, looking: .zero)
        }
        proceed()
    }

    /// Sends what was composed earlier, unless that is not to be sent any more.
    private func goOn(with delivery: Delivery, isRevoked: Bool) async throws {
        if isRevoked {
            // It may have arrived when it was sent before: it counts as stored, so that it is taken back.
            await journal.finish(delivery, .stored(Receipt.Stored(confirmed: 0)), at: time.timestamp())
            return postpone(delivery.source, for: .zero, looking: .zero)
        }
        if let wait = await withheld(delivery) { return postpone(delivery.source, for: wait, looking: .zero) }
        let history = try await journal.history(
            of: delivery.source, in: sink.name, at: delivery.composition.window.lowerBound)
        let note = history?.event == delivery.composition.event ? history?.note : nil
        await send(delivery, note: note, hasMore: true)
    }

    /// How long a source rests of which the journal can't read what it keeps.
    private static let unreadableRest = Duration.seconds(3600)

    /// Tells the sink of batches, or has it publish, what is due first; else waits for that.
    private func tell(_ source: SourceKey, _ outstanding: Outstanding) async throws {
        var waits: [Duration] = []
        if let first = outstanding.batches.first {
            let history = try await journal.history(of: source, in: sink.name, at: first.opened)
            do {
                guard let wait = try await tell(outstanding.batches, first, history) else { return }
                waits.append(wait)
            } catch {
                let receipt = (error as? ListsUnanswered)?.receipt ?? sink.receipt(for: error)
                answered(receipt, for: source, hasMore: true)
                return report(.sinkNotReady(sink: sink.name, receipt))
            }
        }
        if let unpublished = outstanding.unpublished {
            let wait = publication.wait(unpublished, at: time.timestamp())
            guard wait > .zero, !mayHurry else { return await publish(unpublished, of: source) }
            waits.append(wait)
        }
        guard let wait = waits.min() else {
            flows[source] = nil
            return schedule.finished(source, at: time.instant())
        }
        // Where batches wait, more of the same is most likely to come.
        postpone(source, for: wait, looking: outstanding.batches.isEmpty ? .zero : pace.update)
    }

    /// Ends the source's turn for a while; `interval` is how long what comes new is not looked at.
    private func postpone(_ source: SourceKey, for wait: Duration, looking interval: Duration) {
        let now = time.instant()
        schedule.postponed(
            source, until: now.advanced(by: wait), looksFrom: now.advanced(by: interval), at: now)
    }

    /// Tells the sink of batches, or of those among them that belong to the same event as the first. How long they have
    /// to wait where it is not yet their time.
    private func tell(_ all: [Batch], _ first: Batch, _ history: History?) async throws -> Duration? {
        let source = first.source
        try await sink.prepare()
        let window = history?.window ?? sink.window(of: first.opened)
        let batches = all.filter { window.contains($0.opened) || $0.id == first.id }
        var batch = first.merged(with: batches.dropFirst())
        guard history != nil || batch.mayOpen else {
            await journal.drop(batches.map(\.id), of: source, at: sink.name)
            flows[source] = nil
            return .zero  // Another window's may be left.
        }
        let findings = merged(history?.flows, with: flows[source] ?? [])
        let wait = pace.wait(batch, flows: findings, after: history, at: time.timestamp())
        guard wait == .zero || mayHurry else {
            if batches.count > Self.mostWaiting { await journal.merge(batches.map(\.id), into: batch, at: sink.name) }
            return wait
        }
        guard let listed = try await listed(batch, of: batches) else { return .zero }
        batch = listed
        if let wait = await withheld(batch, of: batches) { return wait }
        guard keepsTurn(source) else { return nil }
        let composition: Composition
        do {
            composition = try sink.compose(history, batch, flows: findings, now: time.timestamp())
        } catch {
            guard case .refused(let reason) = sink.receipt(for: error) else { throw error }
            await bury(batch, of: batches, history, window: window, flows: findings, reason, at: time.timestamp())
            flows[source] = nil
            return .zero
        }
        let delivery = Delivery(
            sink: sink.name, batch: batch, batches: batches.map(\.id), composition: composition, flows: findings)
        let mayBegin = await journal.begin(delivery)
        flows[source] = nil
        guard mayBegin else { return .zero }
        await send(delivery, note: history?.note, hasMore: batches.count < all.count)
        return nil
    }

    /// Whether nothing waits for its turn any more: the journal ends with the process.
    private var mayHurry: Bool { isEnding && !journal.isDurable }

    /// Batches of a source that wait one by one.
    private static let mostWaiting = 16

    private func merged(_ earlier: [FlowFindings]?, with findings: [FlowFindings]) -> [FlowFindings] {
        (earlier ?? []).updated(with: findings, limit: Self.keptAddresses)
    }

    /// Addresses of a source whose flows are kept: an IPv6 attacker has as many as it likes.
    private static let keptAddresses = 64

    /// Whether what has its turn may go out; a pause that began meanwhile takes the turn back.
    private func keepsTurn(_ source: SourceKey) -> Bool {
        if schedule.isPaused { schedule.withdrawn(source, at: time.instant()) }
        return !schedule.isPaused
    }

    /// - Parameter hasMore: whether batches of the source may be left.
    private func send(_ delivery: Delivery, note: [UInt8]?, hasMore: Bool) async {
        guard keepsTurn(delivery.source) else { return }
        let began = ContinuousClock.now
        let receipt = await sink.deliver(delivery.composition, note: note)
        let took = ContinuousClock.now - began
        // Before the source's next batches are composed, which must know what the sink holds.
        if receipt.isFinal { await journal.finish(delivery, receipt, at: time.timestamp()) }
        answered(receipt, for: delivery.source, hasMore: hasMore || delivery.composition.isToBePublished)
        report(.delivered(delivery, receipt, took: took))
    }

    private func publish(_ unpublished: Unpublished, of source: SourceKey) async {
        let event = unpublished.event
        // That somebody was shared wrongly is told whatever may be said of him otherwise.
        switch unpublished.isUrgent ? .share : await mayShare(source, []) {
        case .share, .hold: break
        case .wait: return postpone(source, for: Self.verdictRest, looking: .zero)
        case .never(let reason):
            await journal.published(event, of: source, at: sink.name, moment: time.timestamp())
            report(.published(source, event: event, sink: sink.name, .leftOut(reason: reason)))
            return postpone(source, for: .zero, looking: .zero)
        }
        guard keepsTurn(source) else { return }
        let receipt = await sink.publish(event)
        if receipt.isFinal { await journal.published(event, of: source, at: sink.name, moment: time.timestamp()) }
        answered(receipt, for: source, hasMore: true)
        report(.published(source, event: event, sink: sink.name, receipt))
    }

    /// What came for a revoked source while it was revoked goes nowhere.
    private func letGo(of outstanding: Outstanding) async {
        guard let source = outstanding.batches.first?.source else { return }
        await journal.drop(outstanding.batches.map(\.id), of: source, at: sink.name)
        flows[source] = nil
    }

    /// Has the sink take back what it holds.
    private func withdraw(_ entry: History, of source: SourceKey) async {
        guard let withdrawal = entry.withdrawal, keepsTurn(source) else { return }
        let receipt: Receipt
        do {
            try await sink.prepare()
            receipt = await sink.withdraw(entry, withdrawal)
        } catch {
            receipt = sink.receipt(for: error)
        }
        if receipt.isFinal {
            await journal.withdrawn(entry, of: source, at: sink.name, receipt, moment: time.timestamp())
        }
        answered(receipt, for: source, hasMore: true)
        report(.withdrawn(source, event: entry.event, withdrawal, sink: sink.name, receipt))
    }

    private func answered(_ receipt: Receipt, for source: SourceKey, hasMore: Bool) {
        let before = schedule.breaker.state
        schedule.answered(
            receipt, for: source, hasMore: hasMore, at: time.instant(), random: .random(in: 0..<1))
        if schedule.breaker.state != before { report(.breaker(sink: sink.name, schedule.breaker.state)) }
    }
}
