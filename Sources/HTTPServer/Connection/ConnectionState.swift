/// Where a connection stands in its exchange of requests and answers, and how long it may stay there.
///
/// Each event is a mutating method that is told the time; what follows from it is returned, for the connection's
/// owner to do. Nothing in here reads, writes or waits.
struct ConnectionState {
    enum Phase: Equatable {
        /// The transport is not established yet.
        case handshaking
        /// No byte of a request is there yet.
        case awaiting
        case readingHead
        case readingBody
        /// The handler has the request.
        case handling
        /// The answer is not wholly with the system yet.
        case writing
        /// The last answer is sent; input is discarded until the peer ends.
        case lingering(bytesLeft: Int)
        case closed
    }

    /// What to do next.
    enum Action: Equatable {
        case nothing
        /// Take up the next request.
        case readOn
        /// End the sending half and discard input for a while.
        case linger
        case close
        /// Answer that the request is refused, and close.
        case refuse(Rejection)
        /// Close without an answer, which would not be understood.
        case drop(Rejection)
    }

    /// What the answer says about the connection.
    enum Persistence: Equatable {
        case keepAlive
        /// An HTTP/1.0 peer must be told that the connection lasts.
        case keepAliveSaid
        case close
    }

    private(set) var phase: Phase
    private(set) var deadline: Instant
    /// The number of the current or last request, from 1.
    private(set) var request: UInt32 = 0
    private var bodyDeadline = Instant.never
    private var persistence = Persistence.close
    private var isEnding = false
    private var hasPeerEnded = false

    /// - Parameter isEstablished: whether the peer can be heard at once, without a handshake.
    init(isEstablished: Bool = true, now: Instant, _ timeouts: Timeouts) {
        phase = isEstablished ? .awaiting : .handshaking
        deadline = now + (isEstablished ? timeouts.head : timeouts.handshake)
    }

    /// The handshake is done.
    mutating func established(now: Instant, _ timeouts: Timeouts) {
        guard phase == .handshaking else { return }
        phase = .awaiting
        deadline = now + (isEnding ? timeouts.farewell : timeouts.head)
    }

    /// Whether bytes from the peer are of use now.
    var wantsInput: Bool {
        switch phase {
        case .handshaking, .awaiting, .readingHead, .readingBody, .lingering: !hasPeerEnded
        case .handling, .writing, .closed: false
        }
    }

    /// Whether a request may be taken from input that is at hand.
    var isReading: Bool {
        switch phase {
        case .awaiting, .readingHead, .readingBody: true
        case .handshaking, .handling, .writing, .lingering, .closed: false
        }
    }

    /// Bytes have come in; whether they begin a request is told by ``requestBegan(now:_:)``.
    mutating func bytesReceived(now: Instant, _ timeouts: Timeouts) {
        if phase == .readingBody { deadline = min(now + timeouts.bodyIdle, bodyDeadline) }
    }

    /// The first byte of a request line is there.
    mutating func requestBegan(now: Instant, _ timeouts: Timeouts) {
        guard phase == .awaiting else { return }
        phase = .readingHead
        // The first head is awaited since the connection opened.
        if request > 0 || isEnding { deadline = now + timeouts.head }
    }

    /// A head is complete. `keepsAlive` and `isHTTP10` are what it says.
    mutating func headRead(keepsAlive: Bool, isHTTP10: Bool, now: Instant, _ timeouts: Timeouts) {
        request += 1
        let mayLast = keepsAlive && request < timeouts.requests && !isEnding
        persistence = !mayLast ? .close : isHTTP10 ? .keepAliveSaid : .keepAlive
        phase = .readingBody
        bodyDeadline = now + timeouts.body
        deadline = min(now + timeouts.bodyIdle, bodyDeadline)
    }

    /// The request is complete and goes to the handler.
    mutating func handedOver(now: Instant, _ timeouts: Timeouts) {
        phase = .handling
        deadline = now + timeouts.reply
    }

    /// Whether the answer to request `number` is still awaited.
    func awaitsReply(_ number: UInt32) -> Bool {
        phase == .handling && request == number
    }

    /// An answer is about to be sent; what it has to say about the connection.
    mutating func replyBegins(closing: Bool, now: Instant, _ timeouts: Timeouts) -> Persistence {
        if closing || isEnding { persistence = .close }
        phase = .writing
        deadline = now + timeouts.write
        return persistence
    }

    /// Some of the answer went out, not all.
    mutating func replyProgressed(now: Instant, _ timeouts: Timeouts) {
        guard phase == .writing else { return }
        deadline = now + timeouts.write
    }

    /// Whether the connection is over with the answer that is being sent.
    var isLastReply: Bool { persistence == .close || isEnding }

    /// The answer is wholly with the system. `isInputLeft` tells whether the peer sent, or may be sending, bytes
    /// that nobody will read: closing then would take the answer from it (RFC 9112 section 9.6).
    mutating func replySent(isInputLeft: Bool, now: Instant, _ timeouts: Timeouts) -> Action {
        guard isLastReply else {
            phase = .awaiting
            deadline = now + timeouts.keepAlive
            return .readOn
        }
        guard isInputLeft, !hasPeerEnded else { return close() }
        phase = .lingering(bytesLeft: timeouts.lingerBytes)
        deadline = now + timeouts.linger
        return .linger
    }

    /// Input was discarded while lingering.
    mutating func discarded(_ count: Int) -> Action {
        guard case .lingering(let bytesLeft) = phase else { return .nothing }
        guard count < bytesLeft else { return close() }
        phase = .lingering(bytesLeft: bytesLeft - count)
        return .nothing
    }

    /// The peer has sent its last byte, and all before it was taken up. What it asked for is still answered.
    mutating func peerEnded() -> Action {
        hasPeerEnded = true
        switch phase {
        case .handshaking, .awaiting, .lingering: return close()
        case .readingHead, .readingBody: return .refuse(.incomplete)
        case .handling, .writing:
            persistence = .close
            return .nothing
        case .closed: return .nothing
        }
    }

    /// The deadline has come.
    mutating func deadlinePassed() -> Action {
        switch phase {
        case .handshaking: .drop(.handshakeTimeout)
        case .readingHead: .refuse(.headTimeout)
        case .readingBody: .refuse(.bodyTimeout)
        case .handling: .refuse(.replyTimeout)
        case .awaiting, .writing, .lingering: close()
        case .closed: .nothing
        }
    }

    /// The server is stopping: a request that has begun is answered, no further one is taken up. Who has connected and
    /// asked nothing yet has a moment to do so: a sender that opens a connection for each request does not try again.
    mutating func end(now: Instant, _ timeouts: Timeouts) -> Action {
        isEnding = true
        switch phase {
        case .awaiting where request > 0:
            return close()
        case .awaiting, .handshaking:
            deadline = min(deadline, now + timeouts.farewell)
            return .nothing
        case .readingHead, .readingBody, .handling, .writing, .lingering, .closed:
            return .nothing
        }
    }

    /// The connection is gone.
    mutating func close() -> Action {
        phase = .closed
        deadline = .never
        return .close
    }
}
