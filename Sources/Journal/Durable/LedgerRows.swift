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
            INSERT INTO ledger (sink, source, opens, ends, event, changed, unpublished, history)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (sink, source, opens) DO UPDATE SET
                ends = excluded.ends, event = excluded.event, changed = excluded.changed,
                unpublished = iif(excluded.unpublished IS NULL, NULL, ifnull(unpublished, excluded.unpublished)),
                history = excluded.history
            """, .text(sink), .text("\(source)"), .integer(history.window.lowerBound.milliseconds),
            .integer(history.window.upperBound.milliseconds), .sixteen(history.event),
            .integer(history.stored.milliseconds), .integer(history.unpublished?.milliseconds), .data(history.content))
    }

    /// The entry whose window `moment` falls into, as it is kept. A stored window counts, whatever length windows have
    /// today.
    static func history(
        of source: SourceKey, in sink: String, at moment: Timestamp, from database: Database
    ) throws -> Data? {
        try Data.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT history FROM ledger WHERE sink = ? AND source = ? AND opens <= ? AND ends > ?
                    ORDER BY opens DESC LIMIT 1
                    """),
            arguments: [sink, "\(source)", moment.milliseconds, moment.milliseconds])
    }

    /// The event of the source that is to be published; nil where there is none.
    static func unpublished(
        of source: SourceKey, in sink: String, from database: Database
    ) throws -> Unpublished? {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT event, unpublished, changed FROM ledger
                    WHERE sink = ? AND source = ? AND unpublished IS NOT NULL ORDER BY opens LIMIT 1
                    """),
            arguments: [sink, "\(source)"])
        guard let row, let event = UUID(bytes: row[0]) else { return nil }
        return Unpublished(
            event: event, since: Timestamp(milliseconds: row[1]), changed: Timestamp(milliseconds: row[2]))
    }

    static func published(_ event: UUID, of source: SourceKey, in sink: String, into database: Database) throws {
        try database.run(
            "UPDATE ledger SET unpublished = NULL WHERE sink = ? AND source = ? AND event = ?", .text(sink),
            .text("\(source)"), .sixteen(event.number))
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
    /// When it was stored, where it is to be published.
    let unpublished: Timestamp?
    let content: Data

    init(_ history: History, isToBePublished: Bool) throws {
        window = history.window
        event = history.event.number
        unpublished = isToBePublished ? history.stored : nil
        stored = history.stored
        content = try JSONColumn.encode(history)
    }
}
