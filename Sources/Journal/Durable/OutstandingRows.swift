import FoundationEssentials
import GRDB
import Pipeline
import Timestamps

/// The tables `waiting` and `deliveries`: what sinks lack of sources.
enum OutstandingRows {
    /// Keeps a closed batch for a sink.
    static func insert(_ batch: EncodedBatch, for sink: String, into database: Database) throws {
        try database.run(
            "INSERT INTO waiting (sink, source, id, alerts, batch) VALUES (?, ?, ?, ?, ?)", .text(sink),
            .text(batch.source), .sixteen(batch.id), .integer(batch.alerts), .data(batch.content))
    }

    /// Keeps one batch in the place of the first of those it is made of, and of the others.
    static func merge(_ batches: [UUID], into batch: EncodedBatch, for sink: String, in database: Database) throws {
        let place = try database.run(
            "SELECT place FROM waiting WHERE sink = ? AND source = ? AND id = ?", .text(sink), .text(batch.source),
            .sixteen(batch.id))
        try remove(batches, of: batch.source, from: database, sink)
        try database.run(
            "INSERT INTO waiting (place, sink, source, id, alerts, batch) VALUES (?, ?, ?, ?, ?, ?)", .integer(place),
            .text(sink), .text(batch.source), .sixteen(batch.id), .integer(batch.alerts), .data(batch.content))
    }

    /// Removes batches that wait; the number of their alerts.
    @discardableResult
    static func remove(_ batches: [UUID], of source: String, from database: Database, _ sink: String) throws -> Int {
        try batches.reduce(0) { alerts, id in
            let removed = try database.run(
                "DELETE FROM waiting WHERE sink = ? AND source = ? AND id = ? RETURNING alerts", .text(sink),
                .text(source), .sixteen(id.number))
            return alerts + Int(removed ?? 0)
        }
    }

    /// Removes all batches of the source that wait for any sink; the number of their alerts.
    static func remove(waitingOf source: SourceKey, from database: Database) throws -> Int {
        try Int.fetchAll(
            database, sql: "DELETE FROM waiting WHERE source = ? RETURNING alerts", arguments: ["\(source)"]
        ).reduce(0, +)
    }

    /// The sinks to which something of the source is being sent.
    static func sinks(sending source: SourceKey, in database: Database) throws -> Set<String> {
        Set(
            try String.fetchAll(
                database, sql: "SELECT sink FROM deliveries WHERE source = ?", arguments: ["\(source)"]))
    }

    /// Keeps what is about to be sent, in the place of its batches.
    static func insert(_ delivery: EncodedDelivery, into database: Database) throws {
        try remove(delivery.batches, of: delivery.source, from: database, delivery.sink)
        try database.run(
            "INSERT OR REPLACE INTO deliveries (sink, source, alerts, content, body) VALUES (?, ?, ?, ?, ?)",
            .text(delivery.sink), .text(delivery.source), .integer(delivery.alerts), .data(delivery.content),
            .bytes(delivery.body))
    }

    /// Removes what was sent.
    static func remove(deliveryOf source: SourceKey, at sink: String, from database: Database) throws {
        try database.run(
            "DELETE FROM deliveries WHERE sink = ? AND source = ?", .text(sink), .text("\(source)"))
    }

    /// What the sink lacks of the source, as it is kept.
    static func read(_ source: SourceKey, at sink: String, from database: Database) throws -> EncodedOutstanding {
        let delivery = try Row.fetchOne(
            database.cachedStatement(sql: "SELECT content, body FROM deliveries WHERE sink = ? AND source = ?"),
            arguments: [sink, "\(source)"])
        let revocation = try RevokedRows.read(source, from: database)
        if let delivery { return EncodedOutstanding(delivery: (delivery[0], delivery[1]), revocation: revocation) }
        return EncodedOutstanding(
            withdrawing: try LedgerRows.withdrawing(of: source, in: sink, from: database), revocation: revocation,
            unpublished: try LedgerRows.unpublished(of: source, in: sink, from: database),
            batches: try Data.fetchAll(
                database.cachedStatement(
                    sql: "SELECT batch FROM waiting WHERE sink = ? AND source = ? ORDER BY place"),
                arguments: [sink, "\(source)"]))
    }

    /// The sources that the sink lacks something of.
    static func sources(
        at sink: String, after source: SourceKey?, limit: Int, from database: Database
    ) throws -> [SourceKey] {
        try String.fetchAll(
            database,
            sql: """
                SELECT source FROM waiting WHERE sink = :sink AND source > :source
                UNION SELECT source FROM ledger
                WHERE sink = :sink AND source > :source AND unpublished IS NOT NULL
                UNION SELECT source FROM ledger
                WHERE sink = :sink AND source > :source AND withdrawing IS NOT NULL
                UNION SELECT source FROM deliveries WHERE sink = :sink AND source > :source
                ORDER BY source LIMIT :limit
                """,
            arguments: ["sink": sink, "source": source.map { "\($0)" } ?? "", "limit": limit]
        ).compactMap { SourceKey($0) }
    }

    /// What sinks lack that are none of these; an event that is to be published is something of a source, too.
    static func left(
        sinksBut known: [String], in database: Database
    ) throws -> [(sink: String, sources: Int, alerts: Int)] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT sink, count(DISTINCT source), sum(alerts) FROM (
                    SELECT sink, source, alerts FROM waiting UNION ALL SELECT sink, source, alerts FROM deliveries
                    UNION ALL SELECT sink, source, 0 FROM ledger WHERE unpublished IS NOT NULL)
                GROUP BY sink ORDER BY sink
                """
        ).map { ($0[0], $0[1], $0[2]) }.filter { !known.contains($0.sink) }
    }

    /// Lets go of what a sink lacks that is older than `moment`.
    static func remove(lackedBy sink: String, closedBefore moment: Timestamp, from database: Database) throws {
        try database.run(
            "DELETE FROM waiting WHERE sink = ? AND json_extract(CAST(batch AS TEXT), '$.closed') < ?", .text(sink),
            .integer(moment.milliseconds))
        try database.run(
            "DELETE FROM deliveries WHERE sink = ? AND json_extract(CAST(content AS TEXT), '$.batch.closed') < ?",
            .text(sink), .integer(moment.milliseconds))
        try database.run(
            "UPDATE ledger SET unpublished = NULL WHERE sink = ? AND changed < ?", .text(sink),
            .integer(moment.milliseconds))
    }

    /// Alerts of all batches that a sink lacks.
    static func alerts(at sink: String, in database: Database) throws -> Int {
        let alerts = try database.run(
            """
            SELECT ifnull((SELECT sum(alerts) FROM waiting WHERE sink = ?), 0)
                + ifnull((SELECT sum(alerts) FROM deliveries WHERE sink = ?), 0)
            """, .text(sink), .text(sink))
        return Int(alerts ?? 0)
    }

    /// Alerts of all batches, counted for each sink.
    static func alerts(in database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: "SELECT ifnull((SELECT sum(alerts) FROM waiting), 0) + ifnull((SELECT sum(alerts) FROM deliveries), 0)"
        ) ?? 0
    }
}

/// A batch ready to be written.
struct EncodedBatch: Sendable {
    let id: UInt128
    let source: String
    let alerts: Int
    let content: Data

    init(_ batch: Batch) throws {
        id = batch.id.number
        source = "\(batch.source)"
        alerts = batch.evidence.alerts.count
        content = try JSONColumn.encode(batch)
    }
}

/// A delivery ready to be written.
struct EncodedDelivery: Sendable {
    let sink: String
    let source: String
    let batches: [UUID]
    let alerts: Int
    let content: Data
    let body: [UInt8]

    init(_ delivery: Delivery) throws {
        sink = delivery.sink
        source = "\(delivery.source)"
        batches = delivery.batches
        alerts = delivery.batch.evidence.alerts.count
        content = try JSONColumn.encode(StoredDelivery(delivery))
        body = delivery.composition.body
    }
}

/// What a sink lacks of a source, as it was read.
struct EncodedOutstanding: Sendable {
    var delivery: (content: Data, body: Data)?
    var withdrawing: EncodedEntry?
    var revocation: Revocation?
    var unpublished: Unpublished?
    var batches: [Data] = []

    /// - Throws: `DecodingError` for what no version of the program has written.
    func decoded(for sink: String) throws -> Outstanding {
        if let delivery {
            let stored = try JSONColumn.decode(StoredDelivery.self, from: delivery.content)
            return Outstanding(delivery: stored.delivery(to: sink, body: delivery.body), revocation: revocation)
        }
        return Outstanding(
            batches: try batches.map { try JSONColumn.decode(Batch.self, from: $0) }, unpublished: unpublished,
            withdrawing: try withdrawing?.decoded(), revocation: revocation)
    }
}
