package import FoundationEssentials
import Isolation
package import Pipeline
package import Timestamps
package import Wazuh

/// A journal that lives in memory: bounded, and gone when the process ends.
package final class MemoryJournal: AlertJournal {
    package struct Limits: Sendable {
        /// Alerts accepted and not finished.
        package var alerts = 100_000
        /// Their bytes, and those of what sinks lack.
        package var bytes = 256 << 20
        /// Identities remembered to know duplicates by.
        package var identities = 1_000_000
        /// Ledger entries over all sinks, and about how many bytes they take; the longest unchanged goes first.
        package var ledger = 20_000
        package var ledgerBytes = 128 << 20
        /// Sources that are held for a person, and about how many bytes they take; the longest unchanged goes first.
        package var held = 10_000
        package var heldBytes = 64 << 20
        /// Dead letters; the oldest go first.
        package var deadLetters = 1000

        package init() {}
    }

    fileprivate struct State {
        var entries = EntryStore(first: 1)
        var bytes = 0
        var nextSequence: UInt64 = 1
        /// The first sequence number that was not handed out.
        var nextUndecided: UInt64 = 1
        var identities: IdentityMemory
        var outstanding = OutstandingStore()
        var ledger: Ledger
        var held: HeldStore
        var deadLetters: DeadLetterStore
        var waiter: CheckedContinuation<Void, Never>?
        var isClosed = false
    }

    private let limits: Limits
    private let locked: Locked<State>

    package init(limits: Limits = Limits()) {
        self.limits = limits
        locked = Locked(
            State(
                identities: IdentityMemory(limit: limits.identities),
                ledger: Ledger(limit: limits.ledger, bytes: limits.ledgerBytes),
                held: HeldStore(limit: limits.held, bytes: limits.heldBytes),
                deadLetters: DeadLetterStore(limit: limits.deadLetters)))
    }

    package func append(
        _ alerts: [Alert], received: Timestamp, completion: @escaping @Sendable (AppendOutcome) -> Void
    ) {
        let limits = limits
        let (outcome, waiter) = locked.withLock { state in
            let outcome = state.take(alerts, received: received, limits: limits)
            let waiter = state.hasUndecided ? state.waiter.take() : nil
            return (outcome, waiter)
        }
        waiter?.resume()
        completion(outcome)
    }

    package func undecided(limit: Int) async -> [JournalEntry] {
        while true {
            let (entries, isClosed) = locked.withLock { ($0.handOut(limit: limit), $0.isClosed) }
            if !entries.isEmpty || isClosed { return entries }
            await withCheckedContinuation { continuation in
                let mayGoOn = locked.withLock { state in
                    if state.hasUndecided || state.isClosed { return true }
                    precondition(state.waiter == nil, "one caller at a time takes alerts")
                    state.waiter = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        }
    }

    package func finish(_ sequences: [UInt64]) async {
        locked.withLock { $0.remove(sequences) }
    }

    package func entries(_ sequences: [UInt64]) async -> [JournalEntry] {
        locked.withLock { state in sequences.compactMap { state.entries[$0] } }
    }

    package func close(_ batch: Batch, members: [UInt64], sinks: [String]) async {
        locked.withLock { state in
            state.remove(members)
            for sink in sinks { state.outstanding.add(batch, to: sink) }
        }
    }

    package func outstanding(of source: SourceKey, at sink: String) async -> Outstanding {
        locked.withLock { state in
            var outstanding = state.outstanding[source, sink]
            outstanding.unpublished = state.ledger.unpublished(of: source, in: sink)
            outstanding.withdrawing = state.ledger.withdrawing(of: source, in: sink)
            outstanding.revocation = state.ledger.revoked[source]
            return outstanding
        }
    }

    package func merge(_ batches: [UUID], into batch: Batch, at sink: String) async {
        locked.withLock { $0.outstanding.merge(batches, into: batch, at: sink) }
    }

    @discardableResult
    package func begin(_ delivery: Delivery) async -> Bool {
        locked.withLock { state in
            if state.ledger.revoked[delivery.source]?.holds(for: delivery) ?? false { return false }
            state.outstanding.begin(delivery)
            return true
        }
    }

    package func finish(_ delivery: Delivery, _ receipt: Receipt, at moment: Timestamp) async {
        locked.withLock { state in
            switch receipt {
            case .stored(let answer): state.ledger.record(delivery, answer, at: moment)
            case .refused(let reason): state.deadLetters.add(delivery, reason: reason, at: moment)
            case .leftOut, .retry, .pause: break
            }
            state.outstanding.finish(delivery)
        }
    }

    package func join(_ batches: [UUID], as batch: Batch, at sink: String) async -> Bool {
        locked.withLock { state in
            guard state.deadLetters.join(batch, at: sink) else { return false }
            state.outstanding.drop(batches, of: batch.source, at: sink)
            return true
        }
    }

    package func published(_ event: UUID, of source: SourceKey, at sink: String, moment: Timestamp) async {
        locked.withLock { $0.ledger.published(event, of: source, in: sink) }
    }

    package func revoke(_ revocation: Revocation) async -> Revoked {
        locked.withLock { state in
            var revoked = Revoked()
            revoked.sinks = state.ledger.revoke(revocation)
            let (dropped, sending) = state.outstanding.revoke(revocation.source)
            revoked.dropped = dropped
            revoked.sinks.formUnion(sending)
            if !revoked.isEmpty { state.ledger.remember(revocation) }
            return revoked
        }
    }

    package func revocations(at moment: Timestamp) async -> [Revocation] {
        locked.withLock { $0.ledger.revoked.values.filter { $0.until > moment } }
    }

    package func retire(
        unseenSince moment: Timestamp, limit: Int, now: Timestamp
    ) async -> [(sink: String, source: SourceKey)] {
        locked.withLock { $0.ledger.retire(unseenSince: moment, limit: limit, now: now) }
    }

    package func withdrawn(
        _ entry: History, of source: SourceKey, at sink: String, _ receipt: Receipt, moment: Timestamp
    ) async {
        locked.withLock { $0.ledger.withdrawn(entry, of: source, in: sink, receipt, at: moment) }
    }

    package func drop(_ batches: [UUID], of source: SourceKey, at sink: String) async {
        locked.withLock { $0.outstanding.drop(batches, of: source, at: sink) }
    }

    package func history(of source: SourceKey, in sink: String, at moment: Timestamp) async -> History? {
        locked.withLock { $0.ledger.history(of: source, in: sink, at: moment) }
    }

    /// None: what was there has gone with the process that had it.
    package func sources(outstandingAt sink: String, after source: SourceKey?, limit: Int) async -> [SourceKey] { [] }

    package func sources(storedAt sink: String, limit: Int) async -> [SourceKey] {
        locked.withLock { $0.ledger.sources(in: sink, limit: limit) }
    }

    package func hold(_ held: [Held], members: [UInt64]) async {
        locked.withLock { state in
            state.remove(members)
            for source in held { state.held.add(source) }
        }
    }

    package func heldSources(after source: SourceKey?, limit: Int) async -> [Held] {
        locked.withLock { $0.held.page(after: source, limit: limit) }
    }

    package func held(_ source: SourceKey) async -> Held? { locked.withLock { $0.held[source] } }

    package func release(_ source: SourceKey, to sinks: [String]) async -> Held? {
        guard !sinks.isEmpty else { return nil }
        return locked.withLock { state in
            guard let held = state.held.remove(source) else { return nil }
            state.ledger.forgetRevocation(of: source)
            for sink in sinks { state.outstanding.add(held.batch.asReleased, to: sink) }
            return held
        }
    }

    package func dropHeld(_ source: SourceKey) async -> Held? { locked.withLock { $0.held.remove(source) } }

    package func expireHeld(lastReceivedBefore moment: Timestamp) async -> [SourceKey] {
        locked.withLock { $0.held.expire(lastReceivedBefore: moment) }
    }

    /// Nothing to do: who asks for it is the next process, and that finds nothing here.
    package func learn(_ sightings: [AddressSighting]) async {}

    package func sightings() async -> [AddressSighting] { [] }

    package func deadLetters(after id: Int64, limit: Int) async -> [DeadLetter] {
        locked.withLock { Array($0.deadLetters.letters.lazy.filter { $0.id > id }.prefix(limit)) }
    }

    package func replay(deadLetter id: Int64) async -> DeadLetter? {
        locked.withLock { state in
            guard let (letter, batch) = state.deadLetters.remove(id) else { return nil }
            state.outstanding.add(batch, to: letter.sink)
            return letter
        }
    }

    package func drop(deadLetter id: Int64) async -> DeadLetter? {
        locked.withLock { $0.deadLetters.remove(id)?.letter }
    }

    package func tidy(at moment: Timestamp) async {}

    package func answer() async {}

    package var isDurable: Bool { false }

    package var state: JournalState {
        locked.withLock { state in
            JournalState(
                unfinished: state.entries.count, capacity: limits.alerts, undelivered: state.outstanding.alerts,
                bytes: state.bytes + state.outstanding.bytes, byteCapacity: limits.bytes, held: state.held.count)
        }
    }

    /// Whether somebody waits for the next alerts.
    var isAwaited: Bool { locked.withLock { $0.waiter != nil } }

    package func close() {
        let waiter = locked.withLock { state in
            state.isClosed = true
            return state.waiter.take()
        }
        waiter?.resume()
    }
}

extension MemoryJournal.State {
    var hasUndecided: Bool { nextUndecided < nextSequence }

    mutating func take(_ alerts: [Alert], received: Timestamp, limits: MemoryJournal.Limits) -> AppendOutcome {
        if isClosed { return .failed(reason: "the service is stopping") }
        let size = alerts.reduce(0) { $0 + $1.bytes.count }
        if entries.count + alerts.count > limits.alerts || bytes + outstanding.bytes + size > limits.bytes,
            let refusal = refusal(of: alerts, limits: limits)
        {
            return refusal
        }
        var duplicates = 0
        for alert in alerts {
            guard identities.insert(alert.identity) else {
                duplicates += 1
                continue
            }
            entries.append(JournalEntry(sequence: nextSequence, received: received, alert: alert))
            bytes += alert.bytes.count
            nextSequence += 1
        }
        return .stored(duplicates: duplicates)
    }

    /// Why there is no room for those of the alerts that are new; nil where there is.
    private func refusal(of alerts: [Alert], limits: MemoryJournal.Limits) -> AppendOutcome? {
        var seen: Set<AlertIdentity> = []
        let new = alerts.filter { !identities.holds($0.identity) && seen.insert($0.identity).inserted }
        let size = new.reduce(0) { $0 + $1.bytes.count }
        if new.count > limits.alerts || size > limits.bytes { return .tooLarge }
        return entries.count + new.count > limits.alerts || bytes + outstanding.bytes + size > limits.bytes
            ? .full : nil
    }

    mutating func handOut(limit: Int) -> [JournalEntry] {
        let end = min(nextSequence, nextUndecided + UInt64(limit))
        defer { nextUndecided = end }
        return (nextUndecided..<end).compactMap { entries[$0] }
    }

    mutating func remove(_ sequences: [UInt64]) {
        for sequence in sequences {
            if let entry = entries.remove(sequence) { bytes -= entry.alert.bytes.count }
        }
    }
}
