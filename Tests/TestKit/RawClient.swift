import Glibc

/// A TCP connection to a server on the loopback interface that sends just the bytes it is told, and blocks.
///
/// Reading gives up after 20 seconds, so that a test fails instead of hanging.
package final class RawClient {
    package struct Failure: Error {
        package let what: String
        package let errno: Int32
    }

    /// One answer, taken apart just as far as a test needs it.
    package struct Answer: Equatable {
        package let status: Int
        package let head: String
        package let body: [UInt8]

        /// The value of the first field of this name.
        package func field(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, parts[0].lowercased() == name.lowercased() {
                    return String(parts[1].drop { $0 == " " })
                }
            }
            return nil
        }

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let descriptor: Int32
    private var received: [UInt8] = []
    private var isOpen = true

    /// Connects to `127.0.0.1`, or to another address of the loopback range. `receiveBuffer` makes the window small.
    package init(port: UInt16, from source: String? = nil, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        if let source { try Self.check("bind", call(bind, Self.address(source, port: 0))) }
        try Self.check("connect", call(connect, Self.address("127.0.0.1", port: port)))
    }

    deinit {
        disconnect()
    }

    /// Sends all the bytes.
    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(what: "send", errno: errno) }
            sent += count
        }
    }

    package func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Sends what the socket takes without waiting; how much that was.
    package func sendSome(_ bytes: [UInt8]) -> Int {
        max(0, Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)))
    }

    /// Tells the server that nothing more will be sent.
    package func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    package func disconnect() {
        if isOpen { close(descriptor) }
        isOpen = false
    }

    /// Closes so that the server sees a reset.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        disconnect()
    }

    /// Reads the next answer by its Content-Length. `isHead` for the answer to a HEAD, which has no body.
    package func answer(isHead: Bool = false) throws -> Answer {
        let separator = Array("\r\n\r\n".utf8)
        var end = Self.index(of: separator, in: received)
        while end == nil {
            guard try readMore() else { throw Failure(what: "the connection ended before an answer", errno: 0) }
            end = Self.index(of: separator, in: received)
        }
        let head = String(decoding: received[..<(end ?? 0)], as: UTF8.self)
        received.removeFirst((end ?? 0) + 4)
        let status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
        let bare = Answer(status: status, head: head, body: [])
        let length = isHead || status < 200 || status == 204 ? 0 : Int(bare.field("Content-Length") ?? "") ?? 0
        while received.count < length {
            guard try readMore() else { throw Failure(what: "the connection ended within a body", errno: 0) }
        }
        let body = Array(received[..<length])
        received.removeFirst(length)
        return Answer(status: status, head: head, body: body)
    }

    /// Reads until the server has sent its last byte; what came.
    package func rest() throws -> [UInt8] {
        while try readMore() {}
        return received
    }

    /// Whether the server has closed, or reset, the connection once all answers were taken.
    package func isClosedByServer() -> Bool {
        guard received.isEmpty else { return false }
        do {
            return try !readMore()
        } catch let failure as Failure {
            return failure.errno == ECONNRESET || failure.errno == EPIPE
        } catch {
            return false
        }
    }

    private func readMore() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Failure(what: "recv", errno: errno) }
        received += buffer[..<count]
        return count > 0
    }

    private static func index(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        return (0...bytes.count - pattern.count).first { bytes[$0..<$0 + pattern.count].elementsEqual(pattern) }
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
        guard result == 0 else { throw Failure(what: what, errno: errno) }
    }
}
