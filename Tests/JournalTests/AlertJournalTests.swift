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
    enum Kind: CaseIterable { case memory, durable }

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func journal(
        _ kind: Kind, alerts: Int = 100, identities: Int = 100
    ) throws -> any AlertJournal {
        switch kind {
        case .memory:
            var limits = MemoryJournal.Limits()
            (limits.alerts, limits.identities) = (alerts, identities)
            return MemoryJournal(limits: limits)
        case .durable:
            var limits = DurableJournal.Limits()
            (limits.alerts, limits.identities) = (alerts, identities)
            return try DurableJournal(in: folder.path, limits: limits) { Issue.record("\($0)") }
        }
    }

    /// Returns when somebody waits for the journal's next alerts.
    private func isAwaited(_ journal: any AlertJournal) async {
        while (journal as? MemoryJournal)?.isAwaited == false || (journal as? DurableJournal)?.isAwaited == false {
            await Task.yield()
        }
    }

    @Test("Alerts are handed out once, in the order they came", arguments: Kind.allCases)
    func order(kind: Kind) async throws {
        let journal = try journal(kind)
        #expect(await journal.append(try Samples.alerts([1, 2])) == .stored(duplicates: 0))
        #expect(await journal.append(try Samples.alerts([3])) == .stored(duplicates: 0))
        let first = await journal.undecided(limit: 2)
        let second = await journal.undecided(limit: 2)
        #expect(first.map(\.sequence) == [1, 2])
        #expect(second.map(\.sequence) == [3])
        #expect(first.map(\.alert.identity) == (try Samples.alerts([1, 2]).map(\.identity)))
        #expect(first.map(\.received) == [Samples.received, Samples.received])
    }

    @Test("Who waits for alerts is woken by the next ones", arguments: Kind.allCases)
    func waiting(kind: Kind) async throws {
        let journal = try journal(kind)
        let waiting = Task { await journal.undecided(limit: 10) }
        await isAwaited(journal)
        #expect(await journal.append(try Samples.alerts([1])) == .stored(duplicates: 0))
        #expect(await waiting.value.count == 1)
    }

    @Test("A known identity is a duplicate, in the same request and in a later one", arguments: Kind.allCases)
    func duplicates(kind: Kind) async throws {
        let journal = try journal(kind)
        #expect(await journal.append(try Samples.alerts([1, 2, 1])) == .stored(duplicates: 1))
        #expect(await journal.append(try Samples.alerts([2])) == .stored(duplicates: 1))
        let entries = await journal.undecided(limit: 10)
        #expect(entries.count == 2)
        await journal.finish(entries.map(\.sequence))
        #expect(await journal.append(try Samples.alerts([1])) == .stored(duplicates: 1), "also when it is finished")
        #expect(journal.state.unfinished == 0)
    }

    @Test("The identities that are forgotten first are the oldest", arguments: Kind.allCases)
    func horizon(kind: Kind) async throws {
        let journal = try journal(kind, identities: 2)
        _ = await journal.append(try Samples.alerts([1, 2, 3]))
        #expect(await journal.append(try Samples.alerts([2, 3])) == .stored(duplicates: 2))
        #expect(await journal.append(try Samples.alerts([1])) == .stored(duplicates: 0))
    }

    @Test("A request is taken whole or not at all; what is finished makes room", arguments: Kind.allCases)
    func room(kind: Kind) async throws {
        let journal = try journal(kind, alerts: 2)
        #expect(await journal.append(try Samples.alerts([1, 2, 3])) == .tooLarge, "time does not help")
        #expect(journal.state.unfinished == 0)
        #expect(await journal.append(try Samples.alerts([1, 2, 1])) == .stored(duplicates: 1))
        #expect(await journal.append(try Samples.alerts([3])) == .full)
        #expect(
            await journal.append(try Samples.alerts([2, 1])) == .stored(duplicates: 2), "known alerts need no room")
        #expect(await journal.append(try Samples.alerts([2, 3])) == .full)
        await journal.finish([1])
        #expect(await journal.append(try Samples.alerts([3])) == .stored(duplicates: 0), "a refused alert is not known")
        #expect(await journal.entries([3, 9, 2]).map(\.sequence) == [3, 2])
    }

    @Test(
        "A closed batch ends its alerts, and is outstanding at each sink until that has an answer for good",
        arguments: Kind.allCases)
    func batches(kind: Kind) async throws {
        let journal = try journal(kind)
        _ = await journal.append(try Samples.alerts([1, 2]))
        let batch = try Samples.batch("203.0.113.9")
        await journal.close(batch, members: [1, 2], sinks: ["feed", "misp"])
        #expect(journal.state.unfinished == 0)
        #expect(journal.state.undelivered == 2)
        for (sink, receipt) in [
            ("feed", Receipt.stored(Receipt.Stored(confirmed: 1))), ("misp", .refused(reason: "blocklist")),
        ] {
            #expect(try await journal.outstanding(of: batch.source, at: sink).batches.map(\.id) == [batch.id])
            let delivery = try Samples.delivery(of: [batch], to: sink)
            await journal.begin(delivery)
            let begun = try await journal.outstanding(of: batch.source, at: sink)
            #expect(begun.batches.isEmpty)
            #expect(begun.delivery?.composition == delivery.composition)
            #expect(begun.delivery?.batches == [batch.id])
            #expect(begun.delivery?.batch.evidence == batch.evidence)
            await journal.finish(delivery, receipt, at: Samples.received)
            #expect(try await journal.outstanding(of: batch.source, at: sink).delivery == nil)
        }
        #expect(journal.state.undelivered == 0)
    }

    @Test(
        "Batches of a source wait in their order; what is begun takes its own away, what is dropped goes",
        arguments: Kind.allCases)
    func waitingBatches(kind: Kind) async throws {
        let journal = try journal(kind)
        let batches = try (0..<4).map { _ in try Samples.batch("203.0.113.9") }
        for batch in batches { await journal.close(batch, members: [], sinks: ["misp"]) }
        let other = try Samples.batch("203.0.113.8")
        await journal.close(other, members: [], sinks: ["misp"])
        let source = try #require(batches.first).source
        func ids() async throws -> [UUID] { try await journal.outstanding(of: source, at: "misp").batches.map(\.id) }
        #expect(try await ids() == batches.map(\.id))
        await journal.drop([batches[1].id, other.id], of: source, at: "misp")
        #expect(try await ids() == [0, 2, 3].map { batches[$0].id })
        let delivery = try Samples.delivery(of: [batches[0]], to: "misp")
        await journal.begin(delivery)
        await journal.finish(delivery, .leftOut(reason: "a test"), at: Samples.received)
        #expect(try await ids() == [2, 3].map { batches[$0].id })
        #expect(try await journal.outstanding(of: other.source, at: "misp").batches.map(\.id) == [other.id])
        #expect(journal.state.undelivered == 3)
    }

    @Test("Batches that become one stand where the first of them stood", arguments: Kind.allCases)
    func merging(kind: Kind) async throws {
        let journal = try journal(kind)
        let batches = try (0..<3).map { _ in try Samples.batch("203.0.113.9") }
        for batch in batches { await journal.close(batch, members: [], sinks: ["misp"]) }
        var evidence = batches[0].evidence
        evidence.merge(batches[1].evidence)
        let merged = Batch(
            id: batches[0].id, source: batches[0].source, opened: Samples.received, closed: Samples.received,
            evidence: evidence)
        await journal.merge(batches[..<2].map(\.id), into: merged, at: "misp")
        let waiting = try await journal.outstanding(of: merged.source, at: "misp").batches
        #expect(waiting.map(\.id) == [batches[0].id, batches[2].id])
        #expect(waiting.map(\.evidence.alerts.count) == [2, 1])
        #expect(journal.state.undelivered == 3)
    }

    @Test("The ledger tells what a sink holds of a source in the window, and nothing else", arguments: Kind.allCases)
    func ledger(kind: Kind) async throws {
        let journal = try journal(kind)
        let batch = try Samples.batch("203.0.113.9")
        let stored = try Samples.delivery(of: [batch], to: "feed")
        await journal.close(batch, members: [], sinks: ["feed", "misp"])
        await journal.finish(stored, .stored(Receipt.Stored(confirmed: 1)), at: Samples.received)
        await journal.finish(
            try Samples.delivery(of: [batch], to: "misp"), .refused(reason: "no"), at: Samples.received)
        let held = try await journal.history(of: batch.source, in: "feed", at: Samples.received)
        #expect(held?.event == stored.composition.event)
        #expect(try await journal.history(of: batch.source, in: "misp", at: Samples.received) == nil)
        #expect(try await journal.history(of: batch.source, in: "feed", at: Samples.received + .seconds(60)) == nil)
        let other = SourceKey(try #require(IPAddress("203.0.113.8")))
        #expect(try await journal.history(of: other, in: "feed", at: Samples.received) == nil)
        #expect(await journal.sources(storedAt: "feed", limit: 10) == [batch.source])
        #expect(await journal.sources(storedAt: "misp", limit: 10) == [])
    }

    @Test(
        "What was refused for good is a dead letter until it is sent again, as a batch, or dropped",
        arguments: Kind.allCases)
    func deadLetters(kind: Kind) async throws {
        let journal = try journal(kind)
        let batches = try ["203.0.113.7", "203.0.113.8", "203.0.113.9"].map { try Samples.batch($0) }
        for batch in batches {
            await journal.close(batch, members: [], sinks: ["misp"])
            let delivery = try Samples.delivery(of: [batch], to: "misp")
            await journal.begin(delivery)
            await journal.finish(delivery, .refused(reason: "blocklist"), at: Samples.received)
        }
        let letters = await journal.deadLetters(after: 0, limit: 10)
        #expect(letters.map(\.source) == batches.map(\.source))
        #expect(letters.allSatisfy { $0.reason == "blocklist" && $0.sink == "misp" && $0.alerts == 1 })
        #expect(letters.allSatisfy { $0.died == Samples.received })
        let ids = letters.map(\.id)
        #expect(await journal.deadLetters(after: ids[0], limit: 1).map(\.id) == [ids[1]])

        #expect(await journal.replay(deadLetter: ids[1]) == letters[1])
        #expect(try await journal.outstanding(of: batches[1].source, at: "misp").batches.map(\.id) == [batches[1].id])
        #expect(journal.state.undelivered == 1)
        #expect(await journal.replay(deadLetter: ids[1]) == nil, "it is gone")
        #expect(await journal.drop(deadLetter: ids[0]) == letters[0])
        #expect(await journal.drop(deadLetter: ids[0]) == nil)
        #expect(try await journal.outstanding(of: batches[0].source, at: "misp").batches.isEmpty)
        #expect(await journal.deadLetters(after: 0, limit: 10).map(\.id) == [ids[2]])
    }

    @Test("Later batches join the dead letter of their event, and of no other", arguments: Kind.allCases)
    func joining(kind: Kind) async throws {
        let journal = try journal(kind)
        let refused = try Samples.batch("203.0.113.9")
        await journal.close(refused, members: [], sinks: ["misp", "feed"])
        let delivery = try Samples.delivery(of: [refused], to: "misp")
        await journal.begin(delivery)
        await journal.finish(delivery, .refused(reason: "blocklist"), at: Samples.received)

        func later(_ source: String, after seconds: Int) throws -> Batch {
            let moment = Samples.received + .seconds(seconds)
            return Batch(
                id: UUID(), source: SourceKey(try #require(IPAddress(source))), opened: moment, closed: moment,
                evidence: Evidence(alerts: Tally(moment)))
        }
        let batches = try (1...2).map { try later("203.0.113.9", after: $0) }
        let others = [try later("203.0.113.9", after: 60), try later("203.0.113.8", after: 1)]
        for batch in batches + others { await journal.close(batch, members: [], sinks: ["misp"]) }
        for batch in others { #expect(await !journal.join([batch.id], as: batch, at: "misp")) }
        #expect(await !journal.join([refused.id], as: refused, at: "feed"))
        let all = batches[0].merged(with: batches[1...])
        #expect(await journal.join(batches.map(\.id), as: all, at: "misp"))
        #expect(journal.state.undelivered == 3)

        let letter = try #require(await journal.deadLetters(after: 0, limit: 10).first)
        #expect(letter.alerts == 3)
        #expect(letter.died == Samples.received)
        #expect(await journal.replay(deadLetter: letter.id) == letter)
        #expect(
            try await journal.outstanding(of: refused.source, at: "misp").batches.map(\.evidence.alerts.count) == [
                1, 3,
            ])
    }

    @Test("A closed journal hands out what it has, then ends, and takes nothing more", arguments: Kind.allCases)
    func closing(kind: Kind) async throws {
        let journal = try journal(kind)
        _ = await journal.append(try Samples.alerts([1]))
        journal.close()
        #expect(await journal.undecided(limit: 10).count == 1)
        #expect(await journal.undecided(limit: 10).isEmpty)
        guard case .failed = await journal.append(try Samples.alerts([2])) else {
            Issue.record("a closed journal takes alerts")
            return
        }
    }

    @Test("Closing ends a wait", arguments: Kind.allCases)
    func closingWakes(kind: Kind) async throws {
        let journal = try journal(kind)
        let waiting = Task { await journal.undecided(limit: 10) }
        await isAwaited(journal)
        journal.close()
        #expect(await waiting.value.isEmpty)
    }
}
