import Glibc
import Testing

@testable import HTTPServer

/// Peers that try to cost more than their own connection.
struct HostilePeerTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    private func roomy() -> Limits {
        var limits = Limits()
        limits.connectionsPerAddress = limits.connections
        return limits
    }

    private func expectService(_ loop: ScriptedLoop, at location: SourceLocation = #_sourceLocation) {
        let peer = loop.connect()
        peer.send(Self.get)
        loop.settle()
        #expect(peer.received.starts(with: "HTTP/1.1 200 ".utf8), sourceLocation: location)
        peer.end()
        loop.settle()
    }

    @Test("Slowloris: a thousand heads that drip keep a few bytes each, others are served, and all end in 10 s")
    func slowloris() throws {
        let loop = try ScriptedLoop(roomy())
        let peers = (0..<1000).map { _ in loop.connect() }
        for second in 0..<9 {
            for peer in peers { peer.send([UInt8(ascii: "A") + UInt8(second)]) }
            loop.pass(.seconds(1))
            expectService(loop)
        }
        #expect(peers.allSatisfy { loop.connection(of: $0)?.unread.isEmpty == true })
        loop.pass(.seconds(1))
        #expect(peers.allSatisfy { $0.received.starts(with: "HTTP/1.1 408 ".utf8) })
        loop.pass(.seconds(2))
        #expect(loop.reactor.open == 0 && loop.shared.quota.open == 0)
    }

    @Test("A thousand idle connections keep no buffer")
    func idle() throws {
        let loop = try ScriptedLoop(roomy())
        let peers = (0..<1000).map { _ in loop.connect() }
        for peer in peers { peer.send(Self.get) }
        loop.settle()
        for peer in peers {
            let connection = try #require(loop.connection(of: peer))
            #expect(connection.reader == nil && connection.unread.bytes.isEmpty && connection.unsent.bytes.isEmpty)
        }
    }

    @Test("A method of 100 KB is refused at its 65th byte")
    func longMethod() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.piece = 1
        for _ in 0..<64 { peer.send("A") }
        loop.settle()
        #expect(peer.received.isEmpty)
        peer.send(String(repeating: "A", count: 100_000))
        loop.reactor.ready(try #require(loop.connection(of: peer)), Poller.readable)
        #expect(peer.received.starts(with: "HTTP/1.1 400 ".utf8) && peer.unreadCount == 99_999)
        expectService(loop)
    }

    @Test("A chunked body without an end is refused at the limit of bodies, and read no further than lingering goes")
    func endlessBody() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 65, count: 65_536) + Array("\r\n".utf8)
        var sent = 0
        while !peer.isReleased, sent < 100 {
            peer.send(chunk)
            loop.settle()
            sent += 1
        }
        #expect(peer.received.starts(with: "HTTP/1.1 413 ".utf8))
        #expect(sent <= 16 + 1 + 5, "a body of 1 MiB, one chunk too many, 256 KiB of lingering")
        #expect(loop.handler.rejections == [.bodyTooLarge] && loop.shared.bodyMemory.taken == 0)
        expectService(loop)
    }

    @Test("Who doesn't read its answers is read no further, and keeps one answer")
    func slowReader() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.window = 0
        for _ in 0..<1000 { peer.send(Self.get) }
        loop.settle()
        let connection = try #require(loop.connection(of: peer))
        #expect(loop.handler.count == 1)
        #expect(connection.unsent.bytes.count < 1000 && connection.unread.bytes.count <= 16 * 1024)
        #expect(peer.unreadCount > 0)
        expectService(loop)
        loop.pass(.seconds(10))
        #expect(loop.connection(of: peer) == nil)
    }

    @Test("The limit of open descriptors is raised as far as it may be")
    func descriptors() async {
        await #expect(processExitsWith: .success) {
            var limit = rlimit(rlim_cur: 100, rlim_max: 1000)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            let live = try LiveServer()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            #expect(limit.rlim_cur == 1000)
            await live.stop()
        }
    }
}
