import Glibc
import HTTPClient
import HTTPServer
import IPAddresses

/// Looks whether a receiver could listen where it is to.
enum PortProbe {
    enum Finding {
        case free
        /// A receiver listens there already, this configuration's own most likely.
        case receiver
    }

    /// Takes the port for a moment.
    /// - Throws: ``ListenError`` when it can't be had.
    static func check(_ listen: Configuration.Listen) async throws -> Finding {
        do {
            _ = try HTTPServer(try HTTPServer.Configuration(listen)) { _ in Silence() }
            return .free
        } catch let error as ListenError {
            guard case .bind(_, _, EADDRINUSE) = error, await isReceiver(listen) else { throw error }
            return .receiver
        }
    }

    /// Asks without TLS: a receiver that speaks it says so.
    private static func isReceiver(_ listen: Configuration.Listen) async -> Bool {
        let client = HTTPClient(HTTPClient.Configuration())
        defer { client.close() }
        let request = HTTPClient.Request(
            method: "GET", url: "http://\(listen.host.urlHost):\(listen.port)/livez", timeout: .seconds(2))
        // Whoever gives no answer is no receiver.
        guard let answer = try? await client.send(request) else { return false }
        return answer.headers["Content-Type"] == "application/health+json"
            || String(decoding: answer.body, as: UTF8.self).contains(Rejection.plainHTTP.detail)
    }

    /// Handles no request: the server is never started.
    private final class Silence: RequestHandler {
        func head(_ head: borrowing RequestHead, peer: Peer) -> HeadDecision { .reply(Answers.notFound) }
        func body(_ head: borrowing RequestHead, _ body: Span<UInt8>, peer: Peer, _ responder: Responder) {}
        func rejected(_ rejection: Rejection, peer: Peer) {}
    }
}
