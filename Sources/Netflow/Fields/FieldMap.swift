/// Where the flow documents of one schema keep what we read: paths and units, and nothing that runs.
///
/// A path is dotted: `source.ip` finds `{"source": {"ip": …}}` and `{"source.ip": …}`. Of several paths the first
/// that a document has counts. A document without both addresses, a protocol, and bytes or packets is no flow: web
/// servers, proxies and intrusion detection log addresses as well.
struct FieldMap: Sendable, Equatable {
    /// The schema's name in messages: `ecs`.
    let name: String

    let source: Endpoint
    let destination: Endpoint

    /// An IANA number or a protocol's name.
    let transport: [String]

    /// TCP flags of the packets from source to destination: a number, or names.
    let flags: [String]

    let start: [TimeField]

    /// Empty in schemas that give a duration instead.
    let end: [TimeField]

    /// How long the flow lasted, where no end is given.
    let duration: TimeField?

    /// The time that windows are asked by: when the record was exported or indexed.
    let time: TimeField

    /// All that counts bytes or packets.
    var counters: [String] { source.bytes + source.packets + destination.bytes + destination.packets }

    /// One end of a flow. Bytes and packets are those that this end sent, at IP level.
    struct Endpoint: Sendable, Equatable {
        let address: String
        let port: String
        let bytes: [String]
        let packets: [String]

        init(address: String, port: String, bytes: [String] = [], packets: [String] = []) {
            self.address = address
            self.port = port
            self.bytes = bytes
            self.packets = packets
        }
    }

    init(
        name: String, source: Endpoint, destination: Endpoint, transport: [String], flags: [String] = [],
        start: [TimeField], end: [TimeField] = [], duration: TimeField? = nil, time: TimeField
    ) {
        self.name = name
        self.source = source
        self.destination = destination
        self.transport = transport
        self.flags = flags
        self.start = start
        self.end = end
        self.duration = duration
        self.time = time
    }
}
