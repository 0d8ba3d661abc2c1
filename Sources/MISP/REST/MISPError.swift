/// Why a call to MISP did not do what it was asked to.
///
/// MISP's status codes say little (a 403 has six meanings), so cases follow from what the body says.
package enum MISPError: Error, Sendable, Equatable {
    /// The key is wrong, expired, disabled, or not allowed from this address.
    case authentication(String)
    /// The key's role lacks a right.
    case permission(String)
    /// Nothing can be sent as things are set up: URL, certificate, `ca_file`.
    case misconfigured(String)
    /// The event was deleted on the server and must not come back, or a rule of the server blocks it.
    case blocked(String)
    /// MISP names fields that it does not accept, with its reasons.
    case invalid(fields: [String: [String]])
    /// The event or attribute on the server is as new as the one sent; nothing was taken.
    case notNewer
    /// `events/add` for an event that is there.
    case alreadyExists
    /// There is no such event, or another organisation's.
    case unknownEvent
    /// There is no such attribute, or somebody deleted it.
    case unknownAttribute
    /// An event with this UUID is there, and the key's organisation may not change it.
    case foreignEvent
    /// No MISP answers: no connection, a proxy's page, maintenance, an internal error.
    case unavailable(String, retryAfter: Duration? = nil)
    /// Too many searches; the limit starts anew after this time.
    case rateLimited(reset: Duration?)
    /// The web server in front of MISP does not take a request of this size.
    case tooLarge
    /// An answer that has no known meaning.
    case unexpected(String)
}

extension MISPError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .authentication(let text): "MISP does not accept the key: \(text)"
        case .permission(let text): "the key's role lacks a right: \(text)"
        case .misconfigured(let text), .unavailable(let text, _), .unexpected(let text): text
        case .blocked(let text): "MISP blocks the event: \(text)"
        case .invalid(let fields):
            "MISP refuses "
                + fields.sorted { $0.key < $1.key }.map { "\($0): \($1.joined(separator: ", "))" }
                .joined(separator: "; ")
        case .notNewer: "what is in MISP is newer"
        case .alreadyExists: "the event is in MISP already"
        case .unknownEvent: "MISP does not know the event"
        case .unknownAttribute: "MISP does not know the attribute"
        case .foreignEvent: "an event with this UUID is in MISP, and the key's organisation may not change it"
        case .rateLimited: "MISP's rate limit is reached"
        case .tooLarge: "the web server before MISP refuses requests of this size (client_max_body_size)"
        }
    }
}
