package import FoundationEssentials
import GRDB
import Isolation
package import Pipeline
package import Timestamps
package import Wazuh

/// A journal in an SQLite file: what it has answered for survives a crash of the process and of the machine.
///
/// The newest alerts are kept in memory as well, so that in ordinary times nothing is read back. How many alerts may
/// wait is bounded by number and by the size of the file; only what is finished is ever removed.
package final class DurableJournal: AlertJournal {
    package struct Limits: Sendable {
        /// Alerts accepted and neither finished nor in a closed batch.
        package var alerts = 1_000_000
        /// Bytes of the file in use, finished alerts included.
        package var bytes = 4 << 30
        /// Identities remembered to know duplicates by.
        package var identities = 1_000_000
        /// Bytes of alerts kept in memory.
        package var memory = 64 << 20
        /// How long what is over is kept.
        package var retention = Retention()

        package init() {}
    }

    /// What the operator should know of.
    package enum Notice: Sendable, Equatable {
        /// The file was damaged; it lies here now, and a new one was begun.
        case movedAside(String)
        /// A write or read failed; what can't be lost is tried again until it works.
        case failed(String)
        /// Something that was kept can't be read any more, and stays where it is.
        case unreadable(String)
    }

    private let lock: DirectoryLock
    let limits: Limits
    let commits: CommitQueue
    private let locked: Locked<DurableState>
    private let report: @Sendable (Notice) -> Void

    /// Opens the journal of `directory`, or begins one; the directory is made where it is missing, for nobody else to
    /// read.
    ///
    /// - Parameter report: may be called on any thread, at once too.
    package init(
        in directory: String, limits: Limits = Limits(), report: @escaping @Sendable (Notice) -> Void
    ) throws(JournalError) {
        lock = try DirectoryLock(directory)
        let file = try JournalFile(in: directory)
        if let damaged = file.damaged { report(.movedAside(damaged)) }
        do {
            locked = Locked(try file.database.read { try DurableState(limits, from: $0) })
        } catch {
            throw .unusable(file: file.path, reason: "\(error)")
        }
        self.limits = limits
        self.report = report
        commits = CommitQueue(file.database) { report(.failed(($0 as? DatabaseError)?.message ?? "\($0)")) }
    }

    package func append(
        _ alerts: [Alert], received: Timestamp, completion: @escaping @Sendable (AppendOutcome) -> Void
    ) {
        let request = AppendRequest(alerts, received: received)
        commits.add(
            CommitQueue.Work(
                write: { [self] database in
                    locked.withLock { request.take(&$0, limits) }
                    for entry in request.entries { try AlertRows.insert(entry, into: database) }
                    if locked.withLock({ $0.isToBeMeasured }) { measure(database) }
                },
                done: { [self] result in
                    let (outcome, waiter) = locked.withLock { request.end(result, &$0) }
                    waiter?.resume()
                    completion(outcome)
                },
                isLasting: false))
    }

    package func undecided(limit: Int) async -> [JournalEntry] {
        while true {
            switch locked.withLock({ $0.nextUndecided(limit: limit) }) {
            case .entries(let entries): return entries
            case .ended: return []
            case .inFile(let first, let last, let settled):
                let page = await commits.result {
                    try AlertRows.page(from: first, through: last, limit: limit, except: settled, from: $0)
                }
                locked.withLock { $0.handedOut(before: page?.next ?? last + 1) }
                if let page, !page.entries.isEmpty { return page.entries }
            case .wait:
                await withCheckedContinuation { continuation in
                    let mayGoOn = locked.withLock { $0.wait(continuation) }
                    if mayGoOn { continuation.resume() }
                }
            }
        }
    }

    package func finish(_ sequences: [UInt64]) async {
        guard !sequences.isEmpty else { return }
        let finished = SequenceRanges(sequences)
        locked.withLock { $0.settle(finished) }
        // Nobody waits for it: after a crash the same alerts would end the same way once more.
        commits.add(
            CommitQueue.Work(write: { try SettledRows.insert(finished, into: $0) }, done: { _ in }, isLasting: true))
    }

    package func entries(_ sequences: [UInt64]) async -> [JournalEntry] {
        var found = locked.withLock { state in
            sequences.reduce(into: [UInt64: JournalEntry]()) { $0[$1] = state.recent[$1] }
        }
        let missing = SequenceRanges(sequences.filter { found[$0] == nil })
        if !missing.ranges.isEmpty {
            let read = await commits.result { try AlertRows.read(missing.ranges, from: $0) }
            for entry in read ?? [] { found[entry.sequence] = entry }
        }
        return sequences.compactMap { found[$0] }
    }

    package func close(_ batch: Batch, members: [UInt64], sinks: [String]) async {
        guard !sinks.isEmpty else { return await finish(members) }
        let members = SequenceRanges(members)
        let alerts = batch.evidence.alerts.count * sinks.count
        await commits.write(encoding: { try EncodedBatch(batch) }) { batch, database in
            for sink in sinks { try OutstandingRows.insert(batch, for: sink, into: database) }
            try SettledRows.insert(members, into: database)
        }
        locked.withLock { state in
            state.settle(members)
            state.undelivered += alerts
        }
    }

    package func outstanding(of source: SourceKey, at sink: String) async -> Outstanding {
        guard let encoded = await commits.result({ try OutstandingRows.read(source, at: sink, from: $0) }) else {
            return Outstanding()
        }
        return decoded("what \(sink) lacks of \(source)") { try encoded.decoded(for: sink) } ?? Outstanding()
    }

    package func merge(_ batches: [UUID], into batch: Batch, at sink: String) async {
        await commits.write(encoding: { try EncodedBatch(batch) }) { batch, database in
            try OutstandingRows.merge(batches, into: batch, for: sink, in: database)
        }
    }

    package func begin(_ delivery: Delivery) async {
        await commits.write(encoding: { try EncodedDelivery(delivery) }) { delivery, database in
            try OutstandingRows.insert(delivery, into: database)
        }
    }

    package func finish(_ delivery: Delivery, _ receipt: Receipt, at moment: Timestamp) async {
        let (source, sink) = (delivery.source, delivery.sink)
        switch receipt {
        case .stored(let answer):
            let earlier = await history(of: source, in: sink, at: delivery.composition.window.lowerBound)
            let history = History(delivery, answer, at: moment, after: earlier)
            let isToBePublished = delivery.composition.isToBePublished
            await commits.write(encoding: { try EncodedHistory(history, isToBePublished: isToBePublished) }) {
                history, database in
                try LedgerRows.record(history, of: source, in: sink, into: database)
                try OutstandingRows.remove(deliveryOf: source, at: sink, from: database)
            }
        case .refused(let reason):
            await commits.write(encoding: { try EncodedDelivery(delivery) }) { delivery, database in
                try DeadLetterRows.insert(delivery, reason: reason, at: moment, into: database)
                try OutstandingRows.remove(deliveryOf: source, at: sink, from: database)
            }
        case .leftOut, .retry, .pause:
            await commits.write { try OutstandingRows.remove(deliveryOf: source, at: sink, from: $0) }
        }
        locked.withLock { $0.undelivered -= delivery.batch.evidence.alerts.count }
    }

    package func published(_ event: UUID, of source: SourceKey, at sink: String) async {
        await commits.write { try LedgerRows.published(event, of: source, in: sink, into: $0) }
    }

    package func drop(_ batches: [UUID], of source: SourceKey, at sink: String) async {
        let dropped = await commits.result { database in
            let before = try OutstandingRows.alerts(in: database)
            try OutstandingRows.remove(batches, of: "\(source)", from: database, sink)
            return before - (try OutstandingRows.alerts(in: database))
        }
        locked.withLock { $0.undelivered -= dropped ?? 0 }
    }

    package func history(of source: SourceKey, in sink: String, at moment: Timestamp) async -> History? {
        let found = await commits.result { try LedgerRows.history(of: source, in: sink, at: moment, from: $0) }
        guard let encoded = found ?? nil else { return nil }
        return decoded("what \(sink) holds of \(source)") { try JSONColumn.decode(History.self, from: encoded) }
    }

    package func sources(outstandingAt sink: String, after source: SourceKey?, limit: Int) async -> [SourceKey] {
        await commits.result { try OutstandingRows.sources(at: sink, after: source, limit: limit, from: $0) } ?? []
    }

    package func sources(storedAt sink: String, limit: Int) async -> [SourceKey] {
        await commits.result { try LedgerRows.sources(in: sink, limit: limit, from: $0) } ?? []
    }

    package var state: JournalState {
        locked.withLock { state in
            JournalState(
                unfinished: state.unfinished, capacity: limits.alerts, undelivered: state.undelivered,
                bytes: state.bytes, byteCapacity: limits.bytes)
        }
    }

    package var isDurable: Bool { true }

    /// Whether somebody waits for the next alerts.
    var isAwaited: Bool { locked.withLock { $0.isAwaited } }

    package func close() {
        locked.withLock { $0.close() }?.resume()
    }

    /// Looks how large the file is.
    func measure(_ database: Database) {
        guard let bytes = try? JournalFile.bytes(of: database) else { return }  // The next look may succeed.
        locked.withLock { $0.bytes = bytes }
    }

    /// The value, or nil and word of it where it can't be read.
    private func decoded<Value>(_ what: String, _ body: () throws -> Value) -> Value? {
        do {
            return try body()
        } catch {
            report(.unreadable("\(what): \(error)"))
            return nil
        }
    }
}
