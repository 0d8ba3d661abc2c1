import IPAddresses
import Testing
import Timestamps

@testable import Pipeline

@Suite("Netflow's answers")
struct FlowFindingsTests {
    private func peer(
        _ address: String, _ initiator: FlowFindings.Initiator = .attacker, answered: Int = 0, bytes: Int = 0,
        transport: Int = 6
    ) throws -> FlowFindings.Peer {
        FlowFindings.Peer(
            peer: try Samples.address(address), transport: transport, port: 22, initiator: initiator,
            conversations: answered + 1, answered: answered, sent: .init(bytes: bytes), received: .init(),
            first: Samples.received, last: Samples.received)
    }

    @Test("The strongest peers are kept, in their order, and the sums still count all")
    func strongest() throws {
        let peers = try [
            peer("10.0.0.1", bytes: 5), peer("10.0.0.2", answered: 3), peer("10.0.0.3", bytes: 9),
            peer("10.0.0.4", .internal), peer("10.0.0.5", .internal, bytes: 99, transport: 1),
            peer("10.0.0.6", answered: 1),
        ]
        let whole = try Samples.findings("203.0.113.9", records: 6, peers: peers)
        var findings = whole
        findings.keepStrongest(6)
        #expect(findings == whole)
        findings.keepStrongest(4)
        #expect(
            findings.peers.map(\.peer.description) == ["10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6"])
        #expect(findings.sums == whole.sums)
        #expect(FlowSummary(findings) == FlowSummary(whole))
        #expect(findings.distinctPeers == 6)
        findings.keepStrongest(1)
        #expect(findings.peers.map(\.peer.description) == ["10.0.0.4"], "who calls the attacker comes first")
        #expect(findings.sums == whole.sums)
        #expect(whole.sums.peers == 6 && whole.sums.conversations == 10 && whole.sums.answered == 4)
        #expect(whole.sums.answeringHosts == 2 && whole.sums.openingHosts == 2)
    }

    @Test(
        "A newer answer replaces an older one, unless it is incomplete and has less to tell",
        arguments: [
            (5, 7, false, 7), (5, 3, false, 3), (5, 0, false, 0), (5, 0, true, 5), (5, 3, true, 5), (5, 5, true, 5),
            (5, 7, true, 7), (0, 0, true, 0),
        ])
    func replacing(older: Int, newer: Int, isIncomplete: Bool, expected: Int) throws {
        let earlier = try Samples.findings("203.0.113.9", records: older)
        let now = try Samples.findings("203.0.113.9", records: newer, incomplete: isIncomplete ? ["2 of 5 shards"] : [])
        let merged = [earlier].updated(with: [now], limit: 64)
        #expect(merged.map(\.flowRecords) == [expected])
        #expect(merged.map(\.incomplete.isEmpty) == [!(isIncomplete && newer >= older)])
    }

    @Test("Addresses of one source stand side by side, the most telling of them where there are too many")
    func addresses() throws {
        let addresses = (1...4).map { "2001:db8::\($0)" }
        let findings = try addresses.enumerated().map { try Samples.findings($1, records: $0) }
        let merged = Array(findings.prefix(2)).updated(with: Array(findings.suffix(2)), limit: 64)
        #expect(merged.map(\.address.description) == addresses)
        #expect(findings.updated(with: [], limit: 2).map(\.address.description) == ["2001:db8::3", "2001:db8::4"])
    }

    @Test("An address is asked about again after 15 minutes, or at once where nothing came of it")
    func asking() throws {
        var memory = LookupMemory(limit: 2)
        let start = ContinuousClock.now
        func mayAsk(_ address: String, after seconds: Int) throws -> Bool {
            memory.mayAsk(try Samples.address(address), at: start + .seconds(seconds))
        }
        #expect(try mayAsk("203.0.113.1", after: 0))
        #expect(try !mayAsk("203.0.113.1", after: 899))
        #expect(try mayAsk("203.0.113.1", after: 900))
        memory.forget(try Samples.address("203.0.113.1"))
        #expect(try mayAsk("203.0.113.1", after: 901))
        #expect(try mayAsk("203.0.113.2", after: 901))
        #expect(try !mayAsk("203.0.113.1", after: 902))
        #expect(try mayAsk("203.0.113.3", after: 902), "full: all are forgotten")
        #expect(try mayAsk("203.0.113.1", after: 903))
    }

    @Test("An answer reaches who waits, and who comes later; what comes after the end is not looked at")
    func answer() async throws {
        let answer = FlowAnswer(about: try Samples.address("203.0.113.9"))
        let never = ContinuousClock.now + .seconds(3600)
        #expect(await answer.value(until: .now) == nil, "it has not come")
        async let waiting = answer.value(until: never)
        answer.complete(with: try Samples.findings("203.0.113.9", records: 1))
        answer.complete(with: try Samples.findings("203.0.113.9", records: 2))
        answer.abandon()
        #expect(await waiting?.flowRecords == 1)
        #expect(await answer.value(until: .now)?.flowRecords == 1)
        let abandoned = FlowAnswer(about: answer.address)
        async let nothing = abandoned.value(until: never)
        abandoned.abandon()
        abandoned.complete(with: try Samples.findings("203.0.113.9", records: 1))
        #expect(await nothing == nil)
        #expect(await abandoned.value(until: never) == nil)
    }

    @Test("Sources are remembered, the newest of them")
    func sources() throws {
        var memory = SourceMemory(limit: 4)
        let sources = try (1...4).map { try Samples.source("203.0.113.\($0)") }
        memory.add(sources[0])
        memory.add(sources[1])
        #expect(memory.holds(sources[0]))
        memory.add(sources[2])
        memory.add(sources[3])
        #expect(sources.allSatisfy { memory.holds($0) })
        memory.remove(sources[0])
        memory.remove(sources[3])
        #expect(sources.map { memory.holds($0) } == [false, true, true, false])
    }
}
