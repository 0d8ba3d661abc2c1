import FoundationEssentials
import GRDB
import Pipeline
import Timestamps

/// The `dead_letters` table: deliveries that a sink refused for good.
enum DeadLetterRows {
    static func insert(
        _ delivery: EncodedDelivery, reason: String, at moment: Timestamp, into database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO dead_letters (sink, source, died, reason, alerts, content, body)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, .text(delivery.sink), .text(delivery.source), .integer(moment.milliseconds), .text(reason),
            .integer(delivery.alerts), .data(delivery.content), .bytes(delivery.body))
    }

    /// Adds a batch to the letter of its event; false where there is none that can be read.
    static func join(_ batch: Batch, at sink: String, in database: Database) throws -> Bool {
        let rows = try Row.fetchAll(
            database.cachedStatement(
                sql: "SELECT id, content FROM dead_letters WHERE sink = ? AND source = ? ORDER BY id DESC"),
            arguments: [sink, "\(batch.source)"])
        for row in rows {
            guard var stored = try? JSONColumn.decode(StoredDelivery.self, from: row[1] as Data),
                stored.window.contains(batch.opened)
            else { continue }
            stored.batch = stored.batch.merged(with: [batch])
            try database.run(
                "UPDATE dead_letters SET alerts = ?, content = ? WHERE id = ?",
                .integer(stored.batch.evidence.alerts.count), .data(try JSONColumn.encode(stored)),
                .integer(row[0] as Int64))
            return true
        }
        return false
    }

    private static let columns = "id, sink, source, died, reason, alerts"

    /// Those with numbers above `id`, the oldest first.
    static func read(after id: Int64, limit: Int, from database: Database) throws -> [DeadLetter] {
        try Row.fetchAll(
            database, sql: "SELECT \(columns) FROM dead_letters WHERE id > ? ORDER BY id LIMIT ?",
            arguments: [id, limit]
        ).compactMap(letter)
    }

    /// Those that came last, the newest first.
    static func newest(limit: Int, from database: Database) throws -> [DeadLetter] {
        try Row.fetchAll(
            database, sql: "SELECT \(columns) FROM dead_letters ORDER BY id DESC LIMIT ?", arguments: [limit]
        ).compactMap(letter)
    }

    /// Those of a source, the oldest first.
    static func read(of source: SourceKey, from database: Database) throws -> [DeadLetter] {
        try Row.fetchAll(
            database, sql: "SELECT \(columns) FROM dead_letters WHERE source = ? ORDER BY id", arguments: ["\(source)"]
        ).compactMap(letter)
    }

    /// One of them, with the delivery and the event's body as they are kept; nil where it is not there.
    static func read(
        _ id: Int64, from database: Database
    ) throws -> (letter: DeadLetter, content: Data, body: Data)? {
        let row = try Row.fetchOne(
            database, sql: "SELECT \(columns), content, body FROM dead_letters WHERE id = ?", arguments: [id])
        guard let row, let letter = letter(row) else { return nil }
        return (letter, row[6], row[7])
    }

    /// How many there are.
    static func count(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM dead_letters") ?? 0
    }

    static func remove(_ id: Int64, from database: Database) throws {
        try database.execute(sql: "DELETE FROM dead_letters WHERE id = ?", arguments: [id])
    }

    /// Nil for a row that no version of the program has written.
    private static func letter(_ row: Row) -> DeadLetter? {
        guard let source = SourceKey(row[2] as String) else { return nil }
        return DeadLetter(
            id: row[0], sink: row[1], source: source, died: Timestamp(milliseconds: row[3]), reason: row[4],
            alerts: row[5])
    }
}
