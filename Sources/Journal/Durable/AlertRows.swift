import FoundationEssentials
import GRDB
import Pipeline
import Timestamps
import Wazuh

/// The `alerts` table: reading and writing of accepted alerts.
enum AlertRows {
    static func insert(_ entry: JournalEntry, into database: Database) throws {
        try database.run(
            "INSERT INTO alerts (sequence, received, identity, body) VALUES (?, ?, ?, ?)",
            .integer(Int64(bitPattern: entry.sequence)), .integer(entry.received.milliseconds),
            .sixteen(entry.alert.identity.bits), .bytes(entry.alert.bytes))
    }

    /// The alerts with these sequence numbers, as far as they are there, in their order.
    static func read(_ ranges: [ClosedRange<UInt64>], from database: Database) throws -> [JournalEntry] {
        var decoder = AlertDecoder()
        var entries: [JournalEntry] = []
        let statement = try database.cachedStatement(
            sql:
                "SELECT sequence, received, identity, body FROM alerts WHERE sequence BETWEEN ? AND ? ORDER BY sequence"
        )
        for range in ranges {
            statement.setUncheckedArguments([
                Int64(bitPattern: range.lowerBound), Int64(bitPattern: range.upperBound),
            ])
            let rows = try Row.fetchCursor(statement)
            while let row = try rows.next() {
                if let entry = entry(row, &decoder) { entries.append(entry) }
            }
        }
        return entries
    }

    /// At most `limit` alerts from `first` up to `last` that are not in `settled`.
    static func page(
        from first: UInt64, through last: UInt64, limit: Int, except settled: SequenceRanges, from database: Database
    ) throws -> Page {
        var decoder = AlertDecoder()
        var page = Page(next: last + 1)
        let rows = try Row.fetchCursor(
            database,
            sql:
                "SELECT sequence, received, identity, body FROM alerts WHERE sequence BETWEEN ? AND ? ORDER BY sequence",
            arguments: [Int64(bitPattern: first), Int64(bitPattern: last)])
        while let row = try rows.next() {
            let sequence = UInt64(bitPattern: row[0] as Int64)
            if settled.contains(sequence) { continue }
            if let entry = entry(row, &decoder) { page.entries.append(entry) } else { page.unreadable.append(sequence) }
            if page.entries.count == limit {
                page.next = sequence + 1
                break
            }
        }
        return page
    }

    struct Page: Sendable {
        var entries: [JournalEntry] = []
        /// Alerts that are there and can't be read any more.
        var unreadable: [UInt64] = []
        /// The number after the last row that was looked at.
        var next: UInt64
    }

    /// How many alerts are not over. Those that are removed were.
    static func unfinished(except settled: SequenceRanges, from database: Database) throws -> Int {
        let bounds = try Row.fetchOne(database, sql: "SELECT min(sequence), max(sequence) FROM alerts")
        guard let bounds, let first = bounds[0] as Int64?, let last = bounds[1] as Int64? else { return 0 }
        let range = UInt64(bitPattern: first)...UInt64(bitPattern: last)
        return Int(last - first + 1) - settled.count(in: range)
    }

    /// The identities of the newest alerts, oldest first.
    static func identities(limit: Int, from database: Database) throws -> [AlertIdentity] {
        let rows = try Data.fetchCursor(
            database, sql: "SELECT identity FROM alerts ORDER BY sequence DESC LIMIT ?", arguments: [limit])
        var identities: [AlertIdentity] = []
        while let bytes = try rows.next() {
            if let identity = AlertIdentity(bytes: Array(bytes)) { identities.append(identity) }
        }
        return identities.reversed()
    }

    /// Nil for a row whose alert can't be read any more, which no version of the program has written.
    static func entry(_ row: Row, _ decoder: inout AlertDecoder) -> JournalEntry? {
        guard let identity = AlertIdentity(bytes: Array(row[2] as Data)),
            let alert = try? decoder.restore(Array(row[3] as Data), identity: identity)
        else { return nil }
        return JournalEntry(
            sequence: UInt64(bitPattern: row[0] as Int64), received: Timestamp(milliseconds: row[1]), alert: alert)
    }
}
