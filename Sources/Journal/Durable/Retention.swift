import GRDB
import Pipeline
import Timestamps

/// How long a durable journal keeps what is over.
package struct Retention: Sendable {
    /// Alerts that are settled, from their arrival on.
    package var alerts = Duration.seconds(7 * 86_400)
    /// Ledger entries, from their last change on, what people asked for, and what a sink lacks that is not configured any
    /// more. An entry whose window is not over stays in any case.
    package var ledger = Duration.seconds(400 * 86_400)
    /// Dead letters.
    package var dead = Duration.seconds(30 * 86_400)

    package init() {}

    /// Rows that one transaction removes: whoever wants to write waits meanwhile.
    static let step = 2000

    /// Removes old alerts that are settled, a step of them from `first` on.
    ///
    /// - Parameters:
    ///   - cutoff: only what came before goes; nil for whatever is oldest.
    ///   - moment: the time now. What came later than that came while the clock was ahead: it goes with what follows it.
    /// - Returns: where the next step begins; nil when there is nothing more to remove.
    static func removeAlerts(
        from first: UInt64, receivedBefore cutoff: Timestamp?, at moment: Timestamp, settled: SequenceRanges,
        in database: Database
    ) throws -> UInt64? {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT sequence, received FROM alerts WHERE sequence >= ? ORDER BY sequence LIMIT ?",
            arguments: [Int64(bitPattern: first), step])
        var gone: [UInt64] = []
        var passedOver: [UInt64] = []
        var last: UInt64?
        while let row = try rows.next() {
            let sequence = UInt64(bitPattern: row[0] as Int64)
            let isFuture = row[1] as Int64 > moment.milliseconds
            if let cutoff, !isFuture, row[1] as Int64 >= cutoff.milliseconds { break }
            last = sequence
            if settled.contains(sequence) { passedOver.append(sequence) }
            if cutoff != nil, isFuture { continue }
            gone += passedOver
            passedOver = []
        }
        for range in SequenceRanges(gone).ranges {
            try database.execute(
                sql: "DELETE FROM alerts WHERE sequence BETWEEN ? AND ?",
                arguments: [Int64(bitPattern: range.lowerBound), Int64(bitPattern: range.upperBound)])
        }
        return last.map { $0 + 1 }
    }

    /// Removes old ledger entries, dead letters and what people asked for, and sightings that don't count any more.
    func removeRest(at moment: Timestamp, from database: Database) throws {
        try database.execute(
            sql: "DELETE FROM ledger WHERE changed < ? AND ends < ? AND unpublished IS NULL AND withdrawing IS NULL",
            arguments: [(moment - ledger).milliseconds, moment.milliseconds])
        try database.execute(sql: "DELETE FROM intents WHERE done < ?", arguments: [(moment - ledger).milliseconds])
        try database.execute(
            sql: "DELETE FROM dead_letters WHERE died < ?", arguments: [(moment - dead).milliseconds])
        try RevokedRows.tidy(at: moment, in: database)
        try SightingRows.remove(before: moment - AddressBook.horizon, from: database)
    }
}
