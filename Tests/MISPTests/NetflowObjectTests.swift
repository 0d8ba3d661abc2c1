import Foundation
import Pipeline
import Testing
import Timestamps
import Wazuh

@testable import MISP

struct NetflowObjectTests {
    let composer: EventComposer

    init() throws {
        composer = EventComposer(settings: try EventSettings())
    }

    @Test("A conversation becomes an object of MISP's template, from whoever opened it")
    func fields() throws {
        let event = try composer.event(Sample.bruteForce(), flows: Sample.flows())
        let fields = event.objects.map { object in
            object.attributes.map { "\($0.relation ?? "")=\($0.value)" }.joined(separator: " ")
        }
        #expect(
            fields == [
                """
                ip-src=10.20.30.50 ip-dst=203.0.113.9 dst-port=4444 protocol=TCP ip-protocol-number=6 \
                first-packet-seen=2026-11-19T20:01:00.000000+0000 last-packet-seen=2026-11-19T20:05:00.000000+0000 \
                flow-count=2 packet-count=85 byte-count=100500
                """,
                """
                ip-src=203.0.113.9 ip-dst=10.20.30.40 dst-port=22 protocol=TCP ip-protocol-number=6 \
                first-packet-seen=2026-11-19T20:00:00.000000+0000 last-packet-seen=2026-11-19T20:10:00.000000+0000 \
                flow-count=30 packet-count=210 byte-count=16000
                """,
                """
                ip-src=203.0.113.9 ip-dst=10.20.30.60 protocol=ICMP ip-protocol-number=1 \
                first-packet-seen=2026-11-19T20:00:00.000000+0000 last-packet-seen=2026-11-19T20:00:00.000000+0000 \
                flow-count=1 packet-count=1 byte-count=84
                """,
            ])
        #expect(
            event.objects.map(\.comment) == ["opened by our side", "opened by the attacker", "opened by the attacker"])
    }

    @Test(
        "Protocols are named where they have a common name",
        arguments: [(6, "TCP"), (17, "UDP"), (58, "IPv6-ICMP"), (89, "89")])
    func protocols(number: Int, name: String) {
        #expect(protocolName(number) == name)
    }

    @Test("Of too many conversations the strongest are taken", arguments: [(20, 20), (21, 20)])
    func limit(given: Int, taken: Int) throws {
        var findings = Sample.flows()[0]
        findings.peers = (1...given).map { number in
            var peer = findings.peers[0]
            peer = FlowFindings.Peer(
                peer: Sample.address("10.20.30.\(number)"), transport: 6, port: 22, initiator: .attacker,
                conversations: number, answered: number, sent: peer.sent, received: peer.received, first: peer.first,
                last: peer.last)
            return peer
        }
        let objects = try composer.event(Sample.bruteForce(), flows: [findings]).objects
        #expect(objects.count == taken)
        #expect(objects[0].attributes[1].value == "10.20.30.\(given)")
    }

    @Test("What Netflow says again keeps its time, what it says anew gets a later one")
    func growth() throws {
        let evidence = Sample.bruteForce()
        let first = try composer.compose(
            nil, Sample.batch(evidence), flows: Sample.flows(), now: Sample.now, organisation: Sample.organisation)
        var flows = Sample.flows()
        flows[0].peers[0].conversations = 31
        let later = Sample.now + .seconds(900)
        let history = Sample.history(first, evidence, flows: Sample.flows())
        let event = try composer.event(evidence, history: history, flows: flows, now: later)
        let times = event.objects.map { object in
            (object.attributes[1].value, Set([object.timestamp] + object.attributes.map(\.timestamp)).map(\.seconds))
        }
        #expect(times.map(\.0) == ["203.0.113.9", "10.20.30.40", "10.20.30.60"])
        #expect(times.map(\.1) == [[Sample.now.seconds], [later.seconds], [Sample.now.seconds]])
    }

    @Test("What Netflow said before stays in the event when it was not asked again")
    func kept() throws {
        let evidence = Sample.bruteForce()
        let first = try composer.compose(
            nil, Sample.batch(evidence), flows: Sample.flows(), now: Sample.now, organisation: Sample.organisation)
        let event = try composer.event(
            evidence, history: Sample.history(first, evidence, flows: Sample.flows()), now: Sample.now + .seconds(900))
        #expect(event.objects == (try EventDocument(body: first.body)).event.objects)
    }
}
