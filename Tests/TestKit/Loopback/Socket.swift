import Glibc

/// The blocking socket calls behind the loopback server, and clients of tests that speak bytes.
package enum Socket {
    /// A call of the system that failed.
    package struct Failure: Error, CustomStringConvertible {
        package let call: String
        package let code: Int32

        package var description: String { "\(call): \(String(cString: strerror(code)))" }
    }

    /// A listening socket on 127.0.0.1 and its port, which the system chooses where none is given.
    package static func listen(port: UInt16 = 0) throws(Failure) -> (descriptor: Int32, port: UInt16) {
        let descriptor = try check("socket", socket(AF_INET, streamType, 0))
        do {
            var on: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
            var address = loopback(port: port)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            try check("bind", withSockaddr(&address) { bind(descriptor, $0, length) })
            try check("listen", Glibc.listen(descriptor, 128))
            try check("getsockname", withSockaddr(&address) { getsockname(descriptor, $0, &length) })
            return (descriptor, UInt16(bigEndian: address.sin_port))
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// A connection to a port on 127.0.0.1; the caller closes it.
    package static func connect(port: UInt16) throws(Failure) -> Int32 {
        let descriptor = try check("socket", socket(AF_INET, streamType, 0))
        var address = loopback(port: port)
        do {
            try check(
                "connect",
                withSockaddr(&address) {
                    Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                })
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Some bytes, at least one; nil at the end of the stream.
    package static func read(from descriptor: Int32) -> [UInt8]? {
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, initialized in
                count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
                initialized = max(0, count)
            }
            if count > 0 { return bytes }
            guard count < 0 && errno == EINTR else { return nil }
        }
    }

    /// Writes all; false when the peer has gone.
    @discardableResult
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = send(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count,
                    Int32(MSG_NOSIGNAL))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    /// Returns when the peer has closed, when the socket is shut down or when the time is over; nil waits for ever.
    static func waitForHangUp(_ descriptor: Int32, timeout: Duration?) {
        let deadline = timeout.map { ContinuousClock.now + $0 }
        while true {
            let rest = deadline.map { $0 - .now }
            if let rest, rest <= .zero { return }
            let milliseconds = rest.map { Int32(clamping: Int($0 / .milliseconds(1)) + 1) }
            var event = pollfd(fd: descriptor, events: Int16(pollReadHangUp), revents: 0)
            if poll(&event, 1, milliseconds ?? -1) > 0 { return }
        }
    }

    /// POLLRDHUP, which Glibc's headers hide from Swift.
    private static let pollReadHangUp: Int32 = 0x2000

    private static let streamType = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private static func withSockaddr(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Int32
    ) -> Int32 {
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }

    @discardableResult
    private static func check(_ call: String, _ result: Int32) throws(Failure) -> Int32 {
        guard result >= 0 else { throw Failure(call: call, code: errno) }
        return result
    }
}
