import Foundation
import GRDB
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Journal

/// What people do beside a running server, as far as the journal goes.
struct DeskTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func journal() throws -> DurableJournal {
        try DurableJournal(in: folder.path) { Issue.record("\($0)") }
    }

    @Test("Where there is no journal that is said, and none is made")
    func missing() throws {
        #expect(throws: JournalError.missing(directory: folder.path)) { try JournalReader(in: folder.path) }
        #expect(throws: JournalError.missing(directory: folder.path)) { try IntentBox(in: folder.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test("A file of a later version is refused, and one that is no journal")
    func unreadable() async throws {
        _ = try self.journal()
        let path = folder.file("journal.sqlite")
        try await DatabaseQueue(path: path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('of a later version')")
        }
        #expect(throws: JournalError.newerSchema(file: path)) { try JournalReader(in: folder.path) }
        #expect(throws: JournalError.newerSchema(file: path)) { try IntentBox(in: folder.path) }
        let other = try TemporaryFolder()
        try Data(repeating: 0x55, count: 8192).write(to: URL(filePath: other.file("journal.sqlite")))
        #expect(throws: JournalError.self) { try JournalReader(in: other.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: other.path) == ["journal.sqlite"])
    }

    @Test("What is asked for beside the journal's holder reaches it, and the outcome whoever asked; both stay")
    func intents() async throws {
        let requests: [Intent.Request] = [.pause, .resume, .replay(nil), .replay(7), .dropDeadLetter(8)]
        let ids = try await {
            let journal = try self.journal()
            let box = try IntentBox(in: folder.path)
            #expect(box.isServed)
            let ids = try requests.map { try box.add($0, by: "root", reason: "a test", at: Samples.received) }
            let open = await journal.openIntents()
            #expect(open.map(\.id) == ids)
            #expect(open.map(\.request) == requests)
            #expect(open.allSatisfy { $0.actor == "root" && $0.reason == "a test" && $0.asked == Samples.received })
            #expect(try box.outcome(of: ids[0]) == nil)
            for intent in open.dropLast() { await journal.finish(intent, .fine("done"), at: Samples.received) }
            await journal.finish(open[4], .failed("no"), at: Samples.received)
            #expect(await journal.openIntents().isEmpty)
            return ids
        }()
        let box = try IntentBox(in: folder.path)
        #expect(!box.isServed)
        #expect(
            try ids.map { try box.outcome(of: $0) } == [
                .fine("done"), .fine("done"), .fine("done"), .fine("done"), .failed("no"),
            ])
    }

    @Test("What another version asks for is known to be unknown")
    func unknown() async throws {
        let journal = try self.journal()
        let box = try IntentBox(in: folder.path)
        _ = try box.add(.unknown(command: "dance"), by: "root", reason: nil, at: Samples.received)
        #expect(await journal.openIntents().map(\.request) == [.unknown(command: "dance")])
    }

    @Test("A pause and a sink's rest are there after a restart, until they are over")
    func facts() async throws {
        let pause = Pause(since: Samples.received, actor: "root", reason: nil)
        let rest = SinkRest(reason: "busy", until: Samples.received)
        try await {
            let journal = try self.journal()
            await journal.setPause(pause)
            journal.note(rest, of: "misp")
            _ = await journal.pause()
            let status = try JournalReader(in: folder.path).status(sinks: ["feed", "misp"])
            #expect(status.isServed)
            #expect(status.pause == pause)
            #expect(status.sinks.map(\.rest) == [nil, rest])
        }()
        let down = try JournalReader(in: folder.path).status(sinks: ["misp"])
        #expect(!down.isServed)
        #expect(down.sinks.map(\.rest) == [nil], "nobody knows any more")
        let journal = try self.journal()
        #expect(await journal.pause() == pause)
        await journal.forgetRests()
        await journal.setPause(nil)
        #expect(await journal.pause() == nil)
        #expect(try JournalReader(in: folder.path).status(sinks: ["misp"]).sinks.map(\.rest) == [nil])
    }

    @Test("The status tells what waits, what sinks lack and since when, and whom alerts come from")
    func status() async throws {
        let journal = try self.journal()
        _ = await journal.append(try Samples.alerts(1...4))
        await journal.finish([1])
        await journal.writeFinished()
        let batches = try ["203.0.113.8", "203.0.113.9", "203.0.113.9"].map { try Samples.batch($0) }
        for batch in batches { await journal.close(batch, members: [], sinks: ["misp"]) }
        let delivery = try Samples.delivery(of: [batches[0]], to: "misp")
        await journal.begin(delivery)
        let stored = try Samples.delivery(of: [batches[0]], to: "feed")
        let later = Samples.received + .seconds(9)
        await journal.finish(stored, .stored(Receipt.Stored(confirmed: 1)), at: later)
        let refused = try Samples.delivery(of: [batches[1]], to: "misp")
        await journal.finish(refused, .refused(reason: "no"), at: later)

        let status = try JournalReader(in: folder.path).status(sinks: ["feed"])
        #expect(status.waiting == 3)
        #expect(status.deadLetters == 1)
        #expect(status.managers == [.init(name: "manager", last: Samples.received, lag: .zero)])
        #expect(status.bytes > 0)
        #expect(
            status.sinks == [
                .init(name: "feed", sources: 0, alerts: 0, oldest: nil, rest: nil, confirmed: later),
                .init(name: "misp", sources: 2, alerts: 3, oldest: Samples.received, rest: nil, confirmed: nil),
            ])
    }

    @Test("A backup beside the journal's holder is a journal, and overwrites nothing")
    func backup() async throws {
        let journal = try self.journal()
        _ = await journal.append(try Samples.alerts(1...3))
        let other = try TemporaryFolder()
        let path = other.file("journal.sqlite")
        let reader = try JournalReader(in: folder.path)
        #expect(try reader.backUp(to: path) > 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: other.path) == ["journal.sqlite"])
        #expect(throws: BackupError.exists(file: path)) { try reader.backUp(to: path) }
        _ = await journal.append(try Samples.alerts(4...4))
        let copy = try DurableJournal(in: other.path) { Issue.record("\($0)") }
        #expect(await copy.undecided(limit: 10).map(\.sequence) == [1, 2, 3])
        #expect(throws: BackupError.self) { try reader.backUp(to: other.file("none/journal.sqlite")) }
    }
}
