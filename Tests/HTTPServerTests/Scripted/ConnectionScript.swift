@testable import HTTPServer

/// Plays any bytes as a script for a reactor with a few connections, and looks after each step for what must never be:
/// two answers to a request, answers out of order, anything behind the last one, a loop that never comes to rest; at
/// the end a connection that is stuck, memory or quota that is not given back.
struct ConnectionScript {
    /// What must never be was.
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    /// What a peer may send: whole requests, pieces of them, and what is none.
    private static let pieces: [[UInt8]] = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /late HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n0123456789",
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
        "0123456789",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "a\r\n0123456789\r\n",
        "0\r\n\r\n",
        "GET /late HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "POST /refused HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n",
        "HEAD /late HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\n",
        "\r",
        "rubbish\r\n",
    ].map { Array($0.utf8) }

    private let loop: ScriptedLoop
    private var peers: [ScriptedPeer] = []
    private var chosen = 0
    private var rest: ArraySlice<UInt8>

    static var limits: Limits {
        var limits = Limits()
        limits.requestsPerConnection = 20
        limits.connections = 3
        limits.refusedConnections = 2
        limits.bodyMemoryBytes = 6000
        limits.bodyBytes = 5000
        limits.lingerBytes = 100
        limits.headBytes = 400
        return limits
    }

    /// Plays the whole script.
    static func play(_ bytes: some Sequence<UInt8>) throws {
        var script = try ConnectionScript(Array(bytes))
        while try script.step() {}
        try script.finish()
    }

    private init(_ bytes: [UInt8]) throws {
        loop = try ScriptedLoop(Self.limits)
        rest = bytes[...]
    }

    /// Does what the next byte says; false at the script's end.
    private mutating func step() throws -> Bool {
        guard let byte = rest.popFirst() else { return false }
        let argument = Int(byte >> 4)
        if byte & 15 == 0 || peers.isEmpty {
            if peers.count < 6 { connect(argument) }
        } else {
            act(byte & 15, argument, peers[chosen % peers.count])
        }
        try settle()
        return true
    }

    private mutating func connect(_ argument: Int) {
        let peer = ScriptedPeer()
        peer.handshakeBytes = argument & 1 == 0 ? 0 : 3
        peer.piece = argument & 2 == 0 ? .max : 7
        peer.holdsInput = argument & 4 != 0
        peer.window = argument & 8 == 0 ? .max : 40
        chosen = peers.count
        peers.append(loop.connect(peer))
    }

    private mutating func act(_ action: UInt8, _ argument: Int, _ peer: ScriptedPeer) {
        switch action {
        case 1, 2, 3: peer.send(Self.pieces[argument])
        case 4:
            peer.send(rest.prefix(argument))
            rest = rest.dropFirst(argument)
        case 5: chosen = argument
        case 6: peer.window = argument * 20
        case 7: peer.window = .max
        case 8: peer.readWantsWrite = true
        case 9: peer.writeWantsRead = true
        case 10: if !loop.handler.waiting.isEmpty { loop.handler.complete(argument % loop.handler.waiting.count) }
        case 11: if !loop.handler.waiting.isEmpty { loop.handler.complete(loop.handler.waiting.count - 1) }
        case 12: loop.pass(.seconds(argument))
        case 13: peer.end()
        case 14:
            if argument == 15 { loop.end() } else { peer.send(Array(repeating: 65, count: argument * 100)) }
        default: if argument < 4 { peer.breakDown() } else { loop.pass(.seconds(argument * 5)) }
        }
    }

    private func settle() throws {
        guard loop.settle() else { throw Broken(description: "the loop never comes to rest") }
        for peer in peers {
            try ReceivedAnswers.check(peer.received)
            guard let connection = loop.connection(of: peer) else { continue }
            if connection.state.wantsInput, !peer.readWantsWrite, !peer.writeWantsRead, peer.isReadable {
                throw Broken(description: "input is left unread in \(connection.state.phase)")
            }
            if connection.hasOutput, !peer.writeWantsRead, peer.isWritable {
                throw Broken(description: "output is left unsent in \(connection.state.phase)")
            }
            if connection.state.phase == .writing, !connection.hasOutput {
                throw Broken(description: "an answer that is sent is waited for")
            }
            if connection.state.deadline == .never { throw Broken(description: "a connection has no deadline") }
        }
    }

    /// All peers take what they get; then time passes until every connection is over.
    private func finish() throws {
        for peer in peers {
            peer.window = .max
            // Who wants to read before it writes is given something to read.
            if peer.writeWantsRead { peer.send([65]) }
        }
        try settle()
        for index in loop.handler.waiting.indices { loop.handler.complete(index) }
        try settle()
        // Some may be at a request, its refusal and lingering yet.
        for _ in 0..<4 {
            loop.pass(.seconds(120))
            try settle()
        }
        let stuck = peers.filter { !$0.isReleased }.map { loop.connection(of: $0)?.state.phase }
        guard loop.reactor.open == 0, stuck.isEmpty else {
            throw Broken(description: "connections are stuck: \(stuck)")
        }
        guard loop.shared.bodyMemory.taken == 0 else { throw Broken(description: "body memory is kept") }
        guard loop.shared.quota.open == 0 else { throw Broken(description: "quota is kept") }
        guard !loop.reactor.needsTurn else { throw Broken(description: "the loop has work without connections") }
    }
}
