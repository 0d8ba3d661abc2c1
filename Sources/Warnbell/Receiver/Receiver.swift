import HTTPServer
import Timestamps
import Wazuh

/// Answers the requests of one event loop: alerts in, health, metrics and the feed out.
///
/// Alerts are answered with `202` as soon as the journal has them, and never with an error that one would hope to be
/// retried: Wazuh 4.x tries once and shows nobody what we answered.
final class Receiver: RequestHandler {
    /// What all event loops share.
    struct Services: Sendable {
        let access: AccessControl
        let intake: Intake
        let health: Health
        let metricsPage: @Sendable () -> [UInt8]
        /// Where the feed lies; nil when there is none.
        let feedDirectory: String?
        /// Bytes of a body.
        let bodyLimit: Int
        let report: @Sendable (ReceiverEvent) -> Void
    }

    let services: Services
    private var decoder = AlertDecoder()

    /// The rules of access as this loop knows them.
    private(set) var access: AccessTerm

    init(services: Services) {
        self.services = services
        access = services.access.term(after: nil)
    }

    func head(_ head: borrowing RequestHead, peer: Peer) -> HeadDecision {
        renewAccess()
        if access.rules.refusesForwarding(head, by: peer) { return .reply(deny(.forwardedAddress, nil, peer)) }
        let route = Route(head)
        if let allowed = route.allowedMethods {
            if head.method == .options { return .reply(Answers.options(allowed)) }
            guard route.allows(head.method) else { return refuse(Answers.methodNotAllowed(allowed), peer) }
        }
        guard let scope = route.scope else { return answer(head, route, peer) }
        let verdict = access.rules.verdict(on: head, from: peer, for: scope, at: .now())
        if case .refused(let refusal, let caller) = verdict { return .reply(deny(refusal, caller, peer)) }
        if route == .alerts {
            guard MediaType.isJSON(head) else { return refuse(Answers.notJSON, peer) }
            return .read(bodyLimit: services.bodyLimit, note: access.note(verdict))
        }
        if case .granted(let caller) = verdict { access.count(caller) }
        return answer(head, route, peer)
    }

    /// The answer to a request that may be made and has no use for a body.
    private func answer(_ head: borrowing RequestHead, _ route: Route, _ peer: Peer) -> HeadDecision {
        switch route {
        case .health(let probe): return .reply(services.health.response(to: probe))
        case .metrics:
            let page = Response.Body.bytes(services.metricsPage())
            return .reply(Response(.ok, contentType: PrometheusText.contentType, body: page))
        case .feed(let file): return .reply(feed(file))
        case .description: return .reply(Answers.description)
        case .alerts, .unknown: return refuse(Answers.notFound, peer)
        }
    }

    /// Takes over the rules of access that are in force.
    func renewAccess() {
        access = services.access.term(after: access)
    }

    /// Reads a body. Whether it may be used, its sender's token decides, if nothing else has.
    func decode(_ body: Span<UInt8>) -> Result<DecodedBody, DecodeError> {
        do {
            return .success(try decoder.decode(body))
        } catch {
            return .failure(error)
        }
    }

    /// The token in the body that was decoded last.
    var tokenInBody: String? { decoder.token }

    func rejected(_ rejection: Rejection, peer: Peer) {
        services.report(.rejected(rejection, peer))
    }

    /// Turns the request away at the door; `caller` where it is known who came.
    func deny(_ refusal: AccessRefusal, _ caller: Int?, _ peer: Peer) -> Response {
        services.report(.denied(refusal, caller.map { access.rules.principals[$0].name }, peer))
        return refusal.response
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
    /// Whoever came may not do this; the name where it is known.
    case denied(AccessRefusal, String?, Peer)
    /// The body holds no alerts.
    case undecodable(DecodeError, Status, Peer)
}
