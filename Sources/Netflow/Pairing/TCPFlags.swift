/// The control bits of TCP (RFC 9293 section 3.1), collected over all packets that a flow record counts.
struct TCPFlags: OptionSet, Hashable, Sendable {
    let rawValue: UInt16

    init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    static let fin = TCPFlags(rawValue: 1)
    static let syn = TCPFlags(rawValue: 2)
    static let rst = TCPFlags(rawValue: 4)
    static let psh = TCPFlags(rawValue: 8)
    static let ack = TCPFlags(rawValue: 16)
    static let urg = TCPFlags(rawValue: 32)
    static let ece = TCPFlags(rawValue: 64)
    static let cwr = TCPFlags(rawValue: 128)

    /// The flag with this name, in any case; no flag for an unknown one.
    init(name: some StringProtocol) {
        self =
            switch name.uppercased() {
            case "FIN": .fin
            case "SYN": .syn
            case "RST": .rst
            case "PSH": .psh
            case "ACK": .ack
            case "URG": .urg
            case "ECE": .ece
            case "CWR": .cwr
            default: []
            }
    }

    /// Only the side that opens a connection sends a SYN without an ACK.
    var isOpening: Bool { contains(.syn) && !contains(.ack) }

    /// A RST from a side that never sent a SYN refuses a connection.
    var isRefusing: Bool { contains(.rst) && !contains(.syn) }
}
