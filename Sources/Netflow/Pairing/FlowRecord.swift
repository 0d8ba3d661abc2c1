import IPAddresses
import Pipeline
import Timestamps

/// What an exporter counted of packets from one endpoint to another; a biflow (RFC 5103) also counts the way back.
///
/// One value may stand for several records of the same endpoints and direction, as an aggregation gives them.
struct FlowRecord: Sendable, Equatable {
    var source: Endpoint
    var destination: Endpoint

    /// IANA protocol number.
    var transport: Int

    /// From source to destination.
    var forward: FlowFindings.Volume

    /// From destination to source; nothing but in biflows.
    var reverse: FlowFindings.Volume

    var first: Timestamp
    var last: Timestamp

    /// Of the packets from source to destination; empty where they are not known.
    var flags: TCPFlags

    /// How many records this value stands for.
    var records: Int

    /// When the earliest of the records that count packets both ways began; nil without one.
    var biflowStart: Timestamp?

    struct Endpoint: Sendable, Hashable {
        var address: IPAddress
        var port: Int

        init(_ address: IPAddress, _ port: Int) {
            self.address = address
            self.port = port
        }
    }

    /// One record of an exporter.
    init(
        from source: Endpoint, to destination: Endpoint, transport: Int, forward: FlowFindings.Volume,
        reverse: FlowFindings.Volume = FlowFindings.Volume(), first: Timestamp, last: Timestamp, flags: TCPFlags = []
    ) {
        self.source = source
        self.destination = destination
        self.transport = transport
        self.forward = forward
        self.reverse = reverse
        self.first = first
        self.last = last
        self.flags = flags
        records = 1
        biflowStart = reverse.packets > 0 ? first : nil
    }
}
