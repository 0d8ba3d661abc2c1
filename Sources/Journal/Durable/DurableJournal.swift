import Dispatch
package import FoundationEssentials
import GRDB
import Isolation
package import Pipeline
package import Timestamps
package import Wazuh

/// A journal in an SQLite file: what it has answered for survives a crash of the process and of the machine.
///
/// Alerts are kept in memory as well while there is room, so that in ordinary times nothing is read back. How many alerts may
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

    private let lock: DirectoryLock
    let limits: Limits
    let commits: CommitQueue
    let locked: Locked<DurableState>
    let report: @Sendable (Notice) -> Void

    /// Opens the journal of `directory`, or begins one; the directory is made where it is missing, for nobody else to
    /// read.
    ///
    /// - Parameter report: may be called on any thread, at once too.
    package init(
        in directory: String, limits: Limits = Limits(), report: @escaping @Sendable (Notice) -> Void
    ) throws(JournalError) {
        lock = try DirectoryLock(directory)
        let (file, state) = try JournalFile.open(in: directory) { try DurableState(limits, from: $0) }
        if let damaged = file.damaged { report(.movedAside(damaged)) }
        locked = Locked(state)
        self.limits = limits
        self.report = report
        commits = CommitQueue(file.database) { error in
            guard let error = error as? DatabaseError else { return report(.failed("\(error)")) }
            if error.isDamage {
                JournalFile.markDamaged(in: directory)
                report(.damaged(file.path))
            } else {
                report(.failed(error.message ?? "\(error.resultCode)"))
            }
        }
    }

    package func append(
        _ alerts: [Alert], received: Timestamp, completion: @escaping @Sendable (AppendOutcome) -> Void
    ) {
        let size = alerts.reduce(0) { $0 + $1.bytes.count }
        guard locked.withLock({ $0.mayQueue(size) }) else { return completion(.full) }
        let request = AppendRequest(alerts, received: received)
        commits.add(
            CommitQueue.Work(
                write: { [self] database in
                    locked.withLock { request.take(&$0, limits) }
                    for entry in request.entries { try AlertRows.insert(entry, into: database) }
                    if locked.withLock({ $0.isToBeMeasured }) { measure(database) }
                },
                done: { [self] result in
                    let (outcome, waiter) = locked.withLock { state in
                        state.dequeued(size)
                        return request.end(result, &state)
                    }
                    waiter?.resume()
                    completion(outcome)
                },
                isLasting: false))
    }

    package func undecided(limit: Int) async -> [JournalEntry] {
        while true {
            switch locked.withLock({ $0.nextUndecided(limit: limit) }) {
            case .entries(let entries): return entries
            case .ended:
                await writeFinished()
                return []
            case .inFile(let first, let last, let settled):
                let page = await commits.result {
                    try AlertRows.page(from: first, through: last, limit: limit, except: settled, from: $0)
                }
                for sequence in page.unreadable { report(.unreadable("alert \(sequence)")) }
                locked.withLock { $0.handedOut(before: page.next) }
                if !page.entries.isEmpty { return page.entries }
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
        let (isFirst, isOpen) = locked.withLock { ($0.finish(sequences), $0.isOpen) }
        // Nobody waits for it: after a crash the same alerts would end the same way once more.
        guard isOpen else { return await writeFinished() }
        if isFirst { commits.add(finishing {}, after: Self.finishingPause) }
    }

    /// How long what is over waits for company.
    private static let finishingPause = DispatchTimeInterval.seconds(1)

    /// Tells the file of what is over.
    private func finishing(_ done: @escaping @Sendable () -> Void) -> CommitQueue.Work {
        CommitQueue.Work(
            write: { [self] database in
                try SettledRows.insert(locked.withLock { $0.finished.next() }, into: database)
            },
            done: { [self] _ in
                locked.withLock { $0.finished.written() }
                done()
            }, isLasting: true)
    }

    func writeFinished() async {
        await withCheckedContinuation { continuation in commits.add(finishing { continuation.resume() }) }
    }

    package func entries(_ sequences: [UInt64]) async -> [JournalEntry] {
        var found = locked.withLock { state in
            sequences.reduce(into: [UInt64: JournalEntry]()) { $0[$1] = state.recent[$1] }
        }
        let missing = SequenceRanges(sequences.filter { found[$0] == nil })
        if !missing.ranges.isEmpty {
            let read = await commits.result { try AlertRows.read(missing.ranges, from: $0) }
            for entry in read { found[entry.sequence] = entry }
        }
        return sequences.compactMap { found[$0] }
    }

    package func close(_ batch: Batch, members: [UInt64], sinks: [String]) async {
        guard !sinks.isEmpty else { return await finish(members) }
        let ranges = SequenceRanges(members)
        let alerts = batch.evidence.alerts.count * sinks.count
        await commits.result(encoding: { try EncodedBatch(batch) }) { batch, database in
            for sink in sinks { try OutstandingRows.insert(batch, for: sink, into: database) }
            try SettledRows.insert(ranges, into: database)
        }
        locked.withLock { state in
            state.settle(members)
            state.undelivered += alerts
        }
    }

    package func outstanding(of source: SourceKey, at sink: String) async throws -> Outstanding {
        let encoded = await commits.result { try OutstandingRows.read(source, at: sink, from: $0) }
        return try decoded("what \(sink) lacks of \(source)") { try encoded.decoded(for: sink) }
    }

    package func merge(_ batches: [UUID], into batch: Batch, at sink: String) async {
        await commits.result(encoding: { try EncodedBatch(batch) }) { batch, database in
            try OutstandingRows.merge(batches, into: batch, for: sink, in: database)
        }
    }

    @discardableResult
    package func begin(_ delivery: Delivery) async -> Bool {
        await commits.result(encoding: { try EncodedDelivery(delivery) }) { encoded, database in
            let revocation = try RevokedRows.read(delivery.source, from: database)
            if revocation?.holds(for: delivery) ?? false { return false }
            try OutstandingRows.insert(encoded, into: database)
            return true
        }
    }

    package func finish(_ delivery: Delivery, _ receipt: Receipt, at moment: Timestamp) async {
        let (source, sink) = (delivery.source, delivery.sink)
        switch receipt {
        case .stored(let answer):
            // One that can't be read was no part of the composition either.
            let earlier = try? await history(of: source, in: sink, at: delivery.composition.window.lowerBound)
            let history = History(delivery, answer, at: moment, after: earlier)
            let isToBePublished = delivery.composition.isToBePublished
            await commits.result(encoding: { try EncodedHistory(history, isToBePublished: isToBePublished) }) {
                history, database in
                try LedgerRows.record(history, of: source, in: sink, into: database)
                try OutstandingRows.remove(deliveryOf: source, at: sink, from: database)
            }
        case .refused(let reason):
            await commits.result(encoding: { try EncodedDelivery(delivery) }) { delivery, database in
                try DeadLetterRows.insert(delivery, reason: reason, at: moment, into: database)
                try OutstandingRows.remove(deliveryOf: source, at: sink, from: database)
            }
        case .leftOut, .retry, .pause:
            await commits.write { try OutstandingRows.remove(deliveryOf: source, at: sink, from: $0) }
        }
        locked.withLock { $0.undelivered -= delivery.batch.evidence.alerts.count }
    }

    package func join(_ batches: [UUID], as batch: Batch, at sink: String) async -> Bool {
        let joined = await commits.result { database -> Int? in
            guard try DeadLetterRows.join(batch, at: sink, in: database) else { return nil }
            return try OutstandingRows.remove(batches, of: "\(batch.source)", from: database, sink)
        }
        guard let joined else { return false }
        locked.withLock { $0.undelivered -= joined }
        return true
    }

    package func published(_ event: UUID, of source: SourceKey, at sink: String, moment: Timestamp) async {
        await commits.write { try LedgerRows.published(event, of: source, in: sink, at: moment, into: $0) }
    }

    package func drop(_ batches: [UUID], of source: SourceKey, at sink: String) async {
        let dropped = await commits.result {
            try OutstandingRows.remove(batches, of: "\(source)", from: $0, sink)
        }
        locked.withLock { $0.undelivered -= dropped }
    }

    package func history(of source: SourceKey, in sink: String, at moment: Timestamp) async throws -> History? {
        let encoded = await commits.result { try LedgerRows.history(of: source, in: sink, at: moment, from: $0) }
        guard let encoded else { return nil }
        return try decoded("what \(sink) holds of \(source)") { try encoded.decoded() }
    }

    package func sources(outstandingAt sink: String, after source: SourceKey?, limit: Int) async -> [SourceKey] {
        await commits.result { try OutstandingRows.sources(at: sink, after: source, limit: limit, from: $0) }
    }

    package func sources(storedAt sink: String, limit: Int) async -> [SourceKey] {
        await commits.result { try LedgerRows.sources(in: sink, limit: limit, from: $0) }
    }

    package func answer() async { await commits.answer() }

    package func learn(_ sightings: [AddressSighting]) async {
        // Nobody waits for it: the alerts that taught it are decided again after a crash.
        commits.add(
            CommitQueue.Work(
                write: { database in for sighting in sightings { try SightingRows.insert(sighting, into: database) } },
                done: { _ in }, isLasting: true))
    }

    package func sightings() async -> [AddressSighting] {
        await commits.result { try SightingRows.read(from: $0) }
    }

    package var state: JournalState {
        locked.withLock { state in
            JournalState(
                unfinished: state.unfinished, capacity: limits.alerts, undelivered: state.undelivered,
                bytes: state.bytes, byteCapacity: limits.bytes, held: state.held, isFailing: commits.isFailing)
        }
    }

    package var isDurable: Bool { true }

    /// Whether somebody waits for the next alerts.
    var isAwaited: Bool { locked.withLock { $0.isAwaited } }

    package func close() {
        locked.withLock { $0.close() }?.resume()
        commits.add(finishing {})
    }

    /// A sink lacks so many alerts more.
    func added(_ alerts: Int, to sink: String) {
        locked.withLock { if !$0.leftSinks.contains(sink) { $0.undelivered += alerts } }
    }

    /// Looks how large the file is.
    func measure(_ database: Database) {
        guard let bytes = try? JournalFile.bytes(of: database) else { return }  // The next look may succeed.
        locked.withLock { $0.bytes = bytes }
    }

    /// The value; word of it where it can't be read.
    func decoded<Value>(_ what: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            report(.unreadable("\(what): \(error)"))
            throw error
        }
    }
}
