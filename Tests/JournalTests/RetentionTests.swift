import GRDB
import Pipeline
import TestKit
import Testing
import Timestamps

@testable import Journal

/// What is let go of, and when.
struct RetentionTests {
    private let folder: TemporaryFolder
    private let day = Duration.seconds(86_400)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func count(_ table: String) throws -> Int {
        let reader = try JournalFile.beside(folder.path, isReadOnly: true)
        return try reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    @Test("A ledger's entry goes when its time is over, and not before its event is published and its window has ended")
    func ledger() async throws {
        var limits = DurableJournal.Limits()
        limits.retention.ledger = .seconds(10)
        let journal = try DurableJournal(in: folder.path, limits: limits) { Issue.record("\($0)") }
        let open = try Samples.delivery(of: [try Samples.batch()], to: "misp", isToBePublished: true)
        await journal.begin(open)
        await journal.finish(open, .stored(Receipt.Stored(confirmed: 1)), at: Samples.received)
        await journal.tidy(at: Samples.received + day)
        #expect(try count("ledger") == 1, "it is to be published")
        await journal.published(open.composition.event, of: open.source, at: "misp", moment: Samples.received)
        await journal.tidy(at: Samples.received + .seconds(59))
        #expect(try count("ledger") == 1, "its window is open")
        await journal.tidy(at: Samples.received + .seconds(61))
        #expect(try count("ledger") == 0)
    }

    @Test("A dead letter goes when its own time is over")
    func deadLetters() async throws {
        let journal = try DurableJournal(in: folder.path) { Issue.record("\($0)") }
        let delivery = try Samples.delivery(of: [try Samples.batch()], to: "misp")
        await journal.begin(delivery)
        await journal.finish(delivery, .refused(reason: "no"), at: Samples.received)
        await journal.tidy(at: Samples.received + day * 30)
        #expect(await journal.deadLetters(after: 0, limit: 10).count == 1)
        await journal.tidy(at: Samples.received + day * 30 + .milliseconds(1))
        #expect(await journal.deadLetters(after: 0, limit: 10) == [])
    }

    @Test("Ranges of what is over are put in order where that makes them fewer, and left as they are where it does not")
    func settled() throws {
        let database = try DatabaseQueue()
        try JournalSchema.migrator.migrate(database)
        try database.write { database in
            for sequence in 0..<UInt64(1200) { try SettledRows.insert(SequenceRanges([3 * sequence]), into: database) }
            let changes = database.totalChangesCount
            try SettledRows.tidy(database)
            #expect(database.totalChangesCount == changes, "none of them touches another")

            for sequence in 0..<UInt64(1200) {
                try SettledRows.insert(SequenceRanges([3 * sequence + 1, 3 * sequence + 2]), into: database)
            }
            let before = try SettledRows.read(from: database)
            try SettledRows.tidy(database)
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM settled") == 1)
            #expect(try SettledRows.read(from: database) == before)
        }
    }
}
