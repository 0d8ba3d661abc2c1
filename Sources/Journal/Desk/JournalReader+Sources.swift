import FoundationEssentials
import GRDB
package import IPAddresses
package import Pipeline
package import Timestamps
import Wazuh

/// What is known of single sources.
extension JournalReader {
    /// What sinks hold of the sources that are wanted, the longest shared first.
    ///
    /// - Parameter isWanted: asked with the source and when it was shared first, before anything else is read.
    package func ledger(where isWanted: (SourceKey, Timestamp) -> Bool) throws -> [LedgerEntry] {
        try database.read { database in
            let rows = try Row.fetchCursor(database, sql: Self.ledger + " ORDER BY shared, sink")
            return try Self.entries(rows, where: isWanted)
        }
    }

    /// What sinks hold of a source, the longest shared first.
    package func ledger(of source: SourceKey) throws -> [LedgerEntry] {
        try database.read { database in
            let rows = try Row.fetchCursor(
                database, sql: Self.ledger + " WHERE source = ? ORDER BY shared, sink", arguments: ["\(source)"])
            return try Self.entries(rows) { _, _ in true }
        }
    }

    private static let ledger =
        "SELECT sink, source, shared, changed, unpublished, published, history, withdrawal FROM ledger"

    private static func entries(
        _ rows: RowCursor, where isWanted: (SourceKey, Timestamp) -> Bool
    ) throws -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        while let row = try rows.next() {
            let shared = Timestamp(milliseconds: row[2])
            guard let source = SourceKey(row[1] as String), isWanted(source, shared) else { continue }
            func moment(_ column: Int) -> Timestamp? { (row[column] as Int64?).map { Timestamp(milliseconds: $0) } }
            // What can't be read is told by the server, which has to do with it.
            guard let history = try? EncodedEntry(history: row[6], withdrawal: row[7]).decoded() else { continue }
            entries.append(
                LedgerEntry(
                    sink: row[0], source: source, shared: shared, changed: Timestamp(milliseconds: row[3]),
                    unpublished: moment(4), published: moment(5), history: history))
        }
        return entries
    }

    /// How many events of the sources sinks still have to take back.
    package func withdrawing(of sources: Set<SourceKey>) throws -> Int {
        try database.read { database in
            try String.fetchAll(database, sql: "SELECT source FROM ledger WHERE withdrawing IS NOT NULL")
                .compactMap { SourceKey($0) }.count { sources.contains($0) }
        }
    }

    /// The sources that sinks lack something of: batches that wait and what is being sent.
    package func lacking(where isWanted: (SourceKey) -> Bool) throws -> [(sink: String, source: SourceKey, alerts: Int)]
    {
        try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT sink, source, sum(alerts) FROM (
                        SELECT sink, source, alerts FROM waiting UNION ALL SELECT sink, source, alerts FROM deliveries)
                    GROUP BY sink, source ORDER BY sink, source
                    """
            ).compactMap { row in
                guard let source = SourceKey(row[1] as String), isWanted(source) else { return nil }
                return (row[0], source, row[2])
            }
        }
    }

    /// The addresses that are never named because somebody said so.
    package func neverList() throws -> NeverList { try database.read { try NeverRows.read(from: $0) } }

    /// What a person took back of the source, where that holds.
    package func revocation(of source: SourceKey) throws -> Revocation? {
        try database.read { try RevokedRows.read(source, from: $0) }
    }

    /// The dead letters of a source, the oldest first.
    package func deadLetters(of source: SourceKey) throws -> [DeadLetter] {
        try database.read { try DeadLetterRows.read(of: source, from: $0) }
    }

    /// What people asked for about a source or a block that holds it, the oldest first, with what came of it.
    package func intents(about source: SourceKey) throws -> [(intent: Intent, outcome: Intent.Outcome?)] {
        try database.read { try IntentRows.all(from: $0) }.filter { intent, _ in
            switch intent.request {
            case .release(.source(let named)), .dropHeld(let named), .revoke(let named, _): named == source
            case .addNever(let block), .removeNever(let block):
                block.contains(source.block.first) || source.block.contains(block.first)
            default: false
            }
        }
    }

    /// The newest alerts that speak of the address, the oldest first.
    ///
    /// - Parameters:
    ///   - limit: how many at most.
    ///   - scanned: how many alerts are looked at.
    package func alerts(naming address: IPAddress, limit: Int, among scanned: Int = 200_000) throws -> [JournalEntry] {
        let text = Array("\(address)".utf8)
        return try database.read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT sequence, received, identity, body FROM alerts
                    WHERE sequence > (SELECT ifnull(max(sequence), 0) FROM alerts) - ? AND instr(body, CAST(? AS BLOB)) > 0
                    ORDER BY sequence DESC
                    """, arguments: [scanned, "\(address)"])
            var decoder = AlertDecoder()
            var entries: [JournalEntry] = []
            while entries.count < limit, let row = try rows.next() {
                guard let entry = AlertRows.entry(row, &decoder), entry.alert.bytes.names(text) else { continue }
                entries.append(entry)
            }
            return entries.reversed()
        }
    }
}

extension [UInt8] {
    /// Whether an address stands here, and not within a longer one.
    fileprivate func names(_ address: [UInt8]) -> Bool {
        func continues(_ index: Int) -> Bool {
            guard indices.contains(index) else { return false }
            switch self[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: ":"):
                return true
            default: return false
            }
        }
        guard let first = address.first else { return false }
        var start = startIndex
        while let found = self[start...].firstIndex(of: first), found + address.count <= count {
            let end = found + address.count
            if self[found..<end].elementsEqual(address), !continues(found - 1), !continues(end) { return true }
            start = found + 1
        }
        return false
    }
}
