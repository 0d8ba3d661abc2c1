import CLinux
import IPAddresses

@testable import HTTPServer

/// A reactor without sockets, clock and queue: a script says what arrives, what becomes ready and how late it is.
final class ScriptedLoop {
    let reactor: Reactor
    let handler = ScriptedHandler()
    let shared: SharedState
    private let next: NextPeer
    private var peers: [ScriptedPeer] = []

    /// The peer that the next connection belongs to.
    private final class NextPeer: @unchecked Sendable {
        // One thread uses the loop.
        var peer: ScriptedPeer?

        func take() -> ScriptedPeer {
            defer { peer = nil }
            return peer ?? ScriptedPeer()
        }
    }

    init(_ limits: Limits = Limits()) throws {
        let configuration = HTTPServer.Configuration(address: IPAddress(v4: 0x7f00_0001), port: 0, limits: limits)
        let next = NextPeer()
        self.next = next
        shared = SharedState(configuration)
        reactor = try Reactor(
            listener: nil, configuration: configuration, mailbox: Mailbox(), shared: shared, counters: LoopCounters(),
            handler: handler, makeLink: { ScriptedLink($0, next.take()) })
        reactor.mailbox.attend()
    }

    /// A peer connects.
    func connect(_ peer: ScriptedPeer = ScriptedPeer()) -> ScriptedPeer {
        let descriptor = Descriptor(clinux_event_counter())
        let number = descriptor.number
        next.peer = peer
        reactor.admit(descriptor, Peer(address: IPAddress(v4: 0xc000_0201), port: 1))
        // One that is too many is closed at once.
        if next.peer != nil { peer.released() }
        for connection in reactor.connections {
            if let connection, connection.link.descriptor == number { peer.token = connection.token }
        }
        peers.append(peer)
        return peer
    }

    /// The connection of a peer while the server has it.
    func connection(of peer: ScriptedPeer) -> Connection? {
        let slot = Int(peer.token & 0xffff_ffff)
        guard slot < reactor.connections.count, let connection = reactor.connections[slot] else { return nil }
        return connection.token == peer.token ? connection : nil
    }

    /// Lets everything happen that can happen by itself. Answers whether it came to rest: what is ready for ever
    /// and changes nothing would keep a processor busy.
    @discardableResult
    func settle() -> Bool {
        for _ in 0..<10_000 {
            var isBusy = false
            for peer in peers {
                guard let connection = connection(of: peer) else { continue }
                let readiness = readiness(of: peer) & (connection.interest | Poller.hungUp)
                guard readiness != 0 else { continue }
                reactor.ready(connection, readiness)
                isBusy = true
            }
            if reactor.deliverCompletions() { isBusy = true }
            guard isBusy else {
                peers.removeAll(where: \.isReleased)
                return true
            }
        }
        return false
    }

    private func readiness(of peer: ScriptedPeer) -> UInt32 {
        (peer.isReadable ? Poller.readable : 0) | (peer.isWritable ? Poller.writable : 0)
            | (peer.isBroken ? Poller.hungUp : 0)
    }

    /// The server stops.
    func end() {
        let now = reactor.now
        reactor.end()
        // It looked at the real clock, behind which a script's is far ahead.
        reactor.now = max(reactor.now, now)
    }

    /// So much time goes by.
    func pass(_ duration: Duration) {
        reactor.now = reactor.now + Milliseconds(duration)
        reactor.expire()
        settle()
    }
}
