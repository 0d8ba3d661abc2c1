extension Reactor {
    /// Takes connections that wait, so many at most that open ones get their turn.
    func acceptConnections(atMost count: Int = 64) {
        guard !isAcceptPaused else { return }
        for _ in 0..<count {
            switch listener?.accept() {
            case .connection(let number, let peer): admit(Descriptor(number), peer)
            case .exhausted: return pauseAccepting()
            case .some(.none), nil: return
            }
        }
    }

    /// Without a free descriptor the listener would stay ready and the loop spin: it is left alone until a
    /// connection closes, or for a tick.
    private func pauseAccepting() {
        isAcceptPaused = true
        counters.acceptPauses.add(1)
        watchListener(0)
    }

    func resumeAccepting() {
        guard isAcceptPaused else { return }
        isAcceptPaused = false
        watchListener(Poller.readable)
    }

    func watchListener(_ interest: UInt32) {
        guard let descriptor = listener?.descriptor else { return }
        poller.change(descriptor, interest, token: Self.listenerToken)
    }

    /// A connection was accepted.
    func admit(_ socket: consuming Descriptor, _ peer: Peer) {
        counters.accepted.add(1)
        let admission = shared.quota.enter(peer.address)
        if case .dropped(let rejection) = admission { return count(rejection, of: peer) }
        let connection = place(socket, peer, admission)
        guard poller.add(connection.link.descriptor, connection.interest, token: connection.token) else {
            return perform(connection.state.close(), on: connection)
        }
        if case .refused(let rejection) = admission { turnAway(connection, rejection) }
    }

    private func place(
        _ socket: consuming Descriptor, _ peer: Peer, _ admission: ConnectionQuota.Admission
    ) -> Connection {
        let slot: UInt32
        if let free = freeSlots.popLast() {
            slot = free
        } else {
            slot = UInt32(connections.count)
            connections.append(nil)
            generations.append(0)
        }
        generations[Int(slot)] &+= 1
        let link = makeLink(socket)
        let isEstablished = link.isEstablished
        let connection = Connection(
            slot: slot, generation: generations[Int(slot)], peer: peer, admission: admission,
            link: link,
            state: ConnectionState(isEstablished: isEstablished, now: now, timeouts))
        connections[Int(slot)] = connection
        open += 1
        return connection
    }

    /// The connection is closed: its descriptor goes with the last reference to it.
    func forget(_ connection: Connection) {
        guard connections[Int(connection.slot)] === connection else { return }
        connections[Int(connection.slot)] = nil
        freeSlots.append(connection.slot)
        open -= 1
        abandonRequest(of: connection)
        connection.unread = ByteQueue()
        connection.unsent = ByteQueue()
        connection.file = nil
        shared.quota.leave(connection.peer.address, as: connection.admission)
        resumeAccepting()
    }
}
