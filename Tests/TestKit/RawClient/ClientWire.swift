import Glibc

/// How the bytes of a ``RawClient`` get to the server and back: plainly, or through TLS. Every call blocks.
protocol ClientWire {
    /// Sends some of the bytes; how many, at least one.
    func send(_ bytes: ArraySlice<UInt8>) throws -> Int

    /// Reads some bytes; none at the stream's end.
    func receive() throws -> [UInt8]

    /// Tells the server that nothing more will be sent.
    func finishSending()

    func close()
}

/// A TCP connection to the loopback interface. Reading and writing give up after 20 seconds, so that a test fails
/// instead of hanging.
final class TCPWire: ClientWire {
    let descriptor: Int32
    private var isOpen = true

    /// Connects to `address`, from `source` if that is given. `receiveBuffer` makes the window small.
    init(to address: String, port: UInt16, from source: String?, receiveBuffer: Int32?) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        let length = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, length)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, length)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        // Small pieces leave as they are.
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        if let source { try Self.check("bind", call(bind, Self.address(source, port: 0))) }
        try Self.check("connect", call(connect, Self.address(address, port: port)))
    }

    deinit { close() }

    func send(_ bytes: ArraySlice<UInt8>) throws -> Int {
        try uninterrupted("send") {
            bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
    }

    /// Sends what the socket takes without waiting; how much that was.
    func sendSome(_ bytes: [UInt8]) -> Int {
        max(0, Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)))
    }

    func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = try uninterrupted("recv") { recv(descriptor, &buffer, buffer.count, 0) }
        return Array(buffer[..<count])
    }

    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    func close() {
        if isOpen { Glibc.close(descriptor) }
        isOpen = false
    }

    /// Makes the server see a reset when the connection is closed.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Makes a call again that a signal interrupted.
    private func uninterrupted(_ what: String, _ call: () -> Int) throws -> Int {
        while true {
            let count = call()
            if count >= 0 { return count }
            guard errno == EINTR else { throw RawClient.Failure(what: what, errno: errno) }
        }
    }

    private static func address(_ text: String, port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, text, &address.sin_addr)
        return address
    }

    private func call(
        _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ address: sockaddr_in
    ) -> Int32 {
        var address = address
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func check(_ what: String, _ result: Int32) throws {
        guard result == 0 else { throw RawClient.Failure(what: what, errno: errno) }
    }
}
