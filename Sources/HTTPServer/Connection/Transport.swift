/// How the bytes of a connection get in and out: plainly, or through TLS.
///
/// Nothing here blocks. What would block says which readiness of the descriptor to wait for; with TLS that may be
/// the other direction. What changes lies in the system or in the TLS library, not here.
///
/// A class rather than a parameter of the loop's type: that code would not be compiled for the one or the other, and a
/// request costs more where types are looked up at run time.
protocol Transport: AnyObject {
    /// The socket, for the event loop to watch.
    var descriptor: Int32 { get }

    /// Whether what is written reaches the peer as an answer; until then a handshake is under way, which reading
    /// goes on with.
    var isEstablished: Bool { get }

    /// What the peer proved to be, once established; nil when it proved nothing.
    var certificate: ClientCertificate? { get }

    /// Whether, after a read that moved `count` bytes into a buffer of `room`, more may be had without waiting for
    /// the descriptor to become readable. A connection reads on while that is so.
    func mayHoldInput(afterReading count: Int, of room: Int) -> Bool

    /// Whether bytes of the peer lie in the system; asked only before the connection is closed.
    var hasUnreadInput: Bool { get }

    /// Reads into `buffer`, which is not empty.
    func read(into buffer: inout MutableSpan<UInt8>) -> TransportResult

    /// Writes some of `bytes`, which are not empty.
    func write(_ bytes: Span<UInt8>) -> TransportResult

    /// Tells the peer that nothing more will be sent; reading goes on.
    func endWriting()
}

extension Transport {
    var hasUnreadInput: Bool { SocketBytes.peek(descriptor).result == .bytes(1) }
}

/// What came of an attempt to read or write.
enum TransportResult: Equatable {
    /// So many bytes were moved, at least one.
    case bytes(Int)
    /// Nothing until the descriptor is readable.
    case wantRead
    /// Nothing until the descriptor is writable.
    case wantWrite
    /// The peer has sent its last byte; it may still read.
    case ended
    /// The connection is broken.
    case closed
    /// The peer is not spoken to; it can be told only if the transport is established.
    case refused(Rejection)
}
