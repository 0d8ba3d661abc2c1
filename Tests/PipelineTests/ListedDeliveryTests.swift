import FoundationEssentials
import IPAddresses
import Isolation
import Journal
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

/// What becomes of batches whose source a list names, at the last moment.
@Suite(.timeLimit(.minutes(1)))
struct ListedDeliveryTests {
    private let journal = MemoryJournal()
    private let sink = RecordingSink()
    private let lists = SpokenLists()

    private func worker() -> SinkWorker {
        var limits = DeliverySchedule.Limits()
        limits.firstRetry = .milliseconds(1)
        let check = ListCheck([lists], policy: ListPolicy(note: ["cloud"], ignore: ["scanner"]))
        return SinkWorker(sink: sink, journal: journal, limits: limits, pace: .none, lists: check) { _ in }
    }

    private func batch(_ addresses: String...) throws -> Batch {
        let moment = Tally(Samples.received, mayDetect: true)
        var evidence = Evidence(alerts: moment)
        for address in addresses {
            evidence.attackers.add(.init(address: try Samples.address(address), role: .source), moment)
        }
        return Batch(
            id: UUID(), source: try Samples.source(addresses[0]), opened: Samples.received, closed: Samples.received,
            evidence: evidence)
    }

    private func deliver(_ batch: Batch, to worker: SinkWorker) async {
        await journal.close(batch, members: [], sinks: [sink.name])
        await worker.deliver(batch.source, flows: [])
        await worker.drained()
    }

    @Test("Who is on no list is shared, and the source and all its addresses were asked about")
    func unlisted() async throws {
        await deliver(try batch("2001:db8::9", "2001:db8::7"), to: worker())
        #expect(sink.delivered.count == 1)
        #expect(sink.composed.first?.batch.evidence.lists == [])
        #expect(lists.asked == ["2001:db8::/64 of 2001:db8::7, 2001:db8::9"])
    }

    @Test("Whom a list of clouds names is shared, and what is kept says so")
    func noted() async throws {
        lists.say(["203.0.113.9": "A cloud"])
        let batch = try batch("203.0.113.9")
        await deliver(batch, to: worker())
        #expect(sink.composed.first?.batch.evidence.lists.map(\.list) == ["A cloud"])
        let history = await journal.history(of: batch.source, in: sink.name, at: batch.opened)
        #expect(history?.evidence.lists.map(\.list) == ["A cloud"])
    }

    @Test("Whom another list names is held with that as the reason; a release counts for that list and no other")
    func held() async throws {
        lists.say(["203.0.113.9": "A CDN"])
        let batch = try batch("203.0.113.9")
        let worker = worker()
        await deliver(batch, to: worker)
        #expect(sink.composed.isEmpty)
        #expect(journal.state.undelivered == 0)
        let held = try #require(await journal.held(batch.source))
        #expect(held.reasons == ["on the list A CDN (203.0.113.9)": 1])

        lists.say(["203.0.113.9": "A bank"])
        _ = await journal.release(batch.source, to: [sink.name])
        await worker.deliver(batch.source, flows: [])
        await worker.drained()
        #expect(sink.composed.isEmpty, "nobody was told of this list")
        let again = try #require(await journal.held(batch.source))
        #expect(again.reasons == ["on the list A bank (203.0.113.9)": 1])

        _ = await journal.release(batch.source, to: [sink.name])
        await worker.deliver(batch.source, flows: [])
        await worker.drained()
        #expect(sink.composed.map(\.batch.evidence.lists.count) == [2])
        #expect(await journal.held(batch.source) == nil)
    }

    @Test("Whom a list of scanners names is not shared, not held, and counted")
    func ignored() async throws {
        lists.say(["203.0.113.9": "A scanner"])
        let batch = try batch("203.0.113.9")
        await deliver(batch, to: worker())
        #expect(sink.composed.isEmpty)
        #expect(journal.state.undelivered == 0)
        #expect(await journal.held(batch.source) == nil)
    }

    @Test("While the lists can't be asked nothing is shared; it goes out when they can be")
    func unanswered() async throws {
        lists.fail(times: 3)
        let batch = try batch("203.0.113.9")
        await deliver(batch, to: worker())
        #expect(lists.asked.count == 4)
        #expect(sink.delivered.count == 1)
    }

    @Test("Once a batch is composed it is sent as it is, however often, and no list is asked again")
    func resent() async throws {
        let sink = RecordingSink(receipts: [.retry(after: nil, reason: "busy"), .retry(after: nil, reason: "busy")])
        var limits = DeliverySchedule.Limits()
        limits.firstRetry = .milliseconds(1)
        let worker = SinkWorker(
            sink: sink, journal: journal, limits: limits, pace: .none,
            lists: ListCheck([lists], policy: ListPolicy())
        ) { _ in }
        let batch = try batch("203.0.113.9")
        await journal.close(batch, members: [], sinks: [sink.name])
        await worker.deliver(batch.source, flows: [])
        await worker.drained()
        #expect(sink.delivered.count == 3)
        #expect(lists.asked.count == 1)
    }
}

/// Lists that name whom they are told to.
private final class SpokenLists: AddressLists {
    private let state = Locked((names: [String: String](), failures: 0, asked: [String]()))

    var asked: [String] { state.withLock { $0.asked } }

    func say(_ names: [String: String]) { state.withLock { $0.names = names } }
    func fail(times: Int) { state.withLock { $0.failures = times } }

    func matches(of source: SourceKey, _ addresses: [IPAddress]) async throws(ListsUnanswered) -> [ListMatch] {
        let (names, fails) = state.withLock { state in
            state.asked.append("\(source) of \(addresses.sorted().map(\.description).joined(separator: ", "))")
            state.failures -= 1
            return (state.names, state.failures >= 0)
        }
        if fails { throw ListsUnanswered(.retry(after: nil, reason: "down")) }
        return addresses.compactMap { address in
            names["\(address)"].map { ListMatch(list: $0, matched: "\(address)") }
        }
    }
}
