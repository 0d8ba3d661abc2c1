package import Pipeline
import Timestamps

/// What `lookup --json` prints of one address. Times are RFC 3339 in UTC with milliseconds, or null without flows.
package struct LookupAnswer: Sendable {
    package let findings: FlowFindings

    package init(_ findings: FlowFindings) {
        self.findings = findings
    }

    /// Whether nothing is known to be missing.
    package var isComplete: Bool { findings.incomplete.isEmpty }
}

extension LookupAnswer: Encodable {
    private enum Key: String, CodingKey {
        case address = "ip"
        case flowRecords = "flow_records"
        case distinctPeers = "distinct_peers"
        case bytesFrom = "bytes_from_ip"
        case bytesTo = "bytes_to_ip"
        case packetsFrom = "packets_from_ip"
        case packetsTo = "packets_to_ip"
        case first, last, complete, peers
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode("\(findings.address)", forKey: .address)
        try container.encode(findings.flowRecords, forKey: .flowRecords)
        try container.encode(findings.distinctPeers, forKey: .distinctPeers)
        try container.encode(findings.sent.bytes, forKey: .bytesFrom)
        try container.encode(findings.received.bytes, forKey: .bytesTo)
        try container.encode(findings.sent.packets, forKey: .packetsFrom)
        try container.encode(findings.received.packets, forKey: .packetsTo)
        try container.encode(findings.first?.iso8601, forKey: .first)
        try container.encode(findings.last?.iso8601, forKey: .last)
        try container.encode(isComplete, forKey: .complete)
        try container.encode(findings.peers.map(Peer.init), forKey: .peers)
    }

    private struct Peer: Encodable {
        let peer: String
        let transport: Int
        let port: Int
        let initiator: FlowFindings.Initiator
        let conversations: Int
        let answered: Int
        let bytesFrom: Int
        let packetsFrom: Int
        let bytesTo: Int
        let packetsTo: Int
        let first: String
        let last: String

        enum CodingKeys: String, CodingKey {
            case peer
            case transport = "proto"
            case port, initiator, conversations, answered
            case bytesFrom = "bytes_from_ip"
            case packetsFrom = "packets_from_ip"
            case bytesTo = "bytes_to_ip"
            case packetsTo = "packets_to_ip"
            case first, last
        }

        init(_ peer: FlowFindings.Peer) {
            self.peer = "\(peer.peer)"
            transport = peer.transport
            port = peer.port
            initiator = peer.initiator
            conversations = peer.conversations
            answered = peer.answered
            bytesFrom = peer.sent.bytes
            packetsFrom = peer.sent.packets
            bytesTo = peer.received.bytes
            packetsTo = peer.received.packets
            first = peer.first.iso8601
            last = peer.last.iso8601
        }
    }
}
