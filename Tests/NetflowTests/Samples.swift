import IPAddresses
import Pipeline
import Timestamps

@testable import Netflow

/// The address that tests ask for, and one of ours.
let attacker = IPAddress(v4: 0xcb00_7132)  // 203.0.113.50
let host = IPAddress(v4: 0x0a14_000a)  // 10.20.0.10

/// A moment of the day that samples play on: 2026-11-20T08:00:00Z and so many milliseconds.
func moment(_ milliseconds: Int64) -> Timestamp {
    Timestamp(milliseconds: 1_795_161_600_000 + milliseconds)
}

extension FlowRecord {
    /// A record of one packet with 40 bytes, from the attacker's port 40000 to the host's port 22.
    static func sent(
        from port: Int = 40_000, to peerPort: Int = 22, peer: IPAddress = host, transport: Int = 6, packets: Int = 1,
        back: Int = 0, at start: Int64 = 0, flags: TCPFlags = []
    ) -> FlowRecord {
        FlowRecord(
            from: Endpoint(attacker, port), to: Endpoint(peer, peerPort), transport: transport,
            forward: .init(bytes: 40 * packets, packets: packets), reverse: .init(bytes: 60 * back, packets: back),
            first: moment(start), last: moment(start + 10), flags: flags)
    }

    /// A record of one packet with 60 bytes, the other way.
    static func received(
        on port: Int = 40_000, from peerPort: Int = 22, peer: IPAddress = host, transport: Int = 6, packets: Int = 1,
        back: Int = 0, at start: Int64 = 0, flags: TCPFlags = []
    ) -> FlowRecord {
        FlowRecord(
            from: Endpoint(peer, peerPort), to: Endpoint(attacker, port), transport: transport,
            forward: .init(bytes: 60 * packets, packets: packets), reverse: .init(bytes: 40 * back, packets: back),
            first: moment(start), last: moment(start + 10), flags: flags)
    }
}

/// What these records say of the attacker.
func findings(_ records: [FlowRecord], limit: Int = 100) -> FlowFindings {
    var conversations = Conversations(of: attacker, limit: limit)
    var room = Int.max
    for record in records { conversations.add(record, room: &room) }
    return conversations.findings()
}
