import Pipeline
import Timestamps

/// Both directions between the address asked for and one peer, over one pair of ports.
struct Conversation {
    /// From the address to the peer.
    private(set) var sent = Direction()
    /// From the peer to the address.
    private(set) var received = Direction()
    private(set) var first: Timestamp
    private(set) var last: Timestamp

    /// What was seen of one direction.
    struct Direction {
        var volume = FlowFindings.Volume()
        var flags: TCPFlags = []
        /// When the first record of this direction began; nil without one, even where a biflow counts packets of it.
        var first: Timestamp?
        /// When the first biflow that runs this way began.
        var biflowStart: Timestamp?

        mutating func add(_ record: FlowRecord) {
            flags.formUnion(record.flags)
            first = earlier(first, record.first)
            biflowStart = earlier(biflowStart, record.biflowStart)
        }
    }

    init(_ record: FlowRecord, isSent: Bool) {
        first = record.first
        last = record.last
        add(record, isSent: isSent)
    }

    /// Adds a record; `isSent` says that it runs from the address to the peer.
    mutating func add(_ record: FlowRecord, isSent: Bool) {
        first = min(first, record.first)
        last = max(last, record.last)
        if isSent { sent.add(record) } else { received.add(record) }
        sent.volume += isSent ? record.forward : record.reverse
        received.volume += isSent ? record.reverse : record.forward
    }

    /// Whether the side that did not open the conversation sent anything.
    func isAnswered(openedBy initiator: FlowFindings.Initiator) -> Bool {
        (initiator == .attacker ? received : sent).volume.packets > 0
    }

    /// Who opened the conversation, by the first of these that decides: the source of the earliest biflow; the only
    /// side seen; the side seen earlier; the side with a SYN but no ACK; the other side of the one with a RST but no
    /// SYN; the other side of the one with the lower port, which is the service.
    func initiator(transport: Int, port: Int, peerPort: Int) -> FlowFindings.Initiator {
        if sent.biflowStart != received.biflowStart {
            return Self.isBefore(sent.biflowStart, received.biflowStart) ? .attacker : .internal
        }
        if sent.first != received.first {
            // Seen alone is seen first.
            return Self.isBefore(sent.first, received.first) ? .attacker : .internal
        }
        if transport == TransportNumber.tcp {
            if sent.flags.isOpening != received.flags.isOpening {
                return sent.flags.isOpening ? .attacker : .internal
            }
            if sent.flags.isRefusing != received.flags.isRefusing {
                return sent.flags.isRefusing ? .internal : .attacker
            }
        }
        return peerPort <= port ? .attacker : .internal
    }

    /// Whether `left` is there and nothing is earlier.
    private static func isBefore(_ left: Timestamp?, _ right: Timestamp?) -> Bool {
        guard let left else { return false }
        return right.map { left < $0 } ?? true
    }
}
