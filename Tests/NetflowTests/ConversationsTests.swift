import IPAddresses
import Pipeline
import Testing
import Timestamps

@testable import Netflow

@Suite struct ConversationsTests {
    @Test("Both directions make one conversation, and each counts on its own side")
    func directions() throws {
        let answer = findings([.sent(packets: 3, at: 0), .received(packets: 2, at: 100)])
        #expect(answer.flowRecords == 2)
        #expect(answer.sent == .init(bytes: 120, packets: 3))
        #expect(answer.received == .init(bytes: 120, packets: 2))
        #expect(answer.first == moment(0))
        #expect(answer.last == moment(110))
        let peer = try #require(answer.peers.first)
        #expect(answer.peers.count == 1)
        #expect(peer.peer == host)
        #expect((peer.conversations, peer.answered) == (1, 1))
        #expect(peer.sent == answer.sent)
        #expect(peer.received == answer.received)
        #expect((peer.first, peer.last) == (moment(0), moment(110)))
    }

    @Test("A biflow counts both ways in one record")
    func biflow() throws {
        let answer = findings([.received(packets: 2, back: 5)])
        #expect(answer.flowRecords == 1)
        #expect(answer.sent == .init(bytes: 200, packets: 5))
        #expect(answer.received == .init(bytes: 120, packets: 2))
        let peer = try #require(answer.peers.first)
        #expect(peer.initiator == .internal)
        #expect(peer.answered == 1)
    }

    @Test("Conversations with the same service sum up; the answered ones are counted")
    func sums() throws {
        let answer = findings([
            .sent(from: 40_000, at: 0), .sent(from: 40_001, at: 10), .received(on: 40_001, at: 20),
            .sent(from: 40_002, at: 30),
        ])
        let peer = try #require(answer.peers.first)
        #expect(answer.peers.count == 1)
        #expect((peer.conversations, peer.answered) == (3, 1))
        #expect(peer.sent == .init(bytes: 120, packets: 3))
        #expect((peer.first, peer.last) == (moment(0), moment(40)))
    }

    @Test("A conversation that the peer opened stands apart from those it answered, and we may answer it")
    func callback() {
        let answer = findings([
            .sent(to: 443, at: 0), .received(from: 443, at: 1),
            .received(on: 443, from: 50_000, at: 300), .sent(from: 443, to: 50_000, at: 301),
        ])
        #expect(answer.peers.map(\.initiator) == [.attacker, .internal])
        #expect(answer.peers.map(\.port) == [443, 443])
        #expect(answer.peers.map(\.answered) == [1, 1])
        #expect(answer.distinctPeers == 1)
    }

    @Test("An echo and its reply are one conversation on port 0, whatever type and code stand where ports would")
    func ping() throws {
        for transport in [1, 58] {
            let answer = findings([
                .sent(from: 0, to: 2048, transport: transport, at: 0),
                .received(on: 0, from: 0, transport: transport, at: 5),
            ])
            let peer = try #require(answer.peers.first)
            #expect(answer.peers.count == 1)
            #expect((peer.port, peer.initiator, peer.answered) == (0, .attacker, 1))
        }
    }

    @Test("Peers sort by the text of the address, then protocol, port and initiator")
    func order() throws {
        let near = try #require(IPAddress("10.20.0.9"))
        let answer = findings([
            .sent(to: 22, peer: near), .sent(to: 443), .sent(to: 80), .sent(to: 53, transport: 17),
            .received(on: 80, from: 5000),
        ])
        #expect(
            answer.peers.map { "\($0.peer) \($0.transport) \($0.port) \($0.initiator)" } == [
                "10.20.0.10 6 80 attacker", "10.20.0.10 6 80 internal", "10.20.0.10 6 443 attacker",
                "10.20.0.10 17 53 attacker", "10.20.0.9 6 22 attacker",
            ])
    }

    @Test("A record that does not name the address changes nothing; one to itself counts as sent")
    func strangers() {
        var conversations = Conversations(of: host)
        var room = 1
        conversations.add(
            FlowRecord(
                from: .init(attacker, 1), to: .init(attacker, 2), transport: 6, forward: .init(bytes: 1, packets: 1),
                first: moment(0), last: moment(0)), room: &room)
        #expect(room == 1)
        #expect(conversations.findings() == FlowFindings(address: host))
        let own = findings([.sent(peer: attacker)])
        #expect(own.flowRecords == 1)
        #expect(own.sent.packets == 1)
        #expect(own.received.packets == 0)
    }

    @Test("A value that stands for several records counts them all")
    func aggregated() {
        var record = FlowRecord.sent()
        record.records = 7
        #expect(findings([record]).flowRecords == 7)
    }

    @Test("At the limit every conversation is kept; one past it is counted, left out and said")
    func limit() {
        let three = (0..<3).map { FlowRecord.sent(from: 40_000 + $0, to: $0 + 1) }
        #expect(findings(three, limit: 3).peers.count == 3)
        #expect(findings(three, limit: 3).incomplete.isEmpty)
        let cut = findings(three + [.received(on: 40_000, from: 1)], limit: 2)
        #expect(cut.peers.count == 2)
        #expect(cut.peers[0].answered == 1)
        #expect(cut.flowRecords == 4)
        #expect(cut.sent.packets == 3)
        #expect(cut.incomplete == ["more than 2 conversations: the peers of 1 flow records are left out"])
    }

    @Test("Sums stop at 2^53, whatever a record claims")
    func overflow() {
        var record = FlowRecord.sent()
        record.forward = .init(bytes: .max, packets: 1 << 53 - 1)
        let answer = findings([record, record])
        #expect(answer.sent == .init(bytes: 1 << 53, packets: 1 << 53))
        #expect(answer.peers.map(\.sent) == [answer.sent])
    }
}
