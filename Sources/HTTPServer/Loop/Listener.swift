import CLinux
import Glibc
import IPAddresses

/// A listening socket.
struct Listener: ~Copyable {
    /// How many connections may wait to be accepted.
    static let backlog = 4096

    private let socket: Descriptor
    /// The port it is bound to.
    let port: UInt16

    /// Listens at `address` and `port`, 0 for any free one.
    ///
    /// The first listener of a server binds alone: it fails when another process, an older Warnbell perhaps, listens
    /// there already and would silently share the connections. Then `isShared` lets the server's own others join it.
    init(_ address: IPAddress, port: UInt16, isFirst: Bool, isShared: Bool) throws(ListenError) {
        let isIPv4: Int32 = address.isIPv4 ? 1 : 0
        let number = clinux_tcp_socket(isIPv4)
        guard number >= 0 else { throw ListenError.call("socket", errno: errno) }
        let opened = Descriptor(number)
        if !isFirst { try Self.check("setsockopt", clinux_share_port(number)) }
        let bound = clinux_bind(number, clinux_endpoint(address, port: port), isIPv4)
        guard bound == 0 else { throw ListenError.bind(address, port: port, errno: errno) }
        if isFirst, isShared { try Self.check("setsockopt", clinux_share_port(number)) }
        try Self.check("setsockopt", clinux_no_delay(number))
        guard listen(number, Int32(Self.backlog)) == 0 else {
            throw ListenError.bind(address, port: port, errno: errno)
        }
        self.port = clinux_local_port(number)
        socket = opened
    }

    var descriptor: Int32 { socket.number }

    enum Accepted {
        case connection(Int32, Peer)
        /// Nobody is waiting.
        case none
        /// The process or the system has no descriptor or memory left: to be tried again later.
        case exhausted
    }

    /// Takes the next connection.
    func accept() -> Accepted {
        while true {
            var endpoint = clinux_endpoint()
            let number = unsafe clinux_accept(socket.number, &endpoint)
            if number >= 0 { return .connection(number, Peer(endpoint)) }
            switch errno {
            case EAGAIN: return .none
            // The peer was gone before it was accepted, or a signal came: the next one may be well.
            case EINTR, ECONNABORTED, EPROTO, EPERM, ENETDOWN, EHOSTDOWN, ENETUNREACH, EHOSTUNREACH: continue
            default: return .exhausted
            }
        }
    }

    private static func check(_ call: String, _ result: Int32) throws(ListenError) {
        guard result == 0 else { throw ListenError.call(call, errno: errno) }
    }
}

extension clinux_endpoint {
    init(_ address: IPAddress, port: UInt16) {
        self.init()
        self.port = port
        unsafe withUnsafeMutableBytes(of: &bytes) { bytes in
            unsafe bytes.storeBytes(of: address.bits.bigEndian, as: UInt128.self)
        }
    }
}

extension Peer {
    init(_ endpoint: clinux_endpoint) {
        let bits = unsafe withUnsafeBytes(of: endpoint.bytes) { unsafe $0.loadUnaligned(as: UInt128.self) }
        self.init(address: IPAddress(bits: UInt128(bigEndian: bits)), port: endpoint.port)
    }
}
