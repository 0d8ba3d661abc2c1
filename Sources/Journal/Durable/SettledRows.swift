import GRDB

/// The `settled` table: ranges of alerts that are over.
enum SettledRows {
    static func insert(_ ranges: SequenceRanges, into database: Database) throws {
        for range in ranges.ranges {
            try database.run(
                """
                INSERT INTO settled (first, last) VALUES (?, ?)
                ON CONFLICT (first) DO UPDATE SET last = max(last, excluded.last)
                """, .integer(Int64(bitPattern: range.lowerBound)), .integer(Int64(bitPattern: range.upperBound)))
        }
    }

    /// All that is over.
    static func read(from database: Database) throws -> SequenceRanges {
        let rows = try Row.fetchCursor(database, sql: "SELECT first, last FROM settled ORDER BY first")
        var ranges: [ClosedRange<UInt64>] = []
        while let row = try rows.next() {
            let (first, last) = (row[0] as Int64, row[1] as Int64)
            if first <= last { ranges.append(UInt64(bitPattern: first)...UInt64(bitPattern: last)) }
        }
        return SequenceRanges(merging: ranges)
    }

    /// Puts the ranges in order where there are many: those that touch become one, and so does all before the oldest
    /// alert that is there.
    static func tidy(_ database: Database) throws {
        let rows = try Int.fetchOne(database, sql: "SELECT count(*) FROM settled") ?? 0
        guard rows > mostRanges else { return }
        var ranges = try read(from: database).ranges
        if let oldest = try Int64.fetchOne(database, sql: "SELECT min(sequence) FROM alerts"), oldest > 1 {
            ranges.append(1...UInt64(oldest - 1))
        }
        let merged = SequenceRanges(merging: ranges)
        // Where much is open between them there is little to put in order, and they would be written anew each time.
        guard merged.ranges.count <= rows / 2 else { return }
        try database.execute(sql: "DELETE FROM settled")
        try insert(merged, into: database)
    }

    /// Rows that are worth no tidying.
    private static let mostRanges = 1000
}
