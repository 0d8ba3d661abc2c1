import FoundationEssentials
import IPAddresses
import Journal
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

/// What a pipeline does about what people take back.
@Suite(.timeLimit(.minutes(1)))
struct WithdrawingTests {
    private static let source = "203.0.113.9"

    private func revocation() throws -> Revocation {
        Revocation(source: try Samples.source(Self.source), at: .now(), actor: "root", reason: "ours")
    }

    @Test("What was shared is taken back, and what comes later is held until a person releases it")
    func revoked() async throws {
        let bench = RunningPipeline()
        try await bench.receive("attack")
        await bench.delivered()
        let met = await bench.pipeline.revoke(try revocation())
        #expect(met.sinks == ["recording"])
        while bench.sink.withdrawn.isEmpty { await Task.yield() }
        #expect(bench.sink.withdrawn.map(\.isRevocation) == [true])
        try await bench.receive("attack")
        await bench.decided()
        let source = try Samples.source(Self.source)
        while await bench.journal.held(source) == nil { await Task.yield() }
        let held = try #require(await bench.journal.held(source))
        #expect(
            held.reasons.keys.contains { $0.contains("revoked by root") && $0.hasSuffix(": ours") }, "\(held.reasons)")
        #expect(bench.sink.delivered.count == 1)
        guard case .hold = await bench.pipeline.verdict(on: source, []) else {
            Issue.record("what is about to be composed is to be held")
            return
        }

        _ = await bench.journal.release(source, to: ["recording"])
        await bench.pipeline.released(source)
        #expect(await bench.pipeline.verdict(on: source, []) == .share)
        await bench.delivered()
        #expect(bench.sink.delivered.count == 2)
        #expect(bench.sink.composed.last?.history?.withdrawal?.done != nil, "what is composed next is newer")
        try await bench.receive("attack")
        await bench.delivered()
        #expect(bench.sink.composed.last?.history?.withdrawal == nil)
        await bench.stop()
    }

    @Test("A batch that was open when its source was revoked is held")
    func open() async throws {
        let bench = RunningPipeline { $0.batch.quiet = .milliseconds(300) }
        try await bench.receive("attack")
        await bench.delivered()
        try await bench.receive("attack")
        await bench.decided()
        _ = await bench.pipeline.revoke(try revocation())
        let source = try Samples.source(Self.source)
        while await bench.journal.held(source) == nil { await Task.yield() }
        #expect(bench.sink.delivered.count == 1)
        await bench.stop()
    }

    @Test("What is being sent when its source is revoked is taken back as soon as it has arrived")
    func underWay() async throws {
        let gate = Gate()
        let bench = RunningPipeline(sink: RecordingSink(beforeAnswer: { await gate.wait() }))
        try await bench.receive("attack")
        await bench.sink.isAsked()
        #expect(await bench.pipeline.revoke(try revocation()).sinks == ["recording"])
        await gate.open()
        while bench.sink.withdrawn.isEmpty { await Task.yield() }
        await bench.stop()
    }

    @Test("What did not arrive before its source was revoked is not sent again, and taken back as if it had")
    func notArrived() async throws {
        let gate = Gate()
        let bench = RunningPipeline(
            sink: RecordingSink(receipts: [.retry(after: nil, reason: "busy")], beforeAnswer: { await gate.wait() })
        ) { $0.delivery.firstRetry = .milliseconds(1) }
        try await bench.receive("attack")
        await bench.sink.isAsked()
        _ = await bench.pipeline.revoke(try revocation())
        await gate.open()
        while bench.sink.withdrawn.isEmpty { await Task.yield() }
        await bench.stop()
        #expect(bench.sink.delivered.count == 1)
    }

    @Test("Of whom nothing was shared nothing is taken back, and nothing held")
    func nothing() async throws {
        let bench = RunningPipeline()
        #expect(await bench.pipeline.revoke(try revocation()).isEmpty)
        try await bench.receive("attack")
        await bench.delivered()
        await bench.stop()
        #expect(bench.sink.withdrawn.isEmpty)
    }

    @Test("Who was not seen for long is retired, and shared again at once when seen again")
    func retired() async throws {
        let bench = RunningPipeline()
        try await bench.receive("attack")
        await bench.delivered()
        #expect(await bench.pipeline.retire(unseenSince: .now() - .seconds(86_400 * 3650)) == 0)
        #expect(await bench.pipeline.retire(unseenSince: .now() + .seconds(60)) == 1)
        #expect(await bench.pipeline.retire(unseenSince: .now() + .seconds(60)) == 0)
        while bench.sink.withdrawn.isEmpty { await Task.yield() }
        #expect(bench.sink.withdrawn.map(\.kind) == [.retired])
        try await bench.receive("attack")
        await bench.delivered()
        #expect(bench.sink.composed.last?.history?.withdrawal?.kind == .retired)
        await bench.stop()
    }

    @Test("Who was added to those that are never named is not, from then on, open batches included")
    func never() async throws {
        let bench = RunningPipeline { $0.batch.quiet = .milliseconds(300) }
        try await bench.receive("attack")
        await bench.decided()
        let block = try #require(IPBlock("203.0.113.0/24"))
        let entry = NeverList.Entry(
            block: block, added: Timestamp(seconds: 1_795_161_600), actor: "root", reason: "ours")
        await bench.pipeline.setNever(NeverList([entry]))
        try await bench.receive("attack", from: "198.51.100.23")
        await bench.delivered()
        await bench.stop()
        #expect(bench.sink.delivered.count == 1)
        #expect(bench.sink.composed.map { "\($0.batch.source)" } == ["198.51.100.23"])
        var policy = Samples.policy()
        policy.additions = NeverList([entry])
        let decision = policy.decide(
            try Samples.alert { $0.groups = ["attack"] }, known: AddressBook(), at: Timestamp(seconds: 1_795_161_600))
        #expect(decision.isNever)
        #expect("\(decision.reason)" == "never: added by root 2026-11-20T08:00:00Z: ours")
    }

    @Test("A narrow entry tells more of an address than a wide one")
    func narrowest() throws {
        let entries = try ["203.0.113.0/24", "203.0.113.9", "203.0.112.0/23"].map { text in
            NeverList.Entry(
                block: try #require(IPBlock(text)), added: Samples.received, actor: "root", reason: nil)
        }
        let list = NeverList(entries)
        #expect(list.entry(for: try Samples.address("203.0.113.9")) == entries[1])
        #expect(list.entry(for: try Samples.address("203.0.113.8")) == entries[0])
        #expect(list.entry(for: try Samples.address("203.0.114.9")) == nil)
    }
}
