import HTTPServer
import IPAddresses
import Isolation
import TestKit

/// A server on a free port of the loopback interface, and what its handlers saw.
final class LiveServer: Sendable {
    typealias Head = @Sendable (borrowing RequestHead) -> HeadDecision
    typealias Body = @Sendable (borrowing RequestHead, Span<UInt8>, Responder) -> Void

    let server: HTTPServer
    private let address: String
    private let seen: Locked<Seen>.Box

    struct Seen: Sendable {
        var rejections: [Rejection] = []
        var loops: Set<Int> = []
        /// The names of the last certificate that a request came with.
        var certificateNames: [String]?
    }

    init(
        loops: Int = 1, limits: Limits = .patient, trustedProxies: IPBlockSet = IPBlockSet(),
        address: String = "127.0.0.1", port: UInt16 = 0, tls: TLSContext? = nil, isStarted: Bool = true,
        body: @escaping Body = LiveServer.echo, head: @escaping Head = { _ in .read(bodyLimit: 1_048_576) }
    ) throws {
        let seen = Locked<Seen>.Box(Seen())
        self.seen = seen
        self.address = address
        let configuration = HTTPServer.Configuration(
            address: IPAddress(address) ?? IPAddress(v4: 0x7f00_0001), port: port, loops: loops, limits: limits,
            trustedProxies: trustedProxies, tls: tls)
        server = try HTTPServer(configuration) { TestHandler(loop: $0, seen: seen, head: head, body: body) }
        if isStarted { server.start() }
    }

    /// Answers with method, path, query and body.
    static func echo(_ head: borrowing RequestHead, _ body: Span<UInt8>, _ responder: Responder) {
        var text = Array("\(head.method) \(head.path)\(head.query.map { "?" + $0 } ?? "") ".utf8)
        for index in body.indices { text.append(body[index]) }
        responder.complete(Response(.ok, contentType: "text/plain", body: .bytes(text)))
    }

    var port: UInt16 { server.port }

    var rejections: [Rejection] { seen.value.withLock { $0.rejections } }

    /// The loops that handled a request.
    var loops: Set<Int> { seen.value.withLock { $0.loops } }

    var certificateNames: [String]? { seen.value.withLock { $0.certificateNames } }

    func client(receiveBuffer: Int32? = nil, from source: String? = nil) throws -> RawClient {
        try RawClient(to: address, port: port, from: source, receiveBuffer: receiveBuffer)
    }

    func stop() async {
        await server.stop(within: .zero)
    }
}

extension Locked {
    /// A lock that several can hold on to.
    final class Box: Sendable {
        let value: Locked<Value>

        init(_ value: consuming sending Value) {
            self.value = Locked(value)
        }
    }
}

private final class TestHandler: RequestHandler {
    private let loop: Int
    private let seen: Locked<LiveServer.Seen>.Box
    private let onHead: LiveServer.Head
    private let onBody: LiveServer.Body

    init(
        loop: Int, seen: Locked<LiveServer.Seen>.Box, head: @escaping LiveServer.Head,
        body: @escaping LiveServer.Body
    ) {
        self.loop = loop
        self.seen = seen
        onHead = head
        onBody = body
    }

    func head(_ head: borrowing RequestHead, peer: Peer) -> HeadDecision {
        seen.value.withLock {
            $0.loops.insert(loop)
            $0.certificateNames = peer.certificate?.names
        }
        return onHead(head)
    }

    func body(_ head: borrowing RequestHead, _ body: Span<UInt8>, peer: Peer, _ responder: Responder) {
        onBody(head, body, responder)
    }

    func rejected(_ rejection: Rejection, peer: Peer) {
        seen.value.withLock { $0.rejections.append(rejection) }
    }
}

extension Limits {
    /// The defaults without haste: nothing that takes long on a busy machine is too late.
    static var patient: Limits {
        var limits = Limits()
        for timeout in [
            \Limits.handshakeTimeout, \.headTimeout, \.bodyIdleTimeout, \.bodyTimeout, \.keepAliveTimeout,
            \.writeTimeout, \.replyTimeout, \.lingerTimeout,
        ] { limits[keyPath: timeout] = .seconds(600) }
        return limits
    }
}
