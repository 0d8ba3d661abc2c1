import CLinux
import Glibc

/// Bytes over TLS. What comes in first may be no TLS: then an answer goes out in clear.
final class TLSTransport: Transport {
    private let socket: Descriptor
    /// Nil when there was no memory for it.
    private let session: TLSSession?

    /// Begins as the server of a connected socket.
    init(_ socket: consuming Descriptor, _ context: TLSContext) {
        session = context.accept(socket.number)
        self.socket = socket
    }

    deinit {
        session?.end()
    }

    var descriptor: Int32 { socket.number }

    var isEstablished: Bool { session.map { $0.isEstablished || $0.isPlain } ?? false }

    var certificate: ClientCertificate? { session?.clientCertificate }

    func mayHoldInput(afterReading count: Int, of room: Int) -> Bool {
        session?.holdsInput ?? false
    }

    func read(into buffer: inout MutableSpan<UInt8>) -> TransportResult {
        guard let session else { return .closed }
        if session.isUntouched {
            if session.isPlain { return SocketBytes.receive(socket.number, into: &buffer) }
            // OpenSSL would take the bytes off the socket, and tells only some methods from rubbish.
            let first = SocketBytes.peek(socket.number)
            guard case .bytes = first.result else { return first.result }
            if Self.isLetter(first.byte) {
                session.isPlain = true
                return .refused(.plainHTTP)
            }
        }
        return session.read(into: &buffer)
    }

    func write(_ bytes: Span<UInt8>) -> TransportResult {
        guard let session else { return .closed }
        return session.isPlain ? SocketBytes.send(bytes, to: socket.number) : session.write(bytes)
    }

    func endWriting() {
        session?.end()
        _ = clinux_end_sending(socket.number)
    }

    /// A record of a handshake begins with 22 (RFC 8446 section 5.1), a request with a letter of its method.
    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & ~0x20)
    }
}
