import HTTPServer
import Wazuh

/// Answers the requests of one event loop: alerts in, health, metrics and the feed out.
///
/// Alerts are answered with `202` as soon as the journal has them, and never with an error that one would hope to be
/// retried: Wazuh 4.x tries once and shows nobody what we answered.
final class Receiver: RequestHandler {
    /// What all event loops share.
    struct Services: Sendable {
        let intake: Intake
        let health: Health
        let metricsPage: @Sendable () -> [UInt8]
        /// Where the feed lies; nil when there is none.
        let feedDirectory: String?
        /// Bytes of a body.
        let bodyLimit: Int
        let report: @Sendable (ReceiverEvent) -> Void
    }

    private let services: Services
    private var decoder = AlertDecoder()

    init(services: Services) {
        self.services = services
    }

    func head(_ head: borrowing RequestHead, peer: Peer) -> HeadDecision {
        let route = Route(head)
        if let allowed = route.allowedMethods {
            if head.method == .options { return .reply(Answers.options(allowed)) }
            guard route.allows(head.method) else { return refuse(Answers.methodNotAllowed(allowed), peer) }
        }
        switch route {
        case .alerts:
            guard MediaType.isJSON(head) else { return refuse(Answers.notJSON, peer) }
            return .read(bodyLimit: services.bodyLimit)
        case .health(let probe): return .reply(services.health.response(to: probe))
        case .metrics:
            let page = Response.Body.bytes(services.metricsPage())
            return .reply(Response(.ok, contentType: PrometheusText.contentType, body: page))
        case .feed(let file): return .reply(feed(file))
        case .description: return .reply(Answers.description)
        case .unknown: return refuse(Answers.notFound, peer)
        }
    }

    func body(_ head: borrowing RequestHead, _ body: Span<UInt8>, peer: Peer, _ responder: Responder) {
        do {
            services.intake.take(try decoder.decode(body), from: peer, responder)
        } catch {
            let response = Answers.undecodable(error)
            services.report(.undecodable(error, response.status, peer))
            responder.complete(response)
        }
    }

    func rejected(_ rejection: Rejection, peer: Peer) {
        services.report(.rejected(rejection, peer))
    }

    private func refuse(_ response: Response, _ peer: Peer) -> HeadDecision {
        services.report(.refused(response.status, peer))
        return .reply(response)
    }

    /// A file of the feed, or 404: the feed writes each by renaming, so an open one is whole.
    private func feed(_ file: FeedFile) -> Response {
        guard let directory = services.feedDirectory,
            let open = try? OpenFile(path: "\(directory)/\(file.name)")  // Whatever the reason, it can't be had.
        else { return Answers.noFeedFile }
        return Response(
            .ok, contentType: file.contentType, fields: [Response.Field("Cache-Control", "no-cache")],
            body: .file(open, length: open.size))
    }
}

/// What the receiver refused, for logs and metrics.
enum ReceiverEvent: Sendable {
    /// The server refused the request for how it was written.
    case rejected(Rejection, Peer)
    /// The request is well formed, but there is nothing for it here.
    case refused(Status, Peer)
    /// The body holds no alerts.
    case undecodable(DecodeError, Status, Peer)
}
