extension Reactor {
    /// Answers with the refusal, after which the connection closes.
    func refuse(_ connection: Connection, _ rejection: Rejection) {
        count(rejection, of: connection.peer)
        if let box = connection.reader { connection.isHead = box.reader.head.index.method == .head }
        abandonRequest(of: connection)
        connection.isInputLeft = true
        reply(rejection.response, to: connection)
    }

    /// Refuses a peer that may not be able to read an answer yet: the work of a handshake is not spent on it.
    func turnAway(_ connection: Connection, _ rejection: Rejection) {
        if connection.link.isEstablished { return refuse(connection, rejection) }
        perform(.drop(rejection), on: connection)
    }

    func count(_ rejection: Rejection, of peer: Peer) {
        counters.rejections.add(1)
        handler.rejected(rejection, peer: peer)
    }

    /// Sends an answer, as far as the peer takes it now.
    func reply(_ response: Response, to connection: Connection) {
        let persistence = connection.state.replyBegins(closing: response.closesConnection, now: now, timeouts)
        output.clear()
        encoder.encode(response, isHead: connection.isHead, persistence: persistence, into: output)
        if !connection.isHead, !response.status.isBodiless, case .file(let file, let length) = response.body {
            connection.file = FileBody(file: file, offset: 0, end: length)
        }
        sendOutput(connection)
    }

    /// Asks for the body (RFC 9110 section 15.2.1).
    func sendContinue(_ connection: Connection) {
        output.clear()
        output.append("HTTP/1.1 100 Continue\r\n\r\n")
        sendOutput(connection)
    }

    /// Sends the output put together; what the peer doesn't take now is kept with the connection.
    private func sendOutput(_ connection: Connection) {
        output.use { bytes in
            var sent = 0
            if connection.unsent.isEmpty, case .bytes(let count) = connection.link.write(bytes) { sent = count }
            counters.sent.add(sent)
            // An error shows again when the rest is sent.
            guard sent < bytes.count else { return }
            connection.unsent = connection.unsent.adding(bytes.extracting(sent..<bytes.count))
        }
        flush(connection)
    }

    /// Sends what is left of an answer, as far as the peer takes it now.
    func flush(_ connection: Connection) {
        while !connection.unsent.isEmpty {
            let queue = connection.unsent
            let result = connection.link.write(queue.bytes.span.extracting(queue.start..<queue.bytes.count))
            guard let count = progress(result, connection) else { return }
            connection.unsent = queue.dropping(count)
        }
        var chunks = 0
        while var body = connection.file, body.offset < body.end {
            // The rest waits for the socket to be writable again, after the others had their turn.
            if chunks == 16 { return updateInterest(connection) }
            chunks += 1
            guard let count = sendChunk(body, connection) else { return }
            body.offset += count
            connection.file = body
        }
        connection.file = nil
        guard connection.state.phase == .writing else { return updateInterest(connection) }
        let isInputLeft =
            connection.state.isLastReply
            && (connection.isInputLeft || !connection.unread.isEmpty || connection.mayHoldInput
                || connection.link.hasUnreadInput)
        connection.isInputLeft = false
        connection.isHead = false
        perform(connection.state.replySent(isInputLeft: isInputLeft, now: now, timeouts), on: connection)
    }

    /// Sends one piece of a file; how much went out, nil when the connection must wait or is gone.
    private func sendChunk(_ body: FileBody, _ connection: Connection) -> Int? {
        let wanted = body.end - body.offset
        guard let count = fileScratch.fill({ body.file.read(at: body.offset, into: &$0) }), count > 0 else {
            // The file is shorter than was announced: only a broken connection tells the peer.
            perform(connection.state.close(), on: connection)
            return nil
        }
        var sent: Int?
        fileScratch.use(min(count, wanted)) { sent = progress(connection.link.write($0), connection) }
        return sent
    }

    private func progress(_ result: TransportResult, _ connection: Connection) -> Int? {
        switch result {
        case .bytes(let count):
            counters.sent.add(count)
            connection.writeInterest = Poller.writable
            connection.state.replyProgressed(now: now, timeouts)
            return count
        case .wantRead:
            connection.writeInterest = Poller.readable
            updateInterest(connection)
        case .wantWrite:
            connection.writeInterest = Poller.writable
            updateInterest(connection)
        case .ended, .closed, .refused:
            perform(connection.state.close(), on: connection)
        }
        return nil
    }
}
