/// The spans of ``Limits`` in the unit that connections reckon with.
struct Timeouts {
    let handshake: Milliseconds
    let head: Milliseconds
    let bodyIdle: Milliseconds
    let body: Milliseconds
    let keepAlive: Milliseconds
    let write: Milliseconds
    let reply: Milliseconds
    let linger: Milliseconds
    /// What a connection without a request gets when the server stops.
    let farewell = Milliseconds(.seconds(1))
    let lingerBytes: Int
    let requests: Int

    init(_ limits: Limits) {
        handshake = Milliseconds(limits.handshakeTimeout)
        head = Milliseconds(limits.headTimeout)
        bodyIdle = Milliseconds(limits.bodyIdleTimeout)
        body = Milliseconds(limits.bodyTimeout)
        keepAlive = Milliseconds(limits.keepAliveTimeout)
        write = Milliseconds(limits.writeTimeout)
        reply = Milliseconds(limits.replyTimeout)
        linger = Milliseconds(limits.lingerTimeout)
        lingerBytes = limits.lingerBytes
        requests = limits.requestsPerConnection
    }

    /// How often deadlines are looked at: a twentieth of the shortest, between 5 and 500 milliseconds.
    var tick: Milliseconds {
        let shortest = [handshake, head, bodyIdle, body, keepAlive, write, reply, linger].map(\.count).min() ?? 0
        return Milliseconds(.milliseconds(min(max(shortest / 20, 5), 500)))
    }
}
