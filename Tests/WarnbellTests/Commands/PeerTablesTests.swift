import IPAddresses
import Pipeline
import Testing
import Timestamps

@testable import Warnbell

struct PeerTablesTests {
    private let attacker = IPAddress(v4: 0xcb00_7132)
    private let start = Timestamp(seconds: 1_795_161_600)

    /// A conversation with the host of that last number.
    private func peer(
        _ host: UInt32, _ port: Int, transport: Int = 6, by initiator: FlowFindings.Initiator = .attacker,
        answered: Int = 0, sent: Int = 0, received: Int = 0
    ) -> FlowFindings.Peer {
        FlowFindings.Peer(
            peer: IPAddress(v4: 0x0a14_0000 + host), transport: transport, port: port, initiator: initiator,
            conversations: 1, answered: answered, sent: .init(bytes: sent), received: .init(bytes: received),
            first: start, last: start + .milliseconds(15))
    }

    private func findings(_ peers: [FlowFindings.Peer], incomplete: [String] = []) -> FlowFindings {
        FlowFindings(address: attacker, first: start, peers: peers, incomplete: incomplete)
    }

    @Test("Callers stand first, then who answered, then by bytes; ICMP has no port")
    func order() {
        let findings = findings(
            [
                peer(10, 22, answered: 1, sent: 120, received: 120), peer(10, 8443, by: .internal, received: 60),
                peer(10, 0, transport: 1, by: .internal, received: 60), peer(11, 53, transport: 17, sent: 40),
            ], incomplete: ["1 of 2 shards failed"])
        let (first, last) = ("2026-11-20T08:00:00.000Z", "2026-11-20T08:00:00.015Z")
        #expect(
            PeerTables(findings: [findings]).text() == """
                203.0.113.50: first contact \(first); 2 inside hosts touched, 1 answered, 1 opened connections itself
                  incomplete: 1 of 2 shards failed
                  PEER        PROTO  PORT  OPENED BY  CONVERSATIONS  ANSWERED  BYTES TO PEER  BYTES FROM PEER  FIRST                     LAST
                  10.20.0.10  tcp    8443  the peer               1         0              0               60  \(first)  \(last)
                  10.20.0.10  tcp      22  attacker               1         1            120              120  \(first)  \(last)
                  10.20.0.10  icmp      -  the peer               1         0              0               60  \(first)  \(last)
                  10.20.0.11  udp      53  attacker               1         0             40                0  \(first)  \(last)
                """)
    }

    @Test("The table stops at the limit and says how many peers follow", arguments: [(5, 7), (4, 7)])
    func limit(peers: Int, lines: Int) {
        let findings = findings((1...5).map { peer($0, 22) })
        let text = PeerTables(findings: [findings]).text(peerLimit: peers).split(separator: "\n")
        #expect(text.count == lines)
        #expect((text.last == "  and 1 more; --json shows all") == (peers == 4))
    }

    @Test("Several addresses stand apart; one without flows is one line")
    func several() {
        let absent = FlowFindings(address: attacker)
        #expect(PeerTables(findings: [absent, absent]).text() == "203.0.113.50: no flows\n\n203.0.113.50: no flows")
    }
}
