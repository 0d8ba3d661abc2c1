import GRDB
import Pipeline
import Timestamps

/// The `sightings` table: what alerts taught about addresses.
enum SightingRows {
    /// Sightings that are read back at most: what is kept of one kind in memory, a few times.
    private static let most = 300_000

    static func insert(_ sighting: AddressSighting, into database: Database) throws {
        try database.run(
            """
            INSERT INTO sightings (kind, source, seen, rule) VALUES (?, ?, ?, ?)
            ON CONFLICT (kind, source) DO UPDATE SET seen = max(seen, excluded.seen), rule = excluded.rule
            """, .text(sighting.kind.rawValue), .text("\(sighting.source)"), .integer(sighting.seen.milliseconds),
            .text(sighting.rule))
    }

    /// The newest sightings.
    static func read(from database: Database) throws -> [AddressSighting] {
        try Row.fetchAll(
            database, sql: "SELECT kind, source, seen, rule FROM sightings ORDER BY seen DESC LIMIT ?",
            arguments: [most]
        ).compactMap { row in
            guard let kind = AddressSighting.Kind(rawValue: row[0]), let source = SourceKey(row[1] as String) else {
                return nil
            }
            return AddressSighting(kind, source, seen: Timestamp(milliseconds: row[2]), rule: row[3])
        }
    }

    static func remove(before moment: Timestamp, from database: Database) throws {
        try database.execute(sql: "DELETE FROM sightings WHERE seen < ?", arguments: [moment.milliseconds])
    }
}
