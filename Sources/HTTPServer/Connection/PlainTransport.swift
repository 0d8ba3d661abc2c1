import CLinux
import Glibc

/// Bytes over TCP as they are.
struct PlainTransport: Transport, ~Copyable {
    private let socket: Descriptor

    init(_ socket: consuming Descriptor) {
        self.socket = socket
    }

    var descriptor: Int32 { socket.number }

    /// A read that left room took all there was: the next readiness comes with the next bytes.
    func mayHoldInput(afterReading count: Int, of room: Int) -> Bool { count == room }

    func read(into buffer: inout MutableSpan<UInt8>) -> TransportResult {
        while true {
            let count = unsafe buffer.withUnsafeMutableBufferPointer {
                unsafe recv(socket.number, $0.baseAddress, $0.count, 0)
            }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            if errno != EINTR { return errno == EAGAIN ? .wantRead : .closed }
        }
    }

    func write(_ bytes: Span<UInt8>) -> TransportResult {
        while true {
            let count = unsafe bytes.withUnsafeBufferPointer {
                unsafe clinux_send(socket.number, $0.baseAddress, $0.count)
            }
            if count >= 0 { return .bytes(count) }
            if errno != EINTR { return errno == EAGAIN ? .wantWrite : .closed }
        }
    }

    func endWriting() {
        _ = clinux_end_sending(socket.number)
    }
}
