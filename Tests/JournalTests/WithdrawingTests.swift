import FoundationEssentials
import IPAddresses
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Journal

/// What every journal promises of what is taken back.
struct WithdrawingTests {
    typealias Kind = AlertJournalTests.Kind

    private let folder: TemporaryFolder
    private static let stored = Receipt.stored(Receipt.Stored(confirmed: 1))
    private static let later = Samples.received + .seconds(90)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func journal(_ kind: Kind) throws -> any AlertJournal {
        switch kind {
        case .memory: MemoryJournal()
        case .durable: try DurableJournal(in: folder.path) { Issue.record("\($0)") }
        }
    }

    private func revocation(_ source: String = "203.0.113.9", at seconds: Int = 60) throws -> Revocation {
        Revocation(
            source: SourceKey(try #require(IPAddress(source))), at: Samples.received + .seconds(seconds), actor: "root",
            reason: "ours")
    }

    /// Stores one batch of the source at the sink.
    @discardableResult
    private func store(
        _ source: String = "203.0.113.9", at sink: String = "misp", in journal: any AlertJournal
    ) async throws -> Delivery {
        let batch = try Samples.batch(source)
        await journal.close(batch, members: [], sinks: [sink])
        let delivery = try Samples.delivery(of: [batch], to: sink)
        await journal.begin(delivery)
        await journal.finish(delivery, Self.stored, at: Samples.received)
        return delivery
    }

    @Test(
        "What was composed when its source was revoked does not begin, until it is released", arguments: Kind.allCases)
    func overtaken(kind: Kind) async throws {
        let journal = try journal(kind)
        let batch = try Samples.batch("203.0.113.9")
        await journal.close(batch, members: [], sinks: ["misp"])
        let delivery = try Samples.delivery(of: [batch], to: "misp")
        #expect(await journal.revoke(try revocation()).dropped > 0)
        #expect(await !journal.begin(delivery))
        #expect(try await journal.outstanding(of: batch.source, at: "misp").delivery == nil)
        #expect(journal.state.undelivered == 0)

        await journal.hold([Held(source: batch.source, batch: batch, reasons: ["revoked": 1])], members: [])
        _ = await journal.release(batch.source, to: ["misp"])
        #expect(await journal.begin(delivery))
    }

    @Test(
        "What was shared is to be taken back by each sink, and waits for that until it is done",
        arguments: Kind.allCases)
    func revoke(kind: Kind) async throws {
        let journal = try journal(kind)
        let delivery = try await store(in: journal)
        try await store(at: "feed", in: journal)
        try await store("203.0.113.8", in: journal)
        let revocation = try revocation()
        let met = await journal.revoke(revocation)
        #expect(met.sinks == ["feed", "misp"])
        #expect(met.dropped == 0)
        #expect(await journal.revocations(at: Self.later).map(\.source) == [delivery.source])
        for sink in ["feed", "misp"] {
            let entry = try #require(try await journal.outstanding(of: delivery.source, at: sink).withdrawing)
            #expect(entry.withdrawal == revocation.withdrawal)
            #expect(entry.items.count == 1)
        }
        let entry = try #require(try await journal.outstanding(of: delivery.source, at: "misp").withdrawing)
        var answer = Receipt.Stored(confirmed: 1)
        answer.isToBePublished = true
        await journal.withdrawn(entry, of: delivery.source, at: "misp", .stored(answer), moment: Self.later)
        let after = try await journal.outstanding(of: delivery.source, at: "misp")
        #expect(after.withdrawing == nil)
        #expect(after.unpublished?.event == entry.event)
        #expect(after.unpublished?.isUrgent == true, "others hear of it at once")
        let history = try await journal.history(of: delivery.source, in: "misp", at: Samples.received)
        #expect(history?.withdrawal?.done == Self.later)
        #expect(try await journal.outstanding(of: delivery.source, at: "feed").withdrawing != nil)
        _ = await journal.revoke(revocation)
        #expect(try await journal.outstanding(of: delivery.source, at: "misp").withdrawing == nil, "asked once")
        let other = SourceKey(try #require(IPAddress("203.0.113.8")))
        #expect(try await journal.outstanding(of: other, at: "misp").withdrawing == nil)
    }

    @Test("Of whom nothing was shared nothing changes", arguments: Kind.allCases)
    func nothing(kind: Kind) async throws {
        let journal = try journal(kind)
        #expect(await journal.revoke(try revocation()).isEmpty)
        #expect(await journal.revocations(at: Self.later).isEmpty)
    }

    @Test("What waits is let go of, and what is being sent is taken back once it is over", arguments: Kind.allCases)
    func underWay(kind: Kind) async throws {
        let journal = try journal(kind)
        let (first, second) = (try Samples.batch(), try Samples.batch())
        for batch in [first, second] { await journal.close(batch, members: [], sinks: ["misp", "feed"]) }
        let delivery = try Samples.delivery(of: [first], to: "misp")
        await journal.begin(delivery)
        let met = await journal.revoke(try revocation())
        #expect(met.sinks == ["misp"])
        #expect(met.dropped == 3)
        #expect(journal.state.undelivered == 1)
        let outstanding = try await journal.outstanding(of: first.source, at: "misp")
        #expect(outstanding.delivery != nil)
        #expect(outstanding.revocation?.actor == "root")
        await journal.finish(delivery, Self.stored, at: Self.later)
        #expect(journal.state.undelivered == 0)
        let entry = try await journal.outstanding(of: first.source, at: "misp").withdrawing
        #expect(entry?.event == delivery.composition.event)
    }

    @Test("What is stored while it is to be taken back still is", arguments: Kind.allCases)
    func crossing(kind: Kind) async throws {
        let journal = try journal(kind)
        try await store(in: journal)
        let batch = try Samples.batch()
        await journal.close(batch, members: [], sinks: ["misp"])
        let delivery = try Samples.delivery(of: [batch], to: "misp")
        await journal.begin(delivery)
        _ = await journal.retire(unseenSince: Self.later, limit: 10, now: Self.later)
        await journal.finish(delivery, Self.stored, at: Self.later)
        let entry = try #require(try await journal.outstanding(of: batch.source, at: "misp").withdrawing)
        #expect(entry.withdrawal?.kind == .retired)
        #expect(entry.event == delivery.composition.event)
        await journal.withdrawn(entry, of: batch.source, at: "misp", Self.stored, moment: Self.later)
        try await store(in: journal)
        let history = try await journal.history(of: batch.source, in: "misp", at: Samples.received)
        #expect(history?.withdrawal == nil, "what comes later is shared again")
    }

    @Test("A person's word comes over what was asked before", arguments: Kind.allCases)
    func revokedMeanwhile(kind: Kind) async throws {
        let journal = try journal(kind)
        let delivery = try await store(in: journal)
        _ = await journal.retire(unseenSince: Self.later, limit: 10, now: Self.later)
        let retiring = try #require(try await journal.outstanding(of: delivery.source, at: "misp").withdrawing)
        _ = await journal.revoke(try revocation())
        await journal.withdrawn(retiring, of: delivery.source, at: "misp", Self.stored, moment: Self.later)
        let left = try await journal.outstanding(of: delivery.source, at: "misp").withdrawing
        #expect(left?.withdrawal?.isRevocation == true)
    }

    @Test("The longest unseen are retired first, each once", arguments: Kind.allCases)
    func retire(kind: Kind) async throws {
        let journal = try journal(kind)
        for source in ["203.0.113.7", "203.0.113.8", "203.0.113.9"] { try await store(source, in: journal) }
        #expect(await journal.retire(unseenSince: Samples.received, limit: 10, now: Self.later).isEmpty)
        let first = await journal.retire(unseenSince: Self.later, limit: 2, now: Self.later)
        let rest = await journal.retire(unseenSince: Self.later, limit: 2, now: Self.later)
        #expect([first.count, rest.count] == [2, 1])
        #expect(Set((first + rest).map { "\($0.source)" }).count == 3)
        #expect(await journal.retire(unseenSince: Self.later, limit: 2, now: Self.later).isEmpty)
    }

    @Test("Whoever is released is no longer revoked", arguments: Kind.allCases)
    func release(kind: Kind) async throws {
        let journal = try journal(kind)
        let delivery = try await store(in: journal)
        _ = await journal.revoke(try revocation())
        let batch = try Samples.batch()
        await journal.hold([Held(source: batch.source, batch: batch, reasons: ["revoked": 1])], members: [])
        _ = await journal.release(batch.source, to: ["misp"])
        #expect(await journal.revocations(at: Self.later).isEmpty)
        let outstanding = try await journal.outstanding(of: delivery.source, at: "misp")
        #expect(outstanding.revocation == nil)
        #expect(outstanding.withdrawing != nil, "what was asked first is done first")
        #expect(outstanding.batches.count == 1)
    }

    @Test("A revocation is over with the window, but for a month at least", arguments: Kind.allCases)
    func ends(kind: Kind) async throws {
        let journal = try journal(kind)
        try await store(in: journal)
        let revocation = try revocation()
        _ = await journal.revoke(revocation)
        #expect(await journal.revocations(at: revocation.moment + .seconds(29 * 86_400)).count == 1)
        #expect(await journal.revocations(at: revocation.moment + .seconds(31 * 86_400)).isEmpty)
    }

    @Test("A journal in a file has all of it after a restart, and who is never named")
    func restart() async throws {
        let entry = NeverList.Entry(
            block: try #require(IPBlock("192.0.2.0/24")), added: Samples.received, actor: "root", reason: "ours")
        try await {
            let journal = try #require(try self.journal(.durable) as? DurableJournal)
            try await store(in: journal)
            _ = await journal.revoke(try revocation())
            #expect(await journal.addNever(entry))
            #expect(await !journal.addNever(entry))
            journal.close()
        }()
        var reopened: DurableJournal?
        while reopened == nil {
            do { reopened = try self.journal(.durable) as? DurableJournal } catch JournalError.inUse {
                await Task.yield()
            }
        }
        let journal = try #require(reopened)
        #expect(
            await journal.sources(outstandingAt: "misp", after: nil, limit: 10).map(\.description) == ["203.0.113.9"])
        #expect(await journal.revocations(at: Self.later).map(\.reason) == ["ours"])
        #expect(await journal.neverList().entries == [entry])
        #expect(await journal.removeNever(entry.block))
        #expect(await !journal.removeNever(entry.block))
    }
}
