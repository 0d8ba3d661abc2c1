import FoundationEssentials
import GRDB
import Pipeline
import Timestamps

/// The `held` table: what waits for a person, by source.
enum HeldRows {
    static func insert(_ held: Held, into database: Database) throws {
        let content = try JSONColumn.encode(held)
        try database.run(
            "INSERT OR REPLACE INTO held (source, first, last, alerts, level, content) VALUES (?, ?, ?, ?, ?, ?)",
            .text("\(held.source)"), .integer(held.batch.opened.milliseconds),
            .integer(held.batch.closed.milliseconds), .integer(held.batch.evidence.alerts.count),
            .integer(held.batch.evidence.highestLevel), .data(content))
    }

    /// What is held of a source, as it is kept.
    static func content(of source: SourceKey, from database: Database) throws -> Data? {
        try Data.fetchOne(
            database.cachedStatement(sql: "SELECT content FROM held WHERE source = ?"), arguments: ["\(source)"])
    }

    /// What is held of the sources after `source`, as it is kept.
    static func page(
        after source: SourceKey?, limit: Int, from database: Database
    ) throws -> [(source: String, content: Data)] {
        try Row.fetchAll(
            database, sql: "SELECT source, content FROM held WHERE source > ? ORDER BY source LIMIT ?",
            arguments: [source.map { "\($0)" } ?? "", limit]
        ).map { ($0[0], $0[1]) }
    }

    static func remove(_ source: SourceKey, from database: Database) throws {
        try database.execute(sql: "DELETE FROM held WHERE source = ?", arguments: ["\(source)"])
    }

    /// Removes the sources of which nothing was held since `moment`.
    static func expire(lastReceivedBefore moment: Timestamp, in database: Database) throws -> [SourceKey] {
        try String.fetchAll(
            database, sql: "DELETE FROM held WHERE last < ? RETURNING source", arguments: [moment.milliseconds]
        ).compactMap { SourceKey($0) }
    }

    /// How many sources there are.
    static func count(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM held") ?? 0
    }
}
