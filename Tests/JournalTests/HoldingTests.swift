import FoundationEssentials
import GRDB
import IPAddresses
import Isolation
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Journal

/// What every journal promises of alerts that wait for a person.
struct HoldingTests {
    typealias Kind = AlertJournalTests.Kind

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func journal(_ kind: Kind) throws -> any AlertJournal {
        switch kind {
        case .memory: MemoryJournal()
        case .durable: try DurableJournal(in: folder.path) { Issue.record("\($0)") }
        }
    }

    private func held(
        _ address: String = "203.0.113.9", at seconds: Int = 0, reason: String = "rule a"
    ) throws -> Held {
        let source = SourceKey(try #require(IPAddress(address)))
        let moment = Samples.received + .seconds(seconds)
        let batch = Batch(
            id: UUID(), source: source, opened: moment, closed: moment, evidence: Evidence(alerts: Tally(moment)))
        return Held(source: source, batch: batch, reasons: [reason: 1])
    }

    @Test("What is held ends its alerts, and joins what is held of its source already", arguments: Kind.allCases)
    func hold(kind: Kind) async throws {
        let journal = try journal(kind)
        _ = await journal.append(try Samples.alerts(1...4))
        let first = try held(at: 5)
        await journal.hold([first, try held("203.0.113.8")], members: [1, 3])
        await journal.hold([try held(at: 9), try held(at: 0, reason: "rule b")], members: [4])
        #expect(journal.state.unfinished == 1)
        #expect(journal.state.held == 2)
        #expect(journal.state.undelivered == 0)
        let kept = try #require(await journal.held(first.source))
        #expect(kept.source == first.source)
        #expect(kept.reasons == ["rule a": 2, "rule b": 1])
        #expect(kept.batch.id == first.batch.id)
        #expect(kept.batch.opened == Samples.received)
        #expect(kept.batch.closed == Samples.received + .seconds(9))
        #expect(kept.batch.evidence.alerts.count == 3)
        #expect(kept.batch.mayOpen)
    }

    @Test("Batches that are held for one sink after the other count once", arguments: Kind.allCases)
    func twoSinks(kind: Kind) async throws {
        let journal = try journal(kind)
        let ids = [UUID(), UUID(), UUID()]
        func held(_ batches: UUID...) throws -> Held {
            let one = try self.held()
            return Held(source: one.source, batch: one.batch, reasons: one.reasons, batches: batches)
        }
        for next in [try held(ids[0]), try held(ids[1]), try held(ids[0]), try held(ids[0], ids[1]), try held(ids[2])] {
            await journal.hold([next], members: [])
        }
        await journal.hold([try self.held()], members: [])
        let kept = try #require(await journal.held(try self.held().source))
        #expect(kept.batch.evidence.alerts.count == 4)
        #expect(kept.reasons == ["rule a": 4])
    }

    @Test("Sources are told page by page, each once", arguments: Kind.allCases)
    func pages(kind: Kind) async throws {
        let journal = try journal(kind)
        let sources = ["203.0.113.9", "203.0.113.10", "2001:db8::1", "198.51.100.1", "192.0.2.7"]
        await journal.hold(try sources.map { try held($0) }, members: [])
        var seen: [SourceKey] = []
        while true {
            let page = await journal.heldSources(after: seen.last, limit: 2)
            #expect(page.count <= 2)
            if page.isEmpty { break }
            seen += page.map(\.source)
        }
        #expect(seen.count == 5)
        #expect(Set(seen).count == 5)
    }

    @Test("What is released is outstanding at every sink, once", arguments: Kind.allCases)
    func release(kind: Kind) async throws {
        let journal = try journal(kind)
        let held = try held()
        await journal.hold([held], members: [])
        #expect(await journal.release(held.source, to: []) == nil, "there is nowhere to go")
        #expect(journal.state.held == 1)
        #expect(await journal.release(held.source, to: ["feed", "misp"])?.batch.id == held.batch.id)
        #expect(await journal.release(held.source, to: ["feed", "misp"]) == nil)
        #expect(await journal.held(held.source) == nil)
        #expect(journal.state.held == 0)
        #expect(journal.state.undelivered == 2)
        for sink in ["feed", "misp"] {
            #expect(try await journal.outstanding(of: held.source, at: sink).batches.map(\.id) == [held.batch.id])
        }
        await journal.hold([try self.held()], members: [])
        #expect(await journal.held(held.source)?.batch.evidence.alerts.count == 1, "it begins anew")
    }

    @Test("What is dropped is gone, and nothing is outstanding", arguments: Kind.allCases)
    func drop(kind: Kind) async throws {
        let journal = try journal(kind)
        let held = try held()
        await journal.hold([held], members: [])
        #expect(await journal.dropHeld(held.source)?.batch.id == held.batch.id)
        #expect(await journal.dropHeld(held.source) == nil)
        #expect(await journal.held(held.source) == nil)
        #expect(journal.state.held == 0)
        #expect(try await journal.outstanding(of: held.source, at: "misp").batches.isEmpty)
    }

    @Test("Sources go when nothing was held of them for long enough", arguments: Kind.allCases)
    func expire(kind: Kind) async throws {
        let journal = try journal(kind)
        let (old, renewed) = (try held("203.0.113.8"), try held())
        await journal.hold([old, renewed], members: [])
        await journal.hold([try held(at: 60)], members: [])
        #expect(await journal.expireHeld(lastReceivedBefore: Samples.received) == [])
        #expect(await journal.expireHeld(lastReceivedBefore: Samples.received + .seconds(60)) == [old.source])
        #expect(await journal.heldSources(after: nil, limit: 10).map(\.source) == [renewed.source])
        #expect(journal.state.held == 1)
    }

    @Test("A journal in a file has what is held after a restart")
    func restart() async throws {
        let held = try held()
        try await {
            let journal = try self.journal(.durable)
            _ = await journal.append(try Samples.alerts(1...2))
            await journal.hold([held], members: [1])
            journal.close()
        }()
        var reopened: (any AlertJournal)?
        while reopened == nil {
            do { reopened = try self.journal(.durable) } catch JournalError.inUse { await Task.yield() }
        }
        let journal = try #require(reopened)
        #expect(journal.state.held == 1)
        #expect(await journal.undecided(limit: 10).map(\.sequence) == [2], "held alerts are not decided again")
        #expect(await journal.held(held.source)?.batch.evidence == held.batch.evidence)
    }

    @Test("What can't be read any more is told of, and gives way to what is held next")
    func unreadable() async throws {
        let held = try held()
        let notices = Locked<[DurableJournal.Notice]>([])
        let journal = try DurableJournal(in: folder.path) { notice in notices.withLock { $0.append(notice) } }
        await journal.hold([held], members: [])
        await journal.commits.write { try $0.execute(sql: "UPDATE held SET content = 'x'") }
        #expect(await journal.release(held.source, to: ["misp"]) == nil)
        #expect(await journal.heldSources(after: nil, limit: 10).isEmpty)
        #expect(journal.state.held == 1)
        await journal.hold([try self.held(reason: "rule b")], members: [])
        #expect(await journal.held(held.source)?.reasons == ["rule b": 1])
        #expect(notices.withLock { $0.count } == 3)
    }

    @Test(
        "A full memory lets the longest unchanged source go, and never what was just held",
        arguments: [(2, 1 << 20), (100, 3000), (1, 1)])
    func bounds(limit: Int, bytes: Int) throws {
        var store = HeldStore(limit: limit, bytes: bytes)
        for address in ["203.0.113.7", "203.0.113.8"] { store.add(try held(address)) }
        store.add(try held("203.0.113.7"))
        store.add(try held("203.0.113.9"))
        let expected = limit == 1 ? ["203.0.113.9"] : ["203.0.113.7", "203.0.113.9"]
        #expect(store.page(after: nil, limit: 10).map { "\($0.source)" } == expected)
        for _ in 0..<100 { store.add(try held("203.0.113.9")) }
        #expect(store.count == expected.count)
    }
}
