import FoundationEssentials
import IPAddresses
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Journal

/// What every journal promises; each conformance runs all of it.
struct AlertJournalTests {
    enum Kind: CaseIterable { case memory }

    private let received = Timestamp(seconds: 1_795_161_600)

    private func journal(_ kind: Kind, _ change: (inout MemoryJournal.Limits) -> Void = { _ in }) -> any AlertJournal {
        var limits = MemoryJournal.Limits()
        change(&limits)
        switch kind {
        case .memory: return MemoryJournal(limits: limits)
        }
    }

    private func alerts(_ ids: [Int]) throws -> [Alert] {
        var decoder = AlertDecoder()
        return try ids.map { id in
            let sample = SampleAlert { $0.id = "1795161600.\(id)" }
            return try #require(try decoder.decode(sample.bytes.span).alerts.first)
        }
    }

    private func append(_ alerts: [Alert], to journal: any AlertJournal) async -> AppendOutcome {
        await withCheckedContinuation { continuation in
            journal.append(alerts, received: received) { continuation.resume(returning: $0) }
        }
    }

    /// Returns when somebody waits for the journal's next alerts.
    private func isAwaited(_ journal: any AlertJournal) async {
        while (journal as? MemoryJournal)?.isAwaited == false { await Task.yield() }
    }

    private func batch(_ source: String) throws -> Batch {
        Batch(
            id: UUID(), source: SourceKey(try #require(IPAddress(source))), opened: received, closed: received,
            evidence: Evidence(alerts: Tally(received)))
    }

    private func delivery(of batches: [Batch], to sink: String) throws -> Delivery {
        let first = try #require(batches.first)
        let window = received..<received + .seconds(60)
        let event = UUID()
        return Delivery(
            sink: sink, source: first.source, batches: batches.map(\.id), alerts: batches.count,
            composition: Composition(event: event, window: window, body: [1], items: [], isUpdate: false),
            outcome: History(event: event, window: window, evidence: first.evidence, items: [:], flows: []))
    }

    @Test("Alerts are handed out once, in the order they came", arguments: Kind.allCases)
    func order(kind: Kind) async throws {
        let journal = journal(kind)
        #expect(await append(try alerts([1, 2]), to: journal) == .stored(duplicates: 0))
        #expect(await append(try alerts([3]), to: journal) == .stored(duplicates: 0))
        let first = await journal.undecided(limit: 2)
        let second = await journal.undecided(limit: 2)
        #expect(first.map(\.sequence) == [1, 2])
        #expect(second.map(\.sequence) == [3])
        #expect(first.map(\.alert.identity) == (try alerts([1, 2]).map(\.identity)))
        #expect(first.map(\.received) == [received, received])
    }

    @Test("Who waits for alerts is woken by the next ones", arguments: Kind.allCases)
    func waiting(kind: Kind) async throws {
        let journal = journal(kind)
        let waiting = Task { await journal.undecided(limit: 10) }
        await isAwaited(journal)
        #expect(await append(try alerts([1]), to: journal) == .stored(duplicates: 0))
        #expect(await waiting.value.count == 1)
    }

    @Test("A known identity is a duplicate, in the same request and in a later one", arguments: Kind.allCases)
    func duplicates(kind: Kind) async throws {
        let journal = journal(kind)
        #expect(await append(try alerts([1, 2, 1]), to: journal) == .stored(duplicates: 1))
        #expect(await append(try alerts([2]), to: journal) == .stored(duplicates: 1))
        let entries = await journal.undecided(limit: 10)
        #expect(entries.count == 2)
        await journal.finish(entries.map(\.sequence))
        #expect(await append(try alerts([1]), to: journal) == .stored(duplicates: 1), "also when it is finished")
        #expect(journal.state.unfinished == 0)
    }

    @Test("The identities that are forgotten first are the oldest", arguments: Kind.allCases)
    func horizon(kind: Kind) async throws {
        let journal = journal(kind) { $0.identities = 2 }
        _ = await append(try alerts([1, 2, 3]), to: journal)
        #expect(await append(try alerts([2, 3]), to: journal) == .stored(duplicates: 2))
        #expect(await append(try alerts([1]), to: journal) == .stored(duplicates: 0))
    }

    @Test("A request is taken whole or not at all; what is finished makes room", arguments: Kind.allCases)
    func room(kind: Kind) async throws {
        let journal = journal(kind) { $0.alerts = 2 }
        #expect(await append(try alerts([1, 2, 3]), to: journal) == .tooLarge, "time does not help")
        #expect(journal.state.unfinished == 0)
        #expect(await append(try alerts([1, 2, 1]), to: journal) == .stored(duplicates: 1))
        #expect(await append(try alerts([3]), to: journal) == .full)
        #expect(await append(try alerts([2, 1]), to: journal) == .stored(duplicates: 2), "known alerts need no room")
        #expect(await append(try alerts([2, 3]), to: journal) == .full)
        await journal.finish([1])
        #expect(await append(try alerts([3]), to: journal) == .stored(duplicates: 0), "a refused alert is not known")
        #expect(await journal.entries([1, 2, 3]).map(\.sequence) == [2, 3])
    }

    @Test("Bytes are bounded as well", arguments: Kind.allCases)
    func bytes(kind: Kind) async throws {
        let size = try alerts([1])[0].bytes.count
        let exact = journal(kind) { $0.bytes = size }
        #expect(await append(try alerts([1]), to: exact) == .stored(duplicates: 0))
        #expect(exact.state.bytes == size)
        let short = journal(kind) { $0.bytes = size - 1 }
        #expect(await append(try alerts([1]), to: short) == .tooLarge)
        let more = journal(kind) { $0.bytes = size + 1 }
        #expect(await append(try alerts([1]), to: more) == .stored(duplicates: 0))
        #expect(await append(try alerts([2]), to: more) == .full)
        #expect(await append(try alerts([1]), to: more) == .stored(duplicates: 1))
    }

    @Test("A batch's alerts stay until every sink has answered for good", arguments: Kind.allCases)
    func batches(kind: Kind) async throws {
        let journal = journal(kind)
        _ = await append(try alerts([1, 2]), to: journal)
        let batch = try batch("203.0.113.9")
        await journal.close(batch, members: [1, 2], sinks: ["feed", "misp"])
        let toFeed = try delivery(of: [batch], to: "feed")
        await journal.begin(toFeed)
        await journal.finish(toFeed, .stored(Receipt.Stored(confirmed: 1)))
        #expect(journal.state.unfinished == 2)
        let toMISP = try delivery(of: [batch], to: "misp")
        await journal.begin(toMISP)
        await journal.finish(toMISP, .refused(reason: "blocklist"))
        #expect(journal.state.unfinished == 0)
    }

    @Test("A batch that is dropped at a sink is over there, and ends with the last sink", arguments: Kind.allCases)
    func dropping(kind: Kind) async throws {
        let journal = journal(kind)
        _ = await append(try alerts([1, 2]), to: journal)
        let batch = try batch("203.0.113.9")
        await journal.close(batch, members: [1, 2], sinks: ["feed", "misp"])
        await journal.drop([batch.id], of: "feed")
        #expect(journal.state.unfinished == 2)
        await journal.finish(try delivery(of: [batch], to: "misp"), .stored(Receipt.Stored(confirmed: 1)))
        #expect(journal.state.unfinished == 0)
        #expect(await journal.history(of: batch.source, in: "feed", at: received) == nil)
    }

    @Test("The ledger tells what a sink holds of a source in the window, and nothing else", arguments: Kind.allCases)
    func ledger(kind: Kind) async throws {
        let journal = journal(kind)
        let batch = try batch("203.0.113.9")
        let stored = try delivery(of: [batch], to: "feed")
        await journal.close(batch, members: [], sinks: ["feed", "misp"])
        await journal.finish(stored, .stored(Receipt.Stored(confirmed: 1)))
        await journal.finish(try delivery(of: [batch], to: "misp"), .refused(reason: "no"))
        let held = await journal.history(of: batch.source, in: "feed", at: received)
        #expect(held?.event == stored.composition.event)
        #expect(await journal.history(of: batch.source, in: "misp", at: received) == nil)
        #expect(await journal.history(of: batch.source, in: "feed", at: received + .seconds(60)) == nil)
        let other = SourceKey(try #require(IPAddress("203.0.113.8")))
        #expect(await journal.history(of: other, in: "feed", at: received) == nil)
    }

    @Test("A closed journal hands out what it has, then ends, and takes nothing more", arguments: Kind.allCases)
    func closing(kind: Kind) async throws {
        let journal = journal(kind)
        _ = await append(try alerts([1]), to: journal)
        journal.close()
        #expect(await journal.undecided(limit: 10).count == 1)
        #expect(await journal.undecided(limit: 10).isEmpty)
        guard case .failed = await append(try alerts([2]), to: journal) else {
            Issue.record("a closed journal takes alerts")
            return
        }
    }

    @Test("Closing ends a wait", arguments: Kind.allCases)
    func closingWakes(kind: Kind) async {
        let journal = journal(kind)
        let waiting = Task { await journal.undecided(limit: 10) }
        await isAwaited(journal)
        journal.close()
        #expect(await waiting.value.isEmpty)
    }

    @Test("It has room while the longest alert would fit, by number and by bytes", arguments: Kind.allCases)
    func roomForOneMore(kind: Kind) async throws {
        let size = try alerts([1])[0].bytes.count
        let cases: [(alerts: Int, bytes: Int, hasRoom: Bool)] = [
            (2, 1 << 20, true), (1, 1 << 20, false), (2, size + JournalState.longestAlert, true),
            (2, size + JournalState.longestAlert - 1, false),
        ]
        for (alerts, bytes, hasRoom) in cases {
            let journal = journal(kind) {
                $0.alerts = alerts
                $0.bytes = bytes
            }
            #expect(await append(try self.alerts([1]), to: journal) == .stored(duplicates: 0))
            #expect(journal.state.hasRoom == hasRoom, "\(alerts) alerts, \(bytes) bytes")
        }
    }
}
