import Glibc
import IPAddresses
import TestKit
import Testing

@testable import HTTPServer

/// What a reactor does with its connections, step by step, without a socket.
struct ReactorTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let closing = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    private func text(_ peer: ScriptedPeer) -> String { String(decoding: peer.received, as: UTF8.self) }

    private func answers(_ peer: ScriptedPeer) -> Int { text(peer).split(separator: "HTTP/1.1 ").count }

    @Test("Input that came while a closing request was handled does not destroy the answer: it is read and dropped")
    func inputBehindLateAnswer() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.send("GET /late HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        loop.settle()
        peer.send("more")
        loop.settle()
        #expect(peer.unreadCount == 4)
        loop.handler.complete(0)
        loop.settle()
        #expect(answers(peer) == 1)
        #expect(peer.isServerDone && !peer.isReleased && peer.unreadCount == 0)
        peer.end()
        loop.settle()
        #expect(peer.isReleased)
    }

    @Test("Input that lies in the system when a closing request is answered at once is read and dropped as well")
    func inputBehindAnswer() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.piece = Self.closing.utf8.count
        peer.send(Self.closing + "more")
        loop.settle()
        #expect(answers(peer) == 1 && peer.isServerDone && peer.unreadCount == 0)
        peer.end()
        loop.settle()
        #expect(peer.isReleased)
    }

    @Test("Where no input is left a closing request's connection is closed at once")
    func nothingBehindAnswer() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.send(Self.closing)
        loop.settle()
        #expect(answers(peer) == 1 && peer.isReleased)
    }

    @Test("A turn of the loop ends though pipelined requests are left, and says that another is due")
    func boundedTurn() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.send(String(repeating: Self.get, count: 100))
        loop.reactor.ready(try #require(loop.connection(of: peer)), Poller.readable)
        loop.reactor.tick()
        #expect(answers(peer) < 100)
        #expect(loop.reactor.needsTurn)
        loop.settle()
        #expect(answers(peer) == 100)
        loop.reactor.tick()
        #expect(!loop.reactor.needsTurn)
    }

    @Test("Empty lines between requests begin none: no refusal, no time gained, however they are cut")
    func emptyLines() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.send(Self.get + "\r\n")
        loop.settle()
        for piece in ["\r\n", "\r", "\n\r", "\n\r\n"] {
            peer.send(piece)
            loop.pass(.seconds(11))
        }
        peer.send(Self.get)
        loop.settle()
        #expect(answers(peer) == 2 && loop.handler.rejections.isEmpty)
        peer.send("\r\n")
        loop.pass(.seconds(59))
        #expect(!peer.isReleased)
        peer.send("\r\n")
        loop.pass(.seconds(2))
        #expect(peer.isReleased && answers(peer) == 2 && loop.handler.rejections.isEmpty)

        let ending = loop.connect()
        ending.send(Self.get + "\r\n\r")
        ending.end()
        loop.settle()
        #expect(answers(ending) == 1 && ending.isReleased && loop.handler.rejections.isEmpty)
    }

    @Test(
        "The answer to a HEAD that is refused has no body",
        arguments: [
            "HEAD / HTTP/1.1\r\nHost: a b\r\n\r\n", "HEAD / HTTP/1.1\r\n\r\n", "HEAD / HTTP/3.0\r\n\r\n",
            "HEAD /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\n\r\n",
            "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n",
        ])
    func refusedHead(request: String) throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.send(request)
        loop.settle()
        #expect(text(peer).hasSuffix("\r\n\r\n") && text(peer).contains("Content-Length: "), "\(text(peer))")

        let late = loop.connect()
        late.send("HEAD / HTTP/1.1\r\nHo")
        loop.settle()
        loop.pass(.seconds(10))
        #expect(text(late).hasPrefix("HTTP/1.1 408 ") && text(late).hasSuffix("\r\n\r\n"))

        let other = loop.connect()
        other.send("rubbish\r\n\r\n")
        loop.settle()
        #expect(text(other).hasSuffix("}"), "others have theirs")
    }

    @Test("When everything is closed nothing is held on to, not even what was to be read on")
    func closeAll() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.piece = 1
        peer.holdsInput = true
        peer.send(Self.get)
        loop.reactor.ready(try #require(loop.connection(of: peer)), Poller.readable)
        #expect(loop.reactor.needsTurn)
        loop.reactor.closeAll()
        #expect(peer.isReleased && loop.reactor.open == 0)
    }

    @Test("A file goes on after the transport wanted to read before it could write")
    func crossedFile() throws {
        let loop = try ScriptedLoop()
        let file = try TemporaryFile([UInt8](repeating: 65, count: 3_000_000))
        defer { file.remove() }
        loop.handler.file = try OpenFile(path: file.path)
        let peer = loop.connect()
        peer.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
        loop.settle()
        let length = peer.received.count
        #expect(length > 3_000_000)
        peer.writeWantsRead = true
        peer.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
        loop.settle()
        #expect(peer.received.count == length, "it waits for the peer")
        peer.send(Self.get)
        loop.settle()
        #expect(peer.received.count > 2 * length && answers(peer) == 3)
    }

    @Test("Reading goes on after the transport wanted to write before it could read")
    func crossedRead() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.window = 0
        peer.readWantsWrite = true
        peer.send(Self.get)
        loop.settle()
        #expect(peer.unreadCount > 0)
        peer.window = .max
        loop.settle()
        #expect(peer.unreadCount == 0 && answers(peer) == 1)
    }

    @Test("After a read that found nothing no input is taken to be held")
    func heldInput() throws {
        let loop = try ScriptedLoop()
        let peer = loop.connect()
        peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n")
        peer.send([UInt8](repeating: 65, count: 16_384 - peer.unreadCount))
        loop.settle()
        let connection = try #require(loop.connection(of: peer))
        #expect(!connection.mayHoldInput && peer.unreadCount == 0)
    }

    @Test("A server that stops serves all who wait in the backlog, and those who have not asked yet")
    func stopping() throws {
        let configuration = HTTPServer.Configuration(address: IPAddress(v4: 0x7f00_0001), port: 0)
        let listener = try Listener(configuration.address, port: 0, isFirst: true, isShared: false)
        let port = listener.port
        let handler = ScriptedHandler()
        let reactor = try Reactor(
            listener: listener, configuration: configuration, mailbox: Mailbox(), shared: SharedState(configuration),
            counters: LoopCounters(), handler: handler, makeLink: { PlainTransport($0) })
        reactor.listen()
        let clients = try (0..<200).map { _ in try RawClient(port: port) }
        for client in clients.prefix(150) { try client.send(Self.get) }
        reactor.end()
        for client in clients.dropFirst(150) { try client.send(Self.get) }
        while reactor.open > 0 { reactor.turn() }
        for client in clients { #expect(try client.answer().field("Connection") == "close") }
    }
}
