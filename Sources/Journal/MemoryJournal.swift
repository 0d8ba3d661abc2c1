import FoundationEssentials
import Isolation
package import Pipeline
package import Timestamps
package import Wazuh

/// A journal that lives in memory: bounded, and gone when the process ends.
package final class MemoryJournal: AlertJournal {
    package struct Limits: Sendable {
        /// Alerts accepted and not finished.
        package var alerts = 100_000
        /// Their bytes.
        package var bytes = 256 << 20
        /// Identities remembered to know duplicates by.
        package var identities = 1_000_000
        /// Ledger entries over all sinks; the longest unchanged goes first.
        package var ledger = 20_000

        package init() {}
    }

    fileprivate struct State {
        var entries = EntryStore(first: 1)
        var bytes = 0
        var nextSequence: UInt64 = 1
        /// The first sequence number that was not handed out.
        var nextUndecided: UInt64 = 1
        var identities: IdentityMemory
        var batches: [UUID: OpenBatch] = [:]
        var ledger: Ledger
        var waiter: CheckedContinuation<Void, Never>?
        var isClosed = false
    }

    fileprivate struct OpenBatch {
        let members: [UInt64]
        var sinks: Set<String>
    }

    private let limits: Limits
    private let locked: Locked<State>

    package init(limits: Limits = Limits()) {
        self.limits = limits
        locked = Locked(
            State(identities: IdentityMemory(limit: limits.identities), ledger: Ledger(limit: limits.ledger)))
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
            if sinks.isEmpty {
                state.remove(members)
            } else {
                state.batches[batch.id] = OpenBatch(members: members, sinks: Set(sinks))
            }
        }
    }

    package func begin(_ delivery: Delivery) async {}

    package func finish(_ delivery: Delivery, _ receipt: Receipt) async {
        locked.withLock { state in
            if case .stored = receipt { state.ledger.record(delivery) }
            for id in delivery.batches {
                guard var batch = state.batches.removeValue(forKey: id) else { continue }
                batch.sinks.remove(delivery.sink)
                if batch.sinks.isEmpty { state.remove(batch.members) } else { state.batches[id] = batch }
            }
        }
    }

    package func history(of source: SourceKey, in sink: String, at moment: Timestamp) async -> History? {
        locked.withLock { $0.ledger.history(of: source, in: sink, at: moment) }
    }

    package var state: JournalState {
        locked.withLock { state in
            JournalState(
                unfinished: state.entries.count, capacity: limits.alerts, bytes: state.bytes,
                oldest: state.entries.oldest?.received)
        }
    }

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
        guard entries.count + alerts.count <= limits.alerts, bytes + size <= limits.bytes else { return .full }
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
