import IPAddresses
import TestKit
import Testing

@testable import HTTPServer

/// What the event loop asks of a transport and may not assume, shown by one that behaves like TLS: it takes all bytes
/// off the socket at once, so that epoll has nothing more to tell, gives and takes them in small pieces, and wants to
/// write before it reads.
@Suite(.timeLimit(.minutes(2)))
struct TransportTests {
    @Test("Input that the transport holds back is read, and output that it takes in pieces is sent")
    func holding() async throws {
        let (port, loop) = try start()
        let client = try RawClient(port: port)
        let body = String(repeating: "0123456789", count: 5000)
        let request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        for _ in 0..<3 {
            try client.send(request + request)
            #expect(try client.answer().text == body)
            #expect(try client.answer().text == body)
        }
        try client.send("rubbish\r\n\r\n" + body)
        #expect(try client.answer().status == 400)
        #expect(try client.rest().isEmpty)
        await loop.stop(within: .zero)
    }

    private func start() throws -> (port: UInt16, loop: EventLoop) {
        let configuration = HTTPServer.Configuration(address: IPAddress(v4: 0x7f00_0001), port: 0)
        let listener = try Listener(configuration.address, port: 0, isFirst: true, isShared: false)
        let port = listener.port
        let loop = try EventLoop(
            0, listener: listener, configuration: configuration, shared: SharedState(configuration),
            handler: BodyEcho(), makeLink: { HoldingTransport($0) })
        loop.start()
        return (port, loop)
    }
}

/// Answers with the body that came.
private final class BodyEcho: RequestHandler {
    func head(_ head: borrowing RequestHead, peer: Peer) -> HeadDecision { .read(bodyLimit: 1_048_576) }

    func body(_ head: borrowing RequestHead, _ body: Span<UInt8>, peer: Peer, _ responder: Responder) {
        responder.complete(Response(.ok, body: .bytes(body.indices.map { body[$0] })))
    }

    func rejected(_ rejection: Rejection, peer: Peer) {}
}

private final class HoldingTransport: Transport {
    private let plain: PlainTransport
    private let held = Held()

    private final class Held {
        var bytes: [UInt8] = []
        var isWriteDue = false
        var isReadDue = false
    }

    init(_ socket: consuming Descriptor) {
        plain = PlainTransport(socket)
    }

    var descriptor: Int32 { plain.descriptor }

    var isEstablished: Bool { true }

    var certificate: ClientCertificate? { nil }

    func mayHoldInput(afterReading count: Int, of room: Int) -> Bool { true }

    func read(into buffer: inout MutableSpan<UInt8>) -> TransportResult {
        if held.bytes.isEmpty {
            held.isReadDue.toggle()
            guard held.isReadDue else { return .wantWrite }
            var taken = [UInt8](repeating: 0, count: 1 << 20)
            var span = taken.mutableSpan
            let result = plain.read(into: &span)
            guard case .bytes(let count) = result else { return result }
            held.bytes = Array(taken[..<count])
        }
        let count = min(held.bytes.count, buffer.count, 97)
        for index in 0..<count { buffer[index] = held.bytes[index] }
        held.bytes.removeFirst(count)
        return .bytes(count)
    }

    func write(_ bytes: Span<UInt8>) -> TransportResult {
        held.isWriteDue.toggle()
        return held.isWriteDue ? plain.write(bytes.extracting(0..<min(bytes.count, 9973))) : .wantWrite
    }

    func endWriting() { plain.endWriting() }
}
