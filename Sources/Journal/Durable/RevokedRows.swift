import GRDB
import Pipeline
import Timestamps

/// The `revoked` table: sources that a person took back.
enum RevokedRows {
    static func insert(_ revocation: Revocation, into database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO revoked (source, moment, ends, actor, reason) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                "\(revocation.source)", revocation.moment.milliseconds, revocation.until.milliseconds,
                revocation.actor, revocation.reason,
            ])
    }

    private static let columns = "source, moment, ends, actor, reason"

    /// What holds of the source, whenever it ends; nil where nothing does.
    static func read(_ source: SourceKey, from database: Database) throws -> Revocation? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT \(columns) FROM revoked WHERE source = ?"), arguments: ["\(source)"]
        ).flatMap(revocation)
    }

    /// Those that hold at `moment`.
    static func read(at moment: Timestamp, from database: Database) throws -> [Revocation] {
        try Row.fetchAll(
            database, sql: "SELECT \(columns) FROM revoked WHERE ends > ?", arguments: [moment.milliseconds]
        ).compactMap(revocation)
    }

    static func remove(_ source: SourceKey, from database: Database) throws {
        try database.execute(sql: "DELETE FROM revoked WHERE source = ?", arguments: ["\(source)"])
    }

    /// Removes what holds no more.
    static func tidy(at moment: Timestamp, in database: Database) throws {
        try database.execute(sql: "DELETE FROM revoked WHERE ends <= ?", arguments: [moment.milliseconds])
    }

    /// Nil for a row that no version of the program has written.
    private static func revocation(_ row: Row) -> Revocation? {
        guard let source = SourceKey(row[0] as String) else { return nil }
        return Revocation(
            source: source, at: Timestamp(milliseconds: row[1]), actor: row[3], reason: row[4],
            until: Timestamp(milliseconds: row[2]))
    }
}
