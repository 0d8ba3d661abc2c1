import Glibc
import IPAddresses
import TestKit
import Testing

@testable import HTTPServer

/// Starting and stopping.
@Suite(.timeLimit(.minutes(2)))
struct LiveLifecycleTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("A port where somebody listens already is refused, with one loop or several", arguments: [1, 2])
    func portInUse(loops: Int) async throws {
        let live = try LiveServer(loops: 2)
        let expected = ListenError.bind(IPAddress(v4: 0x7f00_0001), port: live.port, errno: EADDRINUSE)
        #expect(throws: expected) { try LiveServer(loops: loops, port: live.port) }
        #expect(expected.description == "127.0.0.1:\(live.port) is in use: another process listens there")
        await live.stop()
    }

    @Test("A port is free again once the server has stopped")
    func portAgain() async throws {
        let first = try LiveServer(loops: 2)
        let client = try first.client()
        try client.send(Self.get)
        #expect(try client.answer().status == 200)
        await first.stop()
        let second = try LiveServer(loops: 2, port: first.port)
        let again = try second.client()
        try again.send(Self.get)
        #expect(try again.answer().status == 200)
        await second.stop()
    }

    @Test("An address that is not ours is an error with its reason")
    func foreignAddress() throws {
        let address = try #require(IPAddress("192.0.2.1"))
        let configuration = HTTPServer.Configuration(address: address, port: 0)
        let expected = ListenError.bind(address, port: 0, errno: EADDRNOTAVAIL)
        #expect(throws: expected) { try HTTPServer(configuration) { _ in preconditionFailure("no loop is made") } }
        #expect(expected.description == "can't listen on 192.0.2.1:0: Cannot assign requested address")
    }

    /// An address of the loopback interface where nobody else listens, and that no client of a test connects from: a
    /// port that is free again could be another's at once on the usual one.
    private static let lonely = "127.87.87.1"

    @Test("Stopping closes idle connections at once and answers what is in flight with its connection's end")
    func gracefulStop() async throws {
        let waiting = Waiting()
        let live = try LiveServer(address: Self.lonely) { head, _, responder in
            if head.pathIs("/now") {
                responder.complete(Response(.ok))
            } else {
                waiting.add(head.path, responder)
            }
        }
        let idle = try live.client()
        try idle.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.answer().status == 200)
        let busy = try live.client()
        try busy.send(Self.get + Self.get)
        let responder = try #require(waiting.take("/a"))
        async let stopped: Void = live.server.stop(within: .seconds(60))
        try await eventually("the idle one is closed") { live.server.statistics.openConnections == 1 }
        #expect(idle.isClosedByServer())
        responder.complete(Response(.ok, body: .bytes([65])))
        let answer = try busy.answer()
        #expect(answer.text == "A" && answer.field("Connection") == "close")
        #expect(try busy.rest().isEmpty)
        busy.disconnect()
        await stopped
        #expect(live.server.statistics.openConnections == 0)
        #expect(throws: RawClient.Failure.self) { try live.client() }
    }

    @Test("What is not finished when the grace ends is closed")
    func graceEnds() async throws {
        let waiting = Waiting()
        let live = try LiveServer { head, _, responder in waiting.add(head.path, responder) }
        let client = try live.client()
        try client.send(Self.get)
        let responder = try #require(waiting.take("/a"))
        await live.server.stop(within: .milliseconds(20))
        #expect(client.isClosedByServer())
        responder.complete(Response(.ok))
        await live.stop()
    }

    @Test("A server that was never started can be stopped and lets go of its port")
    func neverStarted() async throws {
        let address = try #require(IPAddress(Self.lonely))
        let configuration = HTTPServer.Configuration(address: address, port: 0, loops: 2)
        let server = try HTTPServer(configuration) { _ in PeerHandler() }
        await server.stop(within: .seconds(60))
        #expect(throws: RawClient.Failure.self) { try RawClient(to: Self.lonely, port: server.port) }
    }

    @Test("Without a free descriptor accepting pauses, and goes on when there is one again")
    func exhaustedDescriptors() async {
        await #expect(processExitsWith: .success) {
            var limit = rlimit(rlim_cur: 128, rlim_max: 128)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            let live = try LiveServer()
            let first = try live.client()
            try first.send(Self.get)
            #expect(try first.answer().status == 200)
            var filling: [Int32] = []
            repeat { filling.append(dup(STDERR_FILENO)) } while filling.last != -1
            filling.removeLast()
            try #require(filling.count > 10)
            close(filling.removeLast())
            let second = try live.client()
            try await eventually("accepting pauses") { live.server.statistics.acceptPauses > 0 }
            try first.send(Self.get)
            #expect(try first.answer().status == 200, "the others are served meanwhile")
            for descriptor in filling { close(descriptor) }
            try second.send(Self.get)
            #expect(try second.answer().status == 200)
            await live.stop()
        }
    }

    @Test("A server that is dropped without being stopped lets go of port and connections")
    func dropped() throws {
        let client: RawClient
        do {
            let live = try LiveServer()
            client = try live.client()
            try client.send(Self.get)
            #expect(try client.answer().status == 200)
        }
        #expect(client.isClosedByServer())
    }

    @Test("IPv6 is listened on as well as IPv4, and told apart")
    func dualStack() async throws {
        let server = try HTTPServer(HTTPServer.Configuration(address: IPAddress(bits: 0), port: 0, loops: 1)) { _ in
            PeerHandler()
        }
        server.start()
        let client = try RawClient(port: server.port)
        try client.send(Self.get)
        #expect(try client.answer().text == "127.0.0.1")
        await server.stop(within: .zero)
    }
}

/// Answers with the peer's address.
private final class PeerHandler: RequestHandler {
    func head(_ head: borrowing RequestHead, peer: Peer) -> HeadDecision {
        .reply(Response(.ok, body: .bytes(Array("\(peer.address)".utf8))))
    }

    func body(_ head: borrowing RequestHead, _ body: Span<UInt8>, peer: Peer, _ responder: Responder) {}

    func rejected(_ rejection: Rejection, peer: Peer) {}
}
