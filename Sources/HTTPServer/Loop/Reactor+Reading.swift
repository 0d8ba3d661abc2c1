extension Reactor {
    /// Reads and takes up what there is, a bounded number of times so that other connections get their turn.
    func readable(_ connection: Connection) {
        var reads = 0
        repeat {
            if reads == 16 { return revisits.append(connection) }
            reads += 1
            let result = input.fill { connection.link.read(into: &$0) }
            if connection.state.phase == .handshaking, connection.link.isEstablished { establish(connection) }
            switch result {
            case .bytes(let count):
                counters.received.add(count)
                connection.readInterest = Poller.readable
                connection.mayHoldInput = connection.link.mayHoldInput(afterReading: count, of: input.capacity)
                if connection.state.isReading {
                    input.use(count) { takeUpInput($0, of: connection) }
                } else {
                    perform(connection.state.discarded(count), on: connection)
                }
            case .wantRead:
                return wait(connection, Poller.readable)
            case .wantWrite:
                return wait(connection, Poller.writable)
            case .ended:
                return perform(connection.state.peerEnded(), on: connection)
            case .closed:
                return perform(connection.state.close(), on: connection)
            case .refused(let rejection):
                return turnAway(connection, rejection)
            }
        } while connection.state.wantsInput && connection.mayHoldInput
        if connection.interest != Poller.readable { updateInterest(connection) }
    }

    private func establish(_ connection: Connection) {
        counters.handshakes.add(1)
        connection.peer.certificate = connection.link.certificate
        connection.state.established(now: now, timeouts)
    }

    private func wait(_ connection: Connection, _ readiness: UInt32) {
        connection.readInterest = readiness
        connection.mayHoldInput = false
        updateInterest(connection)
    }

    /// Takes up input that was just read; what is left waits for the answer to the request before it.
    private func takeUpInput(_ bytes: Span<UInt8>, of connection: Connection) {
        let used = takeUp(bytes, for: connection)
        guard used < bytes.count, connection.state.phase != .closed else { return }
        connection.unread = connection.unread.adding(bytes.extracting(used..<bytes.count))
    }

    /// After an answer: takes up the input that waited for it, and what the transport may hold beyond.
    func takeUpUnread(_ connection: Connection) {
        guard connection.state.phase == .awaiting else { return }
        if !connection.unread.isEmpty {
            let waiting = connection.unread
            let used = takeUp(waiting.bytes.span.extracting(waiting.start..<waiting.bytes.count), for: connection)
            connection.unread = connection.state.phase == .closed ? ByteQueue() : waiting.dropping(used)
        }
        if connection.state.wantsInput, connection.mayHoldInput { revisits.append(connection) }
    }

    /// Takes requests from `bytes`, until they are used up or a request is with the handler; how many were used.
    private func takeUp(_ bytes: Span<UInt8>, for connection: Connection) -> Int {
        let box = connection.reader ?? idleReader ?? ReaderBox(limits)
        connection.reader = nil
        var position = 0
        takeUp(bytes, &position, for: connection, &box.reader)
        if !box.reader.isIdle, connection.state.isReading {
            connection.reader = box
            if idleReader === box { idleReader = nil }
        } else {
            recycle(&box.reader)
            idleReader = box
        }
        return position
    }

    private func takeUp(
        _ bytes: Span<UInt8>, _ position: inout Int, for connection: Connection, _ reader: inout RequestReader
    ) {
        connection.state.bytesReceived(now: now, timeouts)
        while connection.state.isReading {
            let isAwaiting = connection.state.phase == .awaiting
            if isAwaiting, position == bytes.count { return }
            let step = reader.next(bytes, at: &position)
            if isAwaiting, step != .needsBytes || reader.isMidRequest {
                connection.state.requestBegan(now: now, timeouts)
            }
            if step == .needsBytes { return }
            perform(step, bytes, &position, on: connection, &reader)
        }
    }

    private func perform(
        _ step: RequestReader.Step, _ bytes: Span<UInt8>, _ position: inout Int, on connection: Connection,
        _ reader: inout RequestReader
    ) {
        switch step {
        case .needsBytes: break
        case .head: decide(bytes, &position, on: connection, &reader)
        case .bodyInInput(let range): handOver(reader.head, bytes.extracting(range), of: connection)
        case .bodyKept: handOver(reader.head, reader.body.span, of: connection)
        case .needsMemory(let count):
            if shared.bodyMemory.take(count) {
                reader.reserve(count)
            } else {
                refuse(connection, .bodyMemory)
            }
        case .refused(let rejection):
            connection.isHead = reader.head.index.method == .head
            refuse(connection, rejection)
        }
    }

    /// Asks the handler what is to become of a request whose head is complete.
    private func decide(
        _ bytes: Span<UInt8>, _ position: inout Int, on connection: Connection, _ reader: inout RequestReader
    ) {
        counters.requests.add(1)
        connection.isHead = reader.head.method == .head
        connection.state.headRead(
            keepsAlive: reader.head.index.keepsAlive, isHTTP10: reader.head.index.minorVersion == 0, now: now, timeouts)
        switch decision(reader.head, connection.peer) {
        case .read(let bodyLimit, let note):
            if let rejection = reader.accept(bodyLimit: min(bodyLimit, limits.bodyBytes), note: note) {
                return refuse(connection, rejection)
            }
            // Who has sent some of the body does not wait (RFC 9110 section 10.1.1).
            if reader.head.index.expectsContinue, position == bytes.count { sendContinue(connection) }
        case .reply(var response):
            let isAtNext = reader.refuseBody(bytes, at: &position)
            if !isAtNext { response.closesConnection = true }
            connection.isInputLeft = !isAtNext || position < bytes.count
            recycle(&reader)
            reply(response, to: connection)
        }
    }

    private func decision(_ head: borrowing RequestHead, _ peer: Peer) -> HeadDecision {
        // `OPTIONS *` asks about the server, not about one of its resources (RFC 9110 section 9.3.7).
        if head.method == .options, head.pathIs("*") {
            return .reply(Response(.noContent, fields: [.init("Allow", "GET, HEAD, POST, OPTIONS")]))
        }
        return handler.head(head, peer: peer)
    }

    private func handOver(_ head: borrowing RequestHead, _ body: Span<UInt8>, of connection: Connection) {
        connection.state.handedOver(now: now, timeouts)
        handler.body(head, body, peer: connection.peer, Responder(mailbox: mailbox, ticket: connection.ticket))
    }

    /// Forgets a request that has begun to arrive.
    func abandonRequest(of connection: Connection) {
        guard let box = connection.reader else { return }
        connection.reader = nil
        recycle(&box.reader)
    }

    /// Makes a reader ready for another request and gives the memory of its body back.
    private func recycle(_ reader: inout RequestReader) {
        shared.bodyMemory.give(reader.reserved)
        reader.reset()
    }
}

/// A place for a request reader that changes hands.
final class ReaderBox {
    var reader: RequestReader

    init(_ limits: Limits) {
        reader = RequestReader(limits)
    }
}
