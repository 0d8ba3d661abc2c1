import Pipeline
import Testing

@testable import Netflow

/// Who opened a conversation: every rule alone, and every rule over the ones below it.
@Suite struct InitiatorTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let initiator: FlowFindings.Initiator
        let port: Int
        let records: [FlowRecord]

        init(_ name: String, _ initiator: FlowFindings.Initiator, port: Int, _ records: FlowRecord...) {
            testDescription = name
            self.initiator = initiator
            self.port = port
            self.records = records
        }
    }

    static let cases = [
        Case(
            "a biflow's source opened it, though the other side was seen before",
            .attacker, port: 22, .sent(back: 1, at: 5), .received(at: 0)),
        Case(
            "a biflow of the peer counts the same",
            .internal, port: 40_000, .received(back: 1, at: 5), .sent(at: 0)),
        Case(
            "of two biflows the earlier counts",
            .internal, port: 40_000, .sent(back: 1, at: 5), .received(back: 1, at: 4)),
        Case(
            "biflows that tie leave it to the other rules",
            .internal, port: 40_000, .sent(back: 1, at: 5), .received(back: 1, at: 5, flags: .syn)),
        Case(
            "a reverse count of zero makes no biflow",
            .internal, port: 40_000, .sent(back: 0, at: 5), .received(at: 0)),
        Case(
            "the only side seen opened it, even from the lower port",
            .attacker, port: 50_000, .sent(from: 22, to: 50_000)),
        Case(
            "the peer seen alone opened it, even with a SYN and an ACK",
            .internal, port: 40_000, .received(flags: [.syn, .ack])),
        Case(
            "the earlier side opened it, though the later one has the SYN",
            .attacker, port: 50_000, .sent(from: 22, to: 50_000, at: 0, flags: .ack),
            .received(on: 22, from: 50_000, at: 1, flags: .syn)),
        Case(
            "the earlier peer opened it",
            .internal, port: 40_000, .sent(at: 1), .received(at: 0)),
        Case(
            "the earliest record of a side counts, in whatever order they come",
            .internal, port: 40_000, .sent(at: 3), .received(at: 9), .received(at: 2)),
        Case(
            "on a tie the side with a SYN and no ACK opened it, though its port is the lower one",
            .attacker, port: 50_000, .sent(from: 22, to: 50_000, flags: .syn),
            .received(on: 22, from: 50_000, flags: [.syn, .ack])),
        Case(
            "on a tie the peer's SYN counts the same",
            .internal, port: 40_000, .sent(flags: [.syn, .ack]), .received(flags: [.syn, .psh])),
        Case(
            "flags add up over a side's records",
            .internal, port: 40_000, .sent(flags: .syn), .sent(flags: .ack), .received(flags: .syn)),
        Case(
            "on a tie the side with a RST and no SYN was asked",
            .internal, port: 40_000, .sent(flags: [.rst, .ack]), .received(flags: [.syn, .ack])),
        Case(
            "on a tie the peer's RST counts the same",
            .attacker, port: 50_000, .sent(from: 22, to: 50_000, flags: [.syn, .ack]),
            .received(on: 22, from: 50_000, flags: .rst)),
        Case(
            "a SYN decides before a RST does",
            .internal, port: 40_000, .sent(flags: [.rst, .ack]), .received(flags: .syn)),
        Case(
            "two SYNs leave it to the ports",
            .attacker, port: 22, .sent(flags: .syn), .received(flags: .syn)),
        Case(
            "two RSTs leave it to the ports",
            .attacker, port: 22, .sent(flags: .rst), .received(flags: .rst)),
        Case(
            "without flags the lower port is the service",
            .internal, port: 22, .sent(from: 22, to: 50_000), .received(on: 22, from: 50_000)),
        Case(
            "equal ports are the peer's service",
            .attacker, port: 123, .sent(from: 123, to: 123, transport: 17),
            .received(on: 123, from: 123, transport: 17)),
        Case(
            "flags say nothing but in TCP",
            .attacker, port: 53, .sent(to: 53, transport: 17), .received(from: 53, transport: 17, flags: .syn)),
    ]

    @Test("The one who opened a conversation is found, and the service is the other one's port", arguments: cases)
    func initiator(_ sample: Case) throws {
        let peers = findings(sample.records).peers
        #expect(peers.count == 1)
        let peer = try #require(peers.first)
        #expect(peer.initiator == sample.initiator)
        #expect(peer.port == sample.port)
        #expect(peer.conversations == 1)
    }
}
