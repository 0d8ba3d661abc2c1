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

    private(set) var counts = Counts()

    /// What became of the lines. Lines that cannot name one of the addresses are not read, and not counted here.
    struct Counts: Equatable {
        var flows = 0
        /// Flows before or after the window.
        var outside = 0
        /// JSON without two addresses or a time; lines of the bulk API that only announce a document, too.
        var notFlows = 0
        var notJSON = 0
    }

    init(_ addresses: [IPAddress], in window: Range<Timestamp>, maps: [FieldMap], conversationLimit: Int) {
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
            if !isUnfinished { counts.notJSON += 1 }
            return
        }
        guard let flow = maps.lazy.compactMap({ $0.read(document.root) }).first else {
            counts.notFlows += 1
            return
        }
        guard window.contains(flow.time) else {
            counts.outside += 1
            return
        }
        counts.flows += 1
        let (source, destination) = (flow.record.source.address, flow.record.destination.address)
        conversations[source]?.add(flow.record)
        if destination != source { conversations[destination]?.add(flow.record) }
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
