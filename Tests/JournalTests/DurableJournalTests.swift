import Foundation
import GRDB
import IPAddresses
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Journal

/// What a journal in a file promises beyond what every journal does: it is there again after the process is not.
struct DurableJournalTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The journal as a process that starts finds it, once the one before has gone.
    private func open(_ change: (inout DurableJournal.Limits) -> Void = { _ in }) async throws -> DurableJournal {
        var changed = DurableJournal.Limits()
        change(&changed)
        let limits = changed
        func attempt() -> Result<DurableJournal, JournalError> {
            Result { () throws(JournalError) in
                try DurableJournal(in: folder.path, limits: limits) { Issue.record("\($0)") }
            }
        }
        var result = attempt()
        while case .failure(.inUse) = result {
            await Task.yield()
            result = attempt()
        }
        return try result.get()
    }

    @Test("What was answered for is handed out after a restart, in its order, and known as a duplicate")
    func restart() async throws {
        try await {
            let journal = try await open()
            #expect(await journal.append(try Samples.alerts(1...3)) == .stored(duplicates: 0))
            #expect(await journal.undecided(limit: 10).count == 3)
            await journal.finish([2])
            #expect(await journal.append(try Samples.alerts(4...4)) == .stored(duplicates: 0))
            // What is over waits for company.
            await journal.writeFinished()
        }()
        let journal = try await open()
        #expect(journal.state.unfinished == 3)
        let entries = await journal.undecided(limit: 10)
        #expect(entries.map(\.sequence) == [1, 3, 4])
        #expect(
            entries.map(\.alert.bytes)
                == (try Samples.alerts(1...4).map(\.bytes).enumerated().filter { $0.offset != 1 }.map(\.element)))
        #expect(entries.allSatisfy { $0.received == Samples.received })
        #expect(await journal.append(try Samples.alerts(1...4)) == .stored(duplicates: 4))
        #expect(await journal.append(try Samples.alerts(5...5)) == .stored(duplicates: 0))
        #expect(await journal.undecided(limit: 10).map(\.sequence) == [5])
    }

    @Test("What sinks lack comes back as it was: composed for one, not yet for another")
    func outstanding() async throws {
        let batch = try Samples.batch()
        let composed = try Samples.delivery(of: [batch], to: "misp")
        try await {
            let journal = try await open()
            _ = await journal.append(try Samples.alerts(1...3))
            await journal.close(batch, members: [3, 1], sinks: ["misp", "feed"])
            await journal.begin(composed)
        }()
        try await {
            let journal = try await open()
            #expect(journal.state.unfinished == 1)
            #expect(journal.state.undelivered == 2)
            #expect(await journal.undecided(limit: 10).map(\.sequence) == [2], "members are not batched anew")
            #expect(await journal.sources(outstandingAt: "misp", after: nil, limit: 10) == [batch.source])
            #expect(await journal.sources(outstandingAt: "misp", after: batch.source, limit: 10) == [])
            let atMISP = try await journal.outstanding(of: batch.source, at: "misp")
            #expect(atMISP.delivery?.composition == composed.composition)
            #expect(atMISP.batches.isEmpty)
            let atFeed = try await journal.outstanding(of: batch.source, at: "feed")
            #expect(atFeed.delivery == nil)
            #expect(atFeed.batches.map(\.id) == [batch.id])
            #expect(atFeed.batches.map(\.evidence) == [batch.evidence])

            await journal.finish(composed, .stored(Receipt.Stored(confirmed: 1)), at: Samples.received)
            let toFeed = try Samples.delivery(of: [batch], to: "feed")
            await journal.begin(toFeed)
            await journal.finish(toFeed, .refused(reason: "no"), at: Samples.received)
        }()
        let journal = try await open()
        #expect(journal.state.undelivered == 0)
        #expect(await journal.sources(outstandingAt: "misp", after: nil, limit: 10) == [])
        let history = try await journal.history(of: batch.source, in: "misp", at: Samples.received)
        #expect(history?.event == composed.composition.event)
        #expect(history?.items.values.map(\.key) == ["ip-src|203.0.113.9"])
        #expect(history?.evidence == batch.evidence)
    }

    @Test("What alerts taught about addresses is there after a restart, as it was seen last, for 30 days")
    func sightings() async throws {
        let source = try Samples.batch().source
        let days = Duration.seconds(86_400)
        try await {
            let journal = try await open()
            await journal.learn([
                AddressSighting(.agent, source, seen: Samples.received + days),
                AddressSighting(.login, source, seen: Samples.received),
            ])
            await journal.learn([
                AddressSighting(.agent, source, seen: Samples.received),
                AddressSighting(.attacker, source, seen: Samples.received - days, rule: "5712"),
            ])
            // A commit that is waited for takes along what nobody waited for.
            await journal.tidy(at: Samples.received + days * 29)
        }()
        let journal = try await open()
        let known = await journal.sightings()
        #expect(
            known == [
                AddressSighting(.agent, source, seen: Samples.received + days),
                AddressSighting(.login, source, seen: Samples.received),
                AddressSighting(.attacker, source, seen: Samples.received - days, rule: "5712"),
            ])
        await journal.tidy(at: Samples.received + days * 30 + .milliseconds(1))
        #expect(await journal.sightings() == [known[0]])
    }

    @Test("What came while the clock was ahead keeps nothing that is over, and goes with what followed it")
    func clockAhead() async throws {
        let journal = try await open { $0.retention.alerts = .seconds(3600) }
        for (id, hours) in [(1, 0), (2, 5000), (3, 0), (4, 5000), (5, 2)] {
            let alerts = try Samples.alerts([id])
            let outcome = await withCheckedContinuation { continuation in
                journal.append(alerts, received: Samples.received + .seconds(hours * 3600)) {
                    continuation.resume(returning: $0)
                }
            }
            #expect(outcome == .stored(duplicates: 0))
        }
        await journal.finish([1, 2, 3, 4, 5])
        await journal.tidy(at: Samples.received + .seconds(2 * 3600))
        #expect(await journal.entries(Array(1...5)).map(\.sequence) == [4, 5])
    }

    @Test("What is over goes when its time has come, and nothing else")
    func retention() async throws {
        try await {
            let journal = try await open { $0.retention.alerts = .seconds(3600) }
            _ = await journal.append(try Samples.alerts(1...4))
            await journal.finish([1, 2, 4])
            await journal.tidy(at: Samples.received + .seconds(3600))
            #expect(await journal.entries([1, 2, 3, 4]).count == 4)
            await journal.tidy(at: Samples.received + .seconds(3601))
            #expect(await journal.entries([1, 2, 3, 4]).map(\.sequence) == [3])
        }()
        let journal = try await open()
        #expect(journal.state.unfinished == 1)
        _ = await journal.append(try Samples.alerts(5...5))
        #expect(await journal.undecided(limit: 10).map(\.sequence) == [3, 5], "no number is used twice")
    }

    @Test("What finds no room in memory is read from the file")
    func small() async throws {
        let journal = try await open { $0.memory = 1 }
        _ = await journal.append(try Samples.alerts(1...5))
        #expect(await journal.undecided(limit: 2).map(\.sequence) == [1, 2])
        #expect(await journal.undecided(limit: 2).map(\.sequence) == [3, 4])
        #expect(await journal.entries([5, 9, 2]).map(\.sequence) == [5, 2])
        #expect(await journal.undecided(limit: 2).map(\.sequence) == [5])
    }

    @Test("A file that is as large as it may be takes nothing more, until what is over has gone")
    func bytes() async throws {
        let empty = try await open().state.bytes
        let journal = try await open { $0.bytes = empty + 100_000 }
        var number = 0
        var outcome = AppendOutcome.stored(duplicates: 0)
        while outcome == .stored(duplicates: 0), number < 10_000 {
            number += 1
            outcome = await journal.append(try Samples.alerts([number]))
        }
        #expect(outcome == .full)
        await journal.tidy(at: Samples.received)
        #expect(await journal.append(try Samples.alerts([number])) == .full, "nothing is over")
        await journal.finish(Array(1..<UInt64(number)))
        await journal.tidy(at: Samples.received)
        #expect(await journal.append(try Samples.alerts([number])) == .stored(duplicates: 0))
    }

    @Test("A directory serves one process at a time")
    func lock() async throws {
        let journal = try await open()
        #expect(throws: JournalError.inUse(directory: folder.path)) { try DurableJournal(in: folder.path) { _ in } }
        _ = journal.state
    }

    @Test("A file of a later version is refused and left as it is")
    func laterVersion() async throws {
        try await {
            let journal = try await open()
            _ = await journal.append(try Samples.alerts(1...1))
        }()
        let path = folder.file("journal.sqlite")
        try await DatabaseQueue(path: path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('of a later version')")
        }
        await #expect(throws: JournalError.newerSchema(file: path)) { try await open() }
    }

    @Test("A damaged file is moved aside and told of, and a new one begun")
    func damage() async throws {
        try Data(repeating: 0x55, count: 8192).write(to: URL(filePath: folder.file("journal.sqlite")))
        let moved = Flagged()
        let journal = try DurableJournal(in: folder.path) { moved.set("\($0)") }
        let aside = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("damaged") }
        #expect(aside.count == 1)
        #expect(moved.text?.contains(aside.first ?? "none") == true)
        #expect(await journal.append(try Samples.alerts(1...1)) == .stored(duplicates: 0))
    }

    @Test("While another program holds the file nothing is taken; the journal says so, and finds out when it is free")
    func held() async throws {
        let journal = try DurableJournal(in: folder.path) { _ in }
        var configuration = GRDB.Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.file("journal.sqlite"), configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(await journal.append(try Samples.alerts(1...1)) == .failed(reason: "database is locked"))
        #expect(journal.state.isFailing)
        await journal.answer()
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await eventually("a commit") { !journal.state.isFailing }
        #expect(await journal.append(try Samples.alerts(1...1)) == .stored(duplicates: 0))
    }

    @Test("A directory that is none is told of")
    func unusable() throws {
        let file = folder.file("file")
        try Data().write(to: URL(filePath: file))
        #expect(throws: JournalError.self) { try DurableJournal(in: file) { _ in } }
    }
}

/// A text that is set once, on any thread.
private final class Flagged: @unchecked Sendable {
    private let lock = NSLock()
    private var value: String?

    var text: String? { lock.withLock { value } }

    func set(_ text: String) { lock.withLock { value = text } }
}
