import IPAddresses
import Pipeline
import Timestamps

/// Gathers the flow records of one address, pairs both directions of each conversation, and sums them up by peer.
struct Conversations: Sendable {
    let address: IPAddress

    /// How many conversations are told apart. What comes after them counts in the totals, but not for a peer.
    let limit: Int

    private var conversations: [Key: Conversation] = [:]
    private var totals: FlowFindings

    /// Records of conversations that found no room.
    private var overflow = 0

    init(of address: IPAddress, limit: Int = FlowLimits.conversations) {
        self.address = address
        self.limit = limit
        totals = FlowFindings(address: address)
    }

    /// Adds a record; one that does not name the address is none of ours and is left out.
    ///
    /// A record from the address to itself counts as sent. `room` is how many more conversations the whole look-up may
    /// tell apart.
    mutating func add(_ record: FlowRecord, room: inout Int) {
        let isSent = record.source.address == address
        guard isSent || record.destination.address == address else { return }
        totals.flowRecords += record.records
        totals.sent += isSent ? record.forward : record.reverse
        totals.received += isSent ? record.reverse : record.forward
        totals.first = earlier(totals.first, record.first)
        totals.last = later(totals.last, record.last)

        let key = Key(record, isSent: isSent)
        if conversations[key]?.add(record, isSent: isSent) != nil { return }
        guard conversations.count < limit, room > 0 else {
            overflow += record.records
            return
        }
        room -= 1
        conversations[key] = Conversation(record, isSent: isSent)
    }

    /// What the records say of the address; `incomplete` is what is already known to be missing.
    func findings(incomplete: [String] = []) -> FlowFindings {
        var findings = totals
        findings.peers = peers
        findings.incomplete = incomplete
        if overflow > 0 {
            let reason =
                conversations.count < limit
                ? "more conversations than one look-up tells apart" : "more than \(limit) conversations"
            findings.incomplete.append("\(reason): the peers of \(overflow) flow records are left out")
        }
        return findings
    }

    private var peers: [FlowFindings.Peer] {
        var peers: [PeerKey: FlowFindings.Peer] = [:]
        for (key, conversation) in conversations {
            let initiator = conversation.initiator(transport: key.transport, port: key.port, peerPort: key.peerPort)
            let servicePort = initiator == .attacker ? key.peerPort : key.port
            let peer = FlowFindings.Peer(
                peer: key.peer, transport: key.transport, port: servicePort, initiator: initiator, conversations: 1,
                answered: conversation.isAnswered(openedBy: initiator) ? 1 : 0, sent: conversation.sent.volume,
                received: conversation.received.volume, first: conversation.first, last: conversation.last)
            let peerKey = PeerKey(
                peer: key.peer, transport: key.transport, port: servicePort, initiator: initiator)
            if peers[peerKey]?.add(peer) == nil { peers[peerKey] = peer }
        }
        return peers.values.map { (text: "\($0.peer)", peer: $0) }
            .sorted { Self.order($0.text, $0.peer) < Self.order($1.text, $1.peer) }
            .map(\.peer)
    }

    /// Peers sort by the text of their address, as every reader of the answer can sort them.
    private static func order(_ text: String, _ peer: FlowFindings.Peer) -> (String, Int, Int, String) {
        (text, peer.transport, peer.port, peer.initiator.rawValue)
    }

    private struct Key: Hashable, Sendable {
        let peer: IPAddress
        let transport: Int
        let port: Int
        let peerPort: Int

        init(_ record: FlowRecord, isSent: Bool) {
            let (own, other) = isSent ? (record.source, record.destination) : (record.destination, record.source)
            peer = other.address
            transport = record.transport
            // Exporters keep type and code where ICMP has no ports; by them an echo and its reply would not meet.
            let hasPorts = !FlowFindings.isICMP(record.transport)
            port = hasPorts ? own.port : 0
            peerPort = hasPorts ? other.port : 0
        }
    }

    private struct PeerKey: Hashable {
        let peer: IPAddress
        let transport: Int
        let port: Int
        let initiator: FlowFindings.Initiator
    }
}

extension FlowFindings.Peer {
    /// Adds conversations of the same peer, service and initiator.
    fileprivate mutating func add(_ other: Self) {
        conversations += other.conversations
        answered += other.answered
        sent += other.sent
        received += other.received
        first = min(first, other.first)
        last = max(last, other.last)
    }
}
