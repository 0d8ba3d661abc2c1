package import IPAddresses
package import Timestamps

/// What the flow logs say of one address: whom it touched, who answered, who called it.
package struct FlowFindings: Sendable, Equatable, Codable {
    package let address: IPAddress

    /// Flow records that name the address.
    package var flowRecords: Int

    /// From and to the address, over all peers.
    package var sent: Volume
    package var received: Volume

    /// Start of the first and end of the last flow; nil without flows.
    package var first: Timestamp?
    package var last: Timestamp?

    /// Sorted by peer, protocol, port and initiator; the strongest alone after ``keepStrongest(_:)``.
    package var peers: [Peer]

    /// What all peers came to, where some were let go.
    private var kept: Sums?

    /// Why the answer may lack something, in words: `2 of 5 shards failed`. Empty when it is complete.
    package var incomplete: [String]

    package init(
        address: IPAddress, flowRecords: Int = 0, sent: Volume = Volume(), received: Volume = Volume(),
        first: Timestamp? = nil, last: Timestamp? = nil, peers: [Peer] = [], incomplete: [String] = []
    ) {
        self.address = address
        self.flowRecords = flowRecords
        self.sent = sent
        self.received = received
        self.first = first
        self.last = last
        self.peers = peers
        self.incomplete = incomplete
    }

    /// How many different hosts the peers are.
    package var distinctPeers: Int { sums.hosts }

    /// What all peers come to, those that were let go included.
    package var sums: Sums { kept ?? Sums(peers) }

    /// Lets all but `limit` peers go; ``sums`` still counts them. Kept are those that called the address, then those
    /// that answered most, then those that most went to and from.
    package mutating func keepStrongest(_ limit: Int) {
        guard peers.count > limit else { return }
        kept = sums
        let order = peers.indices.sorted { left, right in
            let (one, other) = (peers[left].strength, peers[right].strength)
            return one == other ? left < right : one > other
        }
        peers = order.prefix(limit).sorted().map { peers[$0] }
    }

    package struct Volume: Sendable, Equatable, Codable {
        /// IP-level octets.
        package var bytes: Int
        package var packets: Int

        package init(bytes: Int = 0, packets: Int = 0) {
            self.bytes = bytes
            self.packets = packets
        }

        /// What a log claims may be anything: sums stop here, at the largest number that every reader of JSON keeps.
        private static let limit = 1 << 53

        package static func += (left: inout Volume, right: Volume) {
            left.bytes = sum(left.bytes, right.bytes)
            left.packets = sum(left.packets, right.packets)
        }

        private static func sum(_ left: Int, _ right: Int) -> Int {
            let (sum, overflow) = left.addingReportingOverflow(right)
            return overflow ? limit : min(sum, limit)
        }
    }

    /// All conversations with one host over one protocol and service port, opened from one side.
    package struct Peer: Sendable, Equatable, Codable {
        package let peer: IPAddress

        /// IANA protocol number.
        package let transport: Int

        /// The port on the responder's side; 0 for ICMP.
        package let port: Int
        package let initiator: Initiator
        package var conversations: Int
        package var answered: Int
        /// From the address asked for, to the peer.
        package var sent: Volume
        /// From the peer, to the address asked for.
        package var received: Volume
        package var first: Timestamp
        package var last: Timestamp

        package init(
            peer: IPAddress, transport: Int, port: Int, initiator: Initiator, conversations: Int, answered: Int,
            sent: Volume, received: Volume, first: Timestamp, last: Timestamp
        ) {
            self.peer = peer
            self.transport = transport
            self.port = port
            self.initiator = initiator
            self.conversations = conversations
            self.answered = answered
            self.sent = sent
            self.received = received
            self.first = first
            self.last = last
        }
    }

    /// What many peers come to.
    package struct Sums: Sendable, Equatable, Codable {
        /// Entries of ``FlowFindings/peers``.
        package let peers: Int
        /// Different hosts.
        package let hosts: Int
        package let conversations: Int
        package let answered: Int

        /// Hosts that answered at least one conversation, whoever opened it.
        package let answeringHosts: Int

        /// Hosts that opened a conversation, whatever its protocol.
        package let openingHosts: Int

        let summary: FlowSummary.Hosts

        init(_ peers: [Peer]) {
            self.peers = peers.count
            hosts = Set(peers.map(\.peer)).count
            conversations = peers.reduce(0) { $0 + $1.conversations }
            answered = peers.reduce(0) { $0 + $1.answered }
            answeringHosts = Set(peers.filter { $0.answered > 0 }.map(\.peer)).count
            openingHosts = Set(peers.filter { $0.initiator == .internal }.map(\.peer)).count
            summary = FlowSummary.Hosts(peers)
        }
    }

    /// Who opened a conversation.
    package enum Initiator: String, Sendable, Hashable, Codable {
        case attacker
        /// The peer did: one of ours called the address.
        case `internal`
    }
}
