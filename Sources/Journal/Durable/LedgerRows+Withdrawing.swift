import FoundationEssentials
import GRDB
import Pipeline
import Timestamps

extension LedgerRows {
    /// The oldest entry of the source that is to be taken back, as it is kept.
    static func withdrawing(
        of source: SourceKey, in sink: String, from database: Database
    ) throws -> EncodedEntry? {
        try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT history, withdrawal FROM ledger
                    WHERE sink = ? AND source = ? AND withdrawing IS NOT NULL ORDER BY opens LIMIT 1
                    """),
            arguments: [sink, "\(source)"]
        ).map { EncodedEntry(history: $0[0], withdrawal: $0[1]) }
    }

    /// Has every sink take back what it holds of the source: which ones, and when the last window of the source ends.
    static func revoke(
        _ revocation: Revocation, in database: Database
    ) throws -> (sinks: Set<String>, ends: Timestamp?) {
        let rows = try Row.fetchAll(
            database, sql: "SELECT sink, opens, ends, withdrawal FROM ledger WHERE source = ?",
            arguments: ["\(revocation.source)"])
        let withdrawal = revocation.withdrawal
        for row in rows {
            let earlier = try (row[3] as Data?).map { try JSONColumn.decode(Withdrawal.self, from: $0) }
            if withdrawal.isSame(as: earlier) { continue }
            try set(withdrawal, opens: row[1], of: revocation.source, in: row[0], database)
        }
        return (
            Set(rows.map { $0[0] as String }), rows.map { Timestamp(milliseconds: $0[2]) }.max()
        )
    }

    /// Has sinks take back what was not seen since `moment`, the longest unseen first.
    static func retire(
        unseenSince moment: Timestamp, limit: Int, now: Timestamp, in database: Database
    ) throws -> [(sink: String, source: SourceKey)] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT sink, source, opens FROM ledger WHERE withdrawal IS NULL AND seen < ? ORDER BY seen LIMIT ?
                """, arguments: [moment.milliseconds, limit])
        return try rows.compactMap { row in
            guard let source = SourceKey(row[1] as String) else { return nil }
            try set(Withdrawal(.retired, at: now), opens: row[2], of: source, in: row[0], database)
            return (row[0], source)
        }
    }

    /// An entry that was just recorded is to be taken back where its source is revoked.
    static func heed(
        _ revocation: Revocation?, stored: Timestamp, opens: Timestamp, in sink: String, _ database: Database
    ) throws {
        guard let revocation, revocation.until > stored else { return }
        let isWithdrawn = try Bool.fetchOne(
            database, sql: "SELECT withdrawal IS NOT NULL FROM ledger WHERE sink = ? AND source = ? AND opens = ?",
            arguments: [sink, "\(revocation.source)", opens.milliseconds])
        guard isWithdrawn == false else { return }
        try set(revocation.withdrawal, opens: opens.milliseconds, of: revocation.source, in: sink, database)
    }

    private static func set(
        _ withdrawal: Withdrawal, opens: Int64, of source: SourceKey, in sink: String, _ database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE ledger SET withdrawal = ?, withdrawing = ? WHERE sink = ? AND source = ? AND opens = ?",
            arguments: [
                try JSONColumn.encode(withdrawal), withdrawal.moment.milliseconds, sink, "\(source)", opens,
            ])
    }

    /// Ends what the entry asks to take back, unless something else was asked meanwhile.
    static func withdrawn(
        _ entry: History, of source: SourceKey, in sink: String, _ receipt: Receipt, at moment: Timestamp,
        _ database: Database
    ) throws {
        let opens = entry.window.lowerBound.milliseconds
        let kept = try Data.fetchOne(
            database, sql: "SELECT withdrawal FROM ledger WHERE sink = ? AND source = ? AND opens = ?",
            arguments: [sink, "\(source)", opens]
        ).map { try JSONColumn.decode(Withdrawal.self, from: $0) }
        guard let kept, kept.isSame(as: entry.withdrawal) else { return }
        try database.execute(
            sql: """
                UPDATE ledger SET withdrawal = ?, withdrawing = NULL, changed = ?, unpublished = ?
                WHERE sink = ? AND source = ? AND opens = ?
                """,
            arguments: [
                try JSONColumn.encode(kept.answered(receipt, at: moment)), moment.milliseconds,
                receipt.isToBePublished ? moment.milliseconds : nil, sink, "\(source)", opens,
            ])
    }
}

extension Receipt {
    /// Of a withdrawal: whether others are to hear of it.
    var isToBePublished: Bool { if case .stored(let stored) = self { stored.isToBePublished } else { false } }
}

/// A ledger's entry as it is kept.
struct EncodedEntry: Sendable {
    let history: Data
    let withdrawal: Data?

    /// - Throws: `DecodingError` for what no version of the program has written.
    func decoded() throws -> History {
        let history = try JSONColumn.decode(History.self, from: history)
        return history.withdrawn(try withdrawal.map { try JSONColumn.decode(Withdrawal.self, from: $0) })
    }
}
