import FoundationEssentials
import IPAddresses
import Isolation
import Journal
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

/// What is not sent although its time has come.
@Suite(.timeLimit(.minutes(1)))
struct WithholdingTests {
    private let journal = MemoryJournal()

    private func worker(_ sink: RecordingSink) -> SinkWorker {
        var limits = DeliverySchedule.Limits()
        limits.firstRetry = .milliseconds(1)
        limits.breaker.failures = 1
        return SinkWorker(sink: sink, journal: journal, limits: limits, pace: .none) { _ in }
    }

    private func batch(_ address: String = "203.0.113.9", mayOpen: Bool = true) throws -> Batch {
        var evidence = Evidence(alerts: Tally(Samples.received))
        evidence.attackers.add(.init(address: try Samples.address(address), role: .source), Tally(Samples.received))
        return Batch(
            id: UUID(), source: try Samples.source(address), opened: Samples.received, closed: Samples.received,
            evidence: evidence, mayOpen: mayOpen)
    }

    private func deliver(_ batch: Batch, to worker: SinkWorker, of sink: RecordingSink) async {
        await journal.close(batch, members: [], sinks: [sink.name])
        await worker.deliver(batch.source, flows: [])
        await worker.drained()
    }

    @Test("Who refused an event for good is not asked again: what comes later joins the one dead letter")
    func refused() async throws {
        let sink = RecordingSink(receipts: [.refused(reason: "blocklist")])
        let worker = worker(sink)
        for _ in 0..<3 { await deliver(try batch(), to: worker, of: sink) }
        await deliver(try batch("203.0.113.8"), to: worker, of: sink)
        #expect(sink.delivered.count == 2, "one of each source")
        let letters = await journal.deadLetters(after: 0, limit: 10)
        #expect(letters.map(\.alerts) == [3])
        #expect(journal.state.undelivered == 0)

        _ = await journal.replay(deadLetter: letters[0].id)
        await worker.deliver(letters[0].source, flows: [])
        await worker.drained()
        #expect(sink.composed.last?.batch.evidence.alerts.count == 3, "a person has it asked again, with all of it")
        await deliver(try batch(), to: worker, of: sink)
        #expect(sink.delivered.count == 4)
    }

    @Test("A dead letter that a person drops lets later batches be tried again")
    func dropped() async throws {
        let sink = RecordingSink(receipts: [.refused(reason: "blocklist")])
        let worker = worker(sink)
        await deliver(try batch(), to: worker, of: sink)
        _ = await journal.drop(deadLetter: 1)
        await deliver(try batch(), to: worker, of: sink)
        #expect(sink.delivered.count == 2)
        #expect(await journal.deadLetters(after: 0, limit: 10).isEmpty)
    }

    @Test("A batch that can't become an event is a dead letter with the reason, and the sink is used on for others")
    func fault() async throws {
        let sink = RecordingSink(faults: 1)
        let worker = worker(sink)
        await deliver(try batch("203.0.113.8"), to: worker, of: sink)
        await deliver(try batch(), to: worker, of: sink)
        #expect(sink.delivered.count == 1)
        let letters = await journal.deadLetters(after: 0, limit: 10)
        #expect(letters.map(\.reason) == ["a fault"])
        #expect(letters.map(\.source) == [try Samples.source("203.0.113.8")])
        #expect(journal.state.undelivered == 0)
    }

    @Test(
        "What waited is looked at once more before it is sent",
        arguments: [
            (Verdict.share, sent: 1, held: 0), (.never(reason: "listed"), 0, 0), (.hold(reason: "a partner"), 0, 1),
        ])
    func verdict(verdict: Verdict, sent: Int, held: Int) async throws {
        let sink = RecordingSink()
        let worker = worker(sink)
        await worker.ask { _, _ in verdict }
        await deliver(try batch(), to: worker, of: sink)
        #expect(sink.delivered.count == sent)
        #expect(journal.state.undelivered == 0)
        #expect(journal.state.held == held)
        #expect(await journal.held(try Samples.source("203.0.113.9"))?.reasons == (held > 0 ? ["a partner": 1] : nil))
    }

    @Test("What a person has released is sent although it would be held, and not where nobody may be named")
    func released() async throws {
        for (verdict, sent) in [(Verdict.hold(reason: "a partner"), 1), (.never(reason: "listed"), 0)] {
            let sink = RecordingSink()
            let worker = worker(sink)
            await worker.ask { _, _ in verdict }
            let batch = try batch()
            await journal.hold([Held(source: batch.source, batch: batch, reasons: ["a partner": 1])], members: [])
            _ = await journal.release(batch.source, to: [sink.name])
            await worker.deliver(batch.source, flows: [])
            await worker.drained()
            #expect(sink.delivered.count == sent)
            #expect(journal.state.undelivered == 0)
            #expect(journal.state.held == 0)
        }
    }

    @Test(
        "A delivery that was composed earlier is looked at, too",
        arguments: [(Verdict.never(reason: "listed"), held: 0), (.hold(reason: "a partner"), 1)])
    func composed(verdict: Verdict, held: Int) async throws {
        let sink = RecordingSink()
        let worker = worker(sink)
        let batch = try batch()
        await journal.close(batch, members: [], sinks: [sink.name])
        await journal.begin(
            Delivery(
                sink: sink.name, batch: batch, batches: [batch.id],
                composition: try sink.compose(nil, batch, flows: [], now: Samples.received), flows: []))
        await worker.ask { _, _ in verdict }
        await worker.deliver(batch.source, flows: [])
        await worker.drained()
        #expect(sink.delivered.isEmpty)
        #expect(journal.state.undelivered == 0)
        #expect(journal.state.held == held)
    }

    @Test("An event of somebody who must not be named by now is not published any more")
    func publishing() async throws {
        let sink = RecordingSink(isPublishing: true)
        let worker = worker(sink)
        let isListed = Flag()
        await worker.ask { _, _ in isListed.isSet ? .never(reason: "listed") : .share }
        let batch = try batch()
        await journal.close(batch, members: [], sinks: [sink.name])
        await worker.deliver(batch.source, flows: [])
        while sink.delivered.isEmpty { await Task.yield() }
        isListed.set()
        await worker.drained()
        #expect(sink.published.isEmpty)
        #expect(await journal.outstanding(of: batch.source, at: sink.name).unpublished == nil)
    }

    @Test("Of whom the networks speak by now, nobody is told, or a person is asked")
    func networks() throws {
        let cases: [(WritableKeyPath<Networks, IPBlockSet>, String, Verdict)] = [
            (\.never, "203.0.113.9", .never(reason: "listed in networks.never")),
            (\.own, "203.0.113.9", .never(reason: "a host of ours")),
            (\.scanners, "203.0.113.9", .never(reason: "listed in networks.scanners")),
            (\.proxies, "203.0.113.9", .never(reason: "listed in networks.proxies")),
            (\.partners, "203.0.113.9", .hold(reason: "listed in networks.partners")),
            (\.never, "203.0.113.8", .share), (\.never, "2001:db8::77", .share),
        ]
        for (list, address, verdict) in cases {
            var networks = Networks()
            networks[keyPath: list] = try Samples.blocks("203.0.113.9")
            let accused = try Samples.address(address)
            let answer = Samples.policy(networks).verdict(
                on: SourceKey(accused), [accused], known: AddressBook(), at: Samples.received)
            #expect(answer == verdict)
        }
    }

    @Test("One address of an IPv6 network that is ours is enough")
    func oneOfMany() throws {
        var networks = Networks()
        networks.own = try Samples.blocks("2001:db8::7")
        let accused = try ["2001:db8::8", "2001:db8::7"].map { try Samples.address($0) }
        let verdict = Samples.policy(networks).verdict(
            on: SourceKey(accused[0]), accused, known: AddressBook(), at: Samples.received)
        #expect(verdict == .never(reason: "a host of ours"))
    }
}
