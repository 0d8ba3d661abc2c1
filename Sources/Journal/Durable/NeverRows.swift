import GRDB
import IPAddresses
import Pipeline
import Timestamps

/// The `never` table: addresses that are never named because somebody said so.
enum NeverRows {
    static func read(from database: Database) throws -> NeverList {
        NeverList(
            try Row.fetchAll(database, sql: "SELECT block, added, actor, reason FROM never ORDER BY added, block")
                .compactMap { row in
                    IPBlock(row[0] as String).map {
                        NeverList.Entry(
                            block: $0, added: Timestamp(milliseconds: row[1]), actor: row[2], reason: row[3])
                    }
                })
    }

    /// False where the block is there already, which stays as it is.
    static func insert(_ entry: NeverList.Entry, into database: Database) throws -> Bool {
        try database.execute(
            sql: "INSERT OR IGNORE INTO never (block, added, actor, reason) VALUES (?, ?, ?, ?)",
            arguments: ["\(entry.block)", entry.added.milliseconds, entry.actor, entry.reason])
        return database.changesCount > 0
    }

    /// False where it was not there.
    static func remove(_ block: IPBlock, from database: Database) throws -> Bool {
        try database.execute(sql: "DELETE FROM never WHERE block = ?", arguments: ["\(block)"])
        return database.changesCount > 0
    }
}
