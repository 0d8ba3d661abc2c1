import GRDB
import Isolation
package import Pipeline
package import Timestamps

extension DurableJournal {
    package func hold(_ held: [Held], members: [UInt64]) async {
        let ranges = SequenceRanges(members)
        await change { [self] database in
            for new in held {
                // What can't be read any more has been told of, and gives way.
                let earlier = try read(new.source, from: database)
                try HeldRows.insert(earlier?.merged(with: new) ?? new, into: database)
            }
            try SettledRows.insert(ranges, into: database)
        }
        locked.withLock { $0.settle(members) }
    }

    package func heldSources(after source: SourceKey?, limit: Int) async -> [Held] {
        let rows = await commits.result { try HeldRows.page(after: source, limit: limit, from: $0) }
        return rows.compactMap { row in
            try? decoded("what is held of \(row.source)") { try JSONColumn.decode(Held.self, from: row.content) }
        }
    }

    package func held(_ source: SourceKey) async -> Held? {
        await commits.result { [self] in try read(source, from: $0) }
    }

    package func release(_ source: SourceKey, to sinks: [String]) async -> Held? {
        guard !sinks.isEmpty else { return nil }
        let released = await change { [self] database -> Held? in
            guard let held = try read(source, from: database) else { return nil }
            let batch = try EncodedBatch(held.batch.asReleased)
            for sink in sinks { try OutstandingRows.insert(batch, for: sink, into: database) }
            try HeldRows.remove(source, from: database)
            try RevokedRows.remove(source, from: database)
            return held
        }
        guard let held = released else { return nil }
        locked.withLock { $0.undelivered += held.batch.evidence.alerts.count * sinks.count }
        return held
    }

    package func dropHeld(_ source: SourceKey) async -> Held? {
        await change { [self] database in
            let held = try read(source, from: database)
            try HeldRows.remove(source, from: database)
            return held
        }
    }

    package func expireHeld(lastReceivedBefore moment: Timestamp) async -> [SourceKey] {
        await change { try HeldRows.expire(lastReceivedBefore: moment, in: $0) }
    }

    /// What is held of a source; nil where that is nothing or can't be read.
    private func read(_ source: SourceKey, from database: Database) throws -> Held? {
        guard let content = try HeldRows.content(of: source, from: database) else { return nil }
        return try? decoded("what is held of \(source)") { try JSONColumn.decode(Held.self, from: content) }
    }

    /// Changes the table in one transaction, and counts its rows anew.
    private func change<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async -> Value {
        await commits.result { [self] database in
            let value = try body(database)
            let count = try HeldRows.count(in: database)
            locked.withLock { $0.held = count }
            return value
        }
    }
}
