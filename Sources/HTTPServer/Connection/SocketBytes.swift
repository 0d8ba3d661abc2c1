import CLinux
import Glibc

/// Reading and writing a connected, non-blocking socket.
enum SocketBytes {
    static func receive(_ socket: Int32, into buffer: inout MutableSpan<UInt8>) -> TransportResult {
        while true {
            let count = unsafe buffer.withUnsafeMutableBufferPointer {
                unsafe recv(socket, $0.baseAddress, $0.count, 0)
            }
            if let result = result(ofReading: count) { return result }
        }
    }

    /// The next byte, which stays where it is; it is one when the result is `.bytes(1)`.
    static func peek(_ socket: Int32) -> (byte: UInt8, result: TransportResult) {
        var byte: UInt8 = 0
        while true {
            if let result = result(ofReading: unsafe clinux_peek(socket, &byte, 1)) { return (byte, result) }
        }
    }

    static func send(_ bytes: Span<UInt8>, to socket: Int32) -> TransportResult {
        while true {
            let count = unsafe bytes.withUnsafeBufferPointer {
                unsafe clinux_send(socket, $0.baseAddress, $0.count)
            }
            if count >= 0 { return .bytes(count) }
            if errno != EINTR { return errno == EAGAIN ? .wantWrite : .closed }
        }
    }

    /// What a call that read `count` bytes says; nil when a signal interrupted it.
    private static func result(ofReading count: Int) -> TransportResult? {
        if count > 0 { return .bytes(count) }
        if count == 0 { return .ended }
        if errno == EINTR { return nil }
        return errno == EAGAIN ? .wantRead : .closed
    }
}
