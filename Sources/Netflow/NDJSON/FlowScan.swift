import IPAddresses
import JSON
import Pipeline
import Timestamps

/// Goes through lines of flow documents and gathers what they say of some addresses.
struct FlowScan {
    private let maps: [FieldMap]
    private let window: Range<Timestamp>
    private let filter: AddressFilter

    private let addresses: [IPAddress]
    private var conversations: [IPAddress: Conversations] = [:]

    /// Lines that may name one of the addresses, and are no JSON.
    private(set) var notJSON = 0

    /// How many more conversations are told apart.
    private var room: Int

    init(
        _ addresses: [IPAddress], in window: Range<Timestamp>, maps: [FieldMap], conversationLimit: Int, roundLimit: Int
    ) {
        room = roundLimit
        self.maps = maps
        self.window = window
        filter = AddressFilter(addresses)
        self.addresses = addresses
        for address in addresses {
            conversations[address] = Conversations(of: address, limit: conversationLimit)
        }
    }

    /// Takes a line. The last line of a file may be one that is still being written.
    mutating func take(_ line: Span<UInt8>, isUnfinished: Bool = false) {
        guard filter.mayName(line) else { return }
        // Why a line is no JSON helps nobody: which lines are lost is what counts.
        guard let document = try? JSONDocument(Array(copying: line)) else {
            // A collector that writes while we read has not failed.
            if !isUnfinished { notJSON += 1 }
            return
        }
        guard let flow = maps.lazy.compactMap({ $0.read(document.root) }).first, window.contains(flow.time) else {
            return
        }
        let (source, destination) = (flow.record.source.address, flow.record.destination.address)
        conversations[source]?.add(flow.record, room: &room)
        if destination != source { conversations[destination]?.add(flow.record, room: &room) }
    }

    /// By address, in the order asked.
    func findings(incomplete: [String]) -> [FlowFindings] {
        addresses.compactMap { conversations[$0]?.findings(incomplete: incomplete) }
    }
}

extension [UInt8] {
    fileprivate init(copying bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
