import FoundationEssentials
import GRDB
import Timestamps

extension JournalReader {
    /// How things stand.
    ///
    /// - Parameter sinks: those that are configured; others are told of where they lack something.
    package func status(sinks: [String]) throws -> JournalStatus {
        let isServed = isServed
        return try database.read { database in
            JournalStatus(
                isServed: isServed,
                pause: try FactRows.value(Pause.self, of: FactRows.pause, from: database),
                managers: try Self.managers(in: database),
                waiting: try AlertRows.unfinished(except: try SettledRows.read(from: database), from: database),
                sinks: try Self.names(of: sinks, in: database).map {
                    try Self.sink($0, isServed: isServed, in: database)
                },
                deadLetters: try DeadLetterRows.count(in: database),
                unpublished: try Self.count("unpublished IS NOT NULL AND withdrawing IS NULL", in: database),
                withdrawing: try Self.count("withdrawing IS NOT NULL", in: database),
                held: try HeldRows.count(in: database),
                bytes: try JournalFile.bytes(of: database),
                openIntents: try IntentRows.open(in: database))
        }
    }

    /// The ledger's entries of which this holds.
    private static func count(_ condition: String, in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM ledger WHERE \(condition)") ?? 0
    }

    /// Alerts that are looked at for their managers.
    private static let newestAlerts = 1000

    private static func managers(in database: Database) throws -> [JournalStatus.Manager] {
        /// The two members that count here.
        struct Told: Decodable {
            struct Manager: Decodable { let name: String? }
            let manager: Manager?
            let timestamp: String?
        }
        let rows = try Row.fetchCursor(
            database, sql: "SELECT received, body FROM alerts ORDER BY sequence DESC LIMIT ?",
            arguments: [newestAlerts])
        var managers: [JournalStatus.Manager] = []
        while let row = try rows.next() {
            // One that Foundation does not read like we do is told without its manager.
            let told = try? JSONColumn.decode(Told.self, from: row[1])
            let name = told?.manager?.name
            guard !managers.contains(where: { $0.name == name }) else { continue }
            let last = Timestamp(milliseconds: row[0])
            let lag = told?.timestamp.flatMap { Timestamp($0) }.map { last - $0 }
            managers.append(JournalStatus.Manager(name: name, last: last, lag: lag))
        }
        return managers
    }

    private static func names(of configured: [String], in database: Database) throws -> [String] {
        let lacking = try String.fetchAll(
            database, sql: "SELECT DISTINCT sink FROM waiting UNION SELECT DISTINCT sink FROM deliveries")
        return configured + lacking.filter { !configured.contains($0) }
    }

    private static func sink(_ name: String, isServed: Bool, in database: Database) throws -> JournalStatus.Sink {
        let lacks = try Row.fetchOne(
            database,
            sql: """
                SELECT count(DISTINCT source), ifnull(sum(alerts), 0) FROM (
                    SELECT source, alerts FROM waiting WHERE sink = :sink
                    UNION ALL SELECT source, alerts FROM deliveries WHERE sink = :sink)
                """, arguments: ["sink": name])
        // Batches that wait are in their order.
        let oldest = try Int64.fetchOne(
            database,
            sql: """
                SELECT min(opened) FROM (
                    SELECT * FROM (
                        SELECT json_extract(CAST(batch AS TEXT), '$.opened') AS opened
                        FROM waiting WHERE sink = :sink ORDER BY place LIMIT 1)
                    UNION ALL
                    SELECT json_extract(CAST(content AS TEXT), '$.batch.opened') FROM deliveries WHERE sink = :sink)
                """, arguments: ["sink": name])
        let confirmed = try Int64.fetchOne(
            database, sql: "SELECT max(changed) FROM ledger WHERE sink = ?", arguments: [name])
        let rest = try FactRows.value(SinkRest.self, of: FactRows.rest(of: name), from: database)
        return JournalStatus.Sink(
            name: name, sources: lacks?[0] ?? 0, alerts: lacks?[1] ?? 0,
            oldest: oldest.map { Timestamp(milliseconds: $0) },
            // What a server left that runs no more says nothing of the sink as it is now.
            rest: isServed ? rest : nil, confirmed: confirmed.map { Timestamp(milliseconds: $0) })
    }
}
