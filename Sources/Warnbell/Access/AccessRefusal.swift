import HTTPServer

/// Why a request was turned away at the door; the raw value serves as a label of metrics.
enum AccessRefusal: String, CaseIterable, Sendable {
    case noCredential = "no_credential"
    case unknownCredential = "unknown_credential"
    /// Known, but not for this.
    case scope
    case signature
    case signatureAge = "signature_age"
    /// The address for which a trusted proxy forwards.
    case forwardedAddress = "forwarded_address"
    case rate

    var status: Status {
        switch self {
        case .noCredential, .unknownCredential, .signature, .signatureAge: .unauthorized
        case .scope, .forwardedAddress: .forbidden
        case .rate: .tooManyRequests
        }
    }

    /// What was expected; never what came.
    private var detail: String {
        switch self {
        case .noCredential:
            """
            A credential is needed: Authorization (Bearer or Basic), X-API-Key, warnbell_token in the body, a signed \
            webhook, or a client certificate.
            """
        case .unknownCredential: "The credential is none that is known here."
        case .scope: "The credential is known, but not good for this: its scopes do not include what was asked for."
        case .signature:
            """
            The signature is of no secret that is known here: expected webhook-id, webhook-timestamp and \
            webhook-signature with v1 as Standard Webhooks has them, or X-Hub-Signature-256 with sha256=.
            """
        case .signatureAge:
            "webhook-timestamp is more than \(StandardWebhook.tolerance) seconds away from the time here."
        case .forwardedAddress: "This address may not connect here."
        case .rate: "There are too many requests with this credential."
        }
    }

    /// The answer that says so. Who may try other credentials is told of which kind (RFC 9110 section 11.6.1).
    var response: Response { Self.responses[self] ?? .problem(status, detail: detail) }

    private static let responses = Dictionary(
        uniqueKeysWithValues: allCases.map { refusal in
            var response = Response.problem(refusal.status, detail: refusal.detail)
            if refusal.status == .unauthorized {
                // RFC 6750 section 3.1: no error code where there was no token at all.
                let error = refusal == .unknownCredential ? #", error="invalid_token""# : ""
                response.fields = [
                    Response.Field("WWW-Authenticate", #"Bearer realm="warnbell"\#(error)"#),
                    Response.Field("WWW-Authenticate", #"Basic realm="warnbell", charset="UTF-8""#),
                ]
            }
            return (refusal, response)
        })
}
