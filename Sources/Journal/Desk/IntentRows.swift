import GRDB
import Timestamps

/// The `intents` table: what people asked for.
enum IntentRows {
    /// - Returns: the intent's number.
    static func insert(
        _ request: Intent.Request, by actor: String, reason: String?, at moment: Timestamp, into database: Database
    ) throws -> Int64 {
        try database.execute(
            sql: "INSERT INTO intents (asked, actor, command, argument, reason) VALUES (?, ?, ?, ?, ?)",
            arguments: [moment.milliseconds, actor, request.command, request.argument, reason])
        return database.lastInsertedRowID
    }

    /// Those that were not carried out, in the order they were asked.
    static func open(in database: Database) throws -> [Intent] {
        try Row.fetchAll(
            database.cachedStatement(
                sql: "SELECT id, asked, actor, command, argument, reason FROM intents WHERE done IS NULL ORDER BY id")
        ).map { row in
            Intent(
                id: row[0], asked: Timestamp(milliseconds: row[1]), actor: row[2],
                request: Intent.Request(command: row[3], argument: row[4]), reason: row[5])
        }
    }

    /// All that are kept, in the order they were asked, with what came of them.
    static func all(from database: Database) throws -> [(intent: Intent, outcome: Intent.Outcome?)] {
        try Row.fetchAll(
            database,
            sql: "SELECT id, asked, actor, command, argument, reason, outcome, is_fine FROM intents ORDER BY id"
        ).map { row in
            (
                Intent(
                    id: row[0], asked: Timestamp(milliseconds: row[1]), actor: row[2],
                    request: Intent.Request(command: row[3], argument: row[4]), reason: row[5]),
                (row[6] as String?).map { Intent.Outcome(text: $0, isFine: row[7]) }
            )
        }
    }

    static func finish(
        _ id: Int64, _ outcome: Intent.Outcome, at moment: Timestamp, in database: Database
    ) throws {
        try database.execute(
            sql: "UPDATE intents SET done = ?, outcome = ?, is_fine = ? WHERE id = ?",
            arguments: [moment.milliseconds, outcome.text, outcome.isFine, id])
    }

    /// Nil while it is not carried out.
    static func outcome(of id: Int64, in database: Database) throws -> Intent.Outcome? {
        try Row.fetchOne(
            database, sql: "SELECT outcome, is_fine FROM intents WHERE id = ? AND done IS NOT NULL", arguments: [id]
        ).map { Intent.Outcome(text: $0[0], isFine: $0[1]) }
    }
}
