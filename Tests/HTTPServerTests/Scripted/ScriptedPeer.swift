@testable import HTTPServer

/// The far end of a connection and the system in between, under a script's control: what has arrived, what is taken,
/// and when a transport wants the other direction first.
///
/// One thread uses it.
final class ScriptedPeer: @unchecked Sendable {
    /// What the server has not read yet.
    private(set) var arrived: [UInt8] = []
    private var start = 0
    /// Whether the peer has sent its last byte.
    private(set) var hasEnded = false
    /// Whether the connection is broken.
    private(set) var isBroken = false
    /// What the server has sent.
    private(set) var received: [UInt8] = []
    /// How many more bytes are taken from the server for now.
    var window = Int.max
    /// How many bytes one read or write moves at most.
    var piece = Int.max
    /// Whether more than was read may be held by the transport, which says so until a read finds nothing.
    var holdsInput = false
    /// Whether the next read needs the descriptor to be writable first.
    var readWantsWrite = false
    /// Whether the next write needs the descriptor to be readable first.
    var writeWantsRead = false
    /// How many bytes of a handshake are to be read before the transport is established.
    var handshakeBytes = 0
    /// Whether the server has said that it sends nothing more.
    private(set) var isServerDone = false
    /// Whether the server has let go of the connection.
    private(set) var isReleased = false
    /// What identifies the connection to the event loop.
    var token: UInt64 = 0

    var isReadable: Bool { start < arrived.count || hasEnded || isBroken }
    var isWritable: Bool { window > 0 || isBroken }
    /// How much the server has not read.
    var unreadCount: Int { arrived.count - start }

    func send(_ bytes: some Sequence<UInt8>) {
        guard !hasEnded else { return }
        if start == arrived.count {
            arrived = []
            start = 0
        }
        arrived += bytes
    }

    func send(_ text: String) { send(text.utf8) }

    func end() { hasEnded = true }

    func breakDown() { isBroken = true }

    func read(into buffer: inout MutableSpan<UInt8>) -> TransportResult {
        if isBroken { return .closed }
        if readWantsWrite {
            guard isWritable else { return .wantWrite }
            readWantsWrite = false
        }
        if handshakeBytes > 0 {
            let count = min(handshakeBytes, unreadCount)
            handshakeBytes -= count
            start += count
        }
        guard unreadCount > 0 else { return hasEnded ? .ended : .wantRead }
        let count = min(unreadCount, piece, buffer.count)
        for index in 0..<count { buffer[index] = arrived[start + index] }
        start += count
        return .bytes(count)
    }

    func write(_ bytes: Span<UInt8>) -> TransportResult {
        if isBroken { return .closed }
        if writeWantsRead {
            guard isReadable else { return .wantRead }
            writeWantsRead = false
        }
        let count = min(bytes.count, piece, window)
        guard count > 0 else { return .wantWrite }
        if window != .max { window -= count }
        for index in 0..<count { received.append(bytes[index]) }
        return .bytes(count)
    }

    func serverEnded() { isServerDone = true }

    func released() { isReleased = true }
}

/// The server's end of a ``ScriptedPeer``. Its descriptor is any that epoll takes; nothing is read from it.
final class ScriptedLink: Transport {
    private let number: Descriptor
    private let peer: ScriptedPeer

    init(_ number: consuming Descriptor, _ peer: ScriptedPeer) {
        self.number = number
        self.peer = peer
    }

    deinit { peer.released() }

    var descriptor: Int32 { number.number }
    var isEstablished: Bool { peer.handshakeBytes == 0 }
    var certificate: ClientCertificate? { nil }

    var hasUnreadInput: Bool { peer.unreadCount > 0 }

    func mayHoldInput(afterReading count: Int, of room: Int) -> Bool { peer.holdsInput || count == room }
    func read(into buffer: inout MutableSpan<UInt8>) -> TransportResult { peer.read(into: &buffer) }
    func write(_ bytes: Span<UInt8>) -> TransportResult { peer.write(bytes) }
    func endWriting() { peer.serverEnded() }
}
