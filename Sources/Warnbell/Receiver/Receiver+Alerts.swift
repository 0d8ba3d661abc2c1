import HTTPServer
import Timestamps
import Wazuh

// The body of a request with alerts: whose it is, where the head did not tell, and what becomes of it.
extension Receiver {
    func body(_ head: borrowing RequestHead, _ body: Span<UInt8>, peer: Peer, _ responder: Responder) {
        renewAccess()
        // Rules that changed since the head came hold for this request too.
        var verdict =
            access.verdict(noted: head.note) ?? access.rules.verdict(on: head, from: peer, for: .alerts, at: .now())
        var message: Fingerprint?
        if case .bodyDecides(isSigned: true) = verdict {
            (verdict, message) = access.rules.verdict(onSignatureOf: head, body, at: .now())
        }
        if case .refused(let refusal, let caller) = verdict {
            return responder.complete(deny(refusal, caller, peer))
        }
        let decoded = decode(body)
        if case .bodyDecides = verdict { verdict = access.rules.verdict(onTokenInBody: tokenInBody) }
        switch verdict {
        case .granted(let caller):
            take(decoded, from: caller, message, peer, responder)
        case .refused(let refusal, let caller):
            responder.complete(deny(refusal, caller, peer))
        case .bodyDecides:
            responder.complete(deny(.noCredential, nil, peer))
        }
    }

    /// Takes what was decoded, as fast as its sender may post.
    ///
    /// - Parameter message: what the request is known by, if that was signed.
    private func take(
        _ decoded: Result<DecodedBody, DecodeError>, from caller: Int, _ message: Fingerprint?, _ peer: Peer,
        _ responder: Responder
    ) {
        var reply = Intake.Reply(responder: responder, peer: peer)
        switch access.admit(caller, at: .now) {
        case .now: break
        case .at(let moment): reply.notBefore = moment
        case .refused(let seconds):
            var response = deny(.rate, caller, peer)
            response.fields.append(Response.Field("Retry-After", "\(seconds)"))
            return responder.complete(response)
        }
        access.count(caller)
        switch decoded {
        case .failure(let error):
            let response = Answers.undecodable(error)
            services.report(.undecodable(error, response.status, peer))
            services.intake.answer(response, reply)
        case .success(let decoded):
            if let message {
                if services.access.wasAccepted(message) { return services.intake.repeated(decoded, reply) }
                reply.whenStored = { [access = services.access] in access.accepted(message) }
            }
            services.intake.take(decoded, reply)
        }
    }
}
