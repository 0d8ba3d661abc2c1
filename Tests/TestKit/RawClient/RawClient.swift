import Glibc

/// A connection to a server on the loopback interface that sends just the bytes it is told, and blocks. It gives up
/// after 20 seconds, so that a test fails instead of hanging.
package final class RawClient {
    package struct Failure: Error {
        package let what: String
        /// The system's reason, 0 where there is none.
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

    private let tcp: TCPWire
    private let wire: any ClientWire
    private var received: [UInt8] = []

    /// Connects to `address`, or from another address of the loopback range. `receiveBuffer` makes the window small.
    /// With the certificate of an authority the client speaks TLS.
    package init(
        to address: String = "127.0.0.1", port: UInt16, from source: String? = nil, receiveBuffer: Int32? = nil,
        trusting certificateFile: String? = nil
    ) throws {
        tcp = try TCPWire(to: address, port: port, from: source, receiveBuffer: receiveBuffer)
        wire = try certificateFile.map { [tcp] in try TLSWire(tcp, to: address, trusting: $0) } ?? tcp
    }

    /// Sends all the bytes.
    package func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty { rest.removeFirst(try wire.send(rest)) }
    }

    package func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Sends what the socket takes without waiting; how much that was. Without TLS only.
    package func sendSome(_ bytes: [UInt8]) -> Int { tcp.sendSome(bytes) }

    /// Tells the server that nothing more will be sent.
    package func finishSending() { wire.finishSending() }

    package func disconnect() { wire.close() }

    /// Closes so that the server sees a reset.
    package func reset() {
        tcp.resetOnClose()
        tcp.close()
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
        let bytes = try wire.receive()
        received += bytes
        return !bytes.isEmpty
    }

    private static func index(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        return (0...bytes.count - pattern.count).first { bytes[$0..<$0 + pattern.count].elementsEqual(pattern) }
    }
}
