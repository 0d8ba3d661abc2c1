import CLinux

/// Bytes over TCP as they are.
final class PlainTransport: Transport {
    private let socket: Descriptor

    init(_ socket: consuming Descriptor) {
        self.socket = socket
    }

    var descriptor: Int32 { socket.number }

    var isEstablished: Bool { true }

    var certificate: ClientCertificate? { nil }

    /// A read that left room took all there was: the next readiness comes with the next bytes.
    func mayHoldInput(afterReading count: Int, of room: Int) -> Bool { count == room }

    func read(into buffer: inout MutableSpan<UInt8>) -> TransportResult {
        SocketBytes.receive(socket.number, into: &buffer)
    }

    func write(_ bytes: Span<UInt8>) -> TransportResult {
        SocketBytes.send(bytes, to: socket.number)
    }

    func endWriting() {
        _ = clinux_end_sending(socket.number)
    }
}
