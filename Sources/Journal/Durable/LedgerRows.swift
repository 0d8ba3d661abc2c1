import FoundationEssentials
import GRDB
import Pipeline
import Timestamps

/// The `ledger` table: what each sink holds of each source, by window.
enum LedgerRows {
    static func record(
        _ history: EncodedHistory, of source: SourceKey, in sink: String, into database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO ledger (sink, source, opens, ends, event, shared, seen, changed, unpublished, history)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (sink, source, opens) DO UPDATE SET
                ends = excluded.ends, event = excluded.event, seen = excluded.seen, changed = excluded.changed,
                withdrawal = iif(withdrawing IS NULL, NULL, withdrawal),
                unpublished = iif(excluded.unpublished IS NULL, NULL, ifnull(unpublished, excluded.unpublished)),
                history = excluded.history
            """, .text(sink), .text("\(source)"), .integer(history.window.lowerBound.milliseconds),
            .integer(history.window.upperBound.milliseconds), .sixteen(history.event),
            .integer(history.stored.milliseconds), .integer(history.seen.milliseconds),
            .integer(history.stored.milliseconds), .integer(history.unpublished?.milliseconds), .data(history.content))
        let revocation = try RevokedRows.read(source, from: database)
        try heed(revocation, stored: history.stored, opens: history.window.lowerBound, in: sink, database)
    }

    /// The entry whose window `moment` falls into, as it is kept. A stored window counts, whatever length windows have
    /// today.
    static func history(
        of source: SourceKey, in sink: String, at moment: Timestamp, from database: Database
    ) throws -> EncodedEntry? {
        try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT history, withdrawal FROM ledger WHERE sink = ? AND source = ? AND opens <= ? AND ends > ?
                    ORDER BY opens DESC LIMIT 1
                    """),
            arguments: [sink, "\(source)", moment.milliseconds, moment.milliseconds]
        ).map { EncodedEntry(history: $0[0], withdrawal: $0[1]) }
    }

    /// The event of the source that is to be published; nil where there is none.
    static func unpublished(
        of source: SourceKey, in sink: String, from database: Database
    ) throws -> Unpublished? {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT event, unpublished, changed, withdrawal FROM ledger
                    WHERE sink = ? AND source = ? AND unpublished IS NOT NULL ORDER BY opens LIMIT 1
                    """),
            arguments: [sink, "\(source)"])
        guard let row, let event = UUID(bytes: row[0]) else { return nil }
        let withdrawal = try (row[3] as Data?).map { try JSONColumn.decode(Withdrawal.self, from: $0) }
        return Unpublished(
            event: event, since: Timestamp(milliseconds: row[1]), changed: Timestamp(milliseconds: row[2]),
            isUrgent: withdrawal?.isRevocation ?? false)
    }

    static func published(
        _ event: UUID, of source: SourceKey, in sink: String, at moment: Timestamp, into database: Database
    ) throws {
        try database.run(
            "UPDATE ledger SET unpublished = NULL, published = ? WHERE sink = ? AND source = ? AND event = ?",
            .integer(moment.milliseconds), .text(sink), .text("\(source)"), .sixteen(event.number))
    }

    /// The sources whose entries changed last.
    static func sources(in sink: String, limit: Int, from database: Database) throws -> [SourceKey] {
        try String.fetchAll(
            database, sql: "SELECT DISTINCT source FROM ledger WHERE sink = ? ORDER BY changed DESC LIMIT ?",
            arguments: [sink, limit]
        ).compactMap { SourceKey($0) }
    }
}

/// A ledger's entry ready to be written.
struct EncodedHistory: Sendable {
    let window: Range<Timestamp>
    let event: UInt128
    let stored: Timestamp
    /// When the last of its alerts was seen.
    let seen: Timestamp
    /// When it was stored, where it is to be published.
    let unpublished: Timestamp?
    let content: Data

    init(_ history: History, isToBePublished: Bool) throws {
        window = history.window
        event = history.event.number
        unpublished = isToBePublished ? history.stored : nil
        stored = history.stored
        seen = history.evidence.alerts.last
        content = try JSONColumn.encode(history.withdrawn(nil))
    }
}
