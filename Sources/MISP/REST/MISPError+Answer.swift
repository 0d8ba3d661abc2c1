import FoundationEssentials
import HTTPClient
import Timestamps

extension MISPError {
    /// What an answer means that is no success.
    init(_ response: HTTPClient.Response, hiding key: MISPKey) {
        let retryAfter = Self.wait(response.headers)
        switch response.status {
        case 300..<400:
            self = .unavailable(
                "MISP answers with a redirect (\(response.status)): is it live (MISP.live), and is the URL its own?",
                retryAfter: retryAfter)
        case 401, 407:
            // MISP itself says 403.
            self = .authentication("a server before it wants other credentials (status \(response.status))")
        case 408, 425, 500...:
            self = .unavailable("MISP answers with status \(response.status)", retryAfter: retryAfter)
        case 413: self = .tooLarge
        case 429: self = .rateLimited(reset: retryAfter)
        default:
            guard let refusal = Refusal(response.body) else {
                self = .unavailable(
                    "an answer with status \(response.status) that is not MISP's", retryAfter: retryAfter)
                return
            }
            self = Self.meaning(of: refusal, status: response.status, hiding: key)
        }
    }

    /// How long the server, or a proxy before it, wants to be left alone: the longer one where it says two times.
    private static func wait(_ headers: HTTPClient.Headers) -> Duration? {
        let now = headers["Date"].flatMap { Timestamp.parse(httpDate: $0) } ?? .now()
        return ["Retry-After", "X-Rate-Limit-Reset"].compactMap { headers[$0].flatMap { wait($0, from: now) } }.max()
    }

    /// Until a date, or so many seconds; but no more than an hour, so that it is asked again some day whatever it says.
    private static func wait(_ field: String, from now: Timestamp) -> Duration? {
        if let moment = Timestamp.parse(httpDate: field) { return min(max(.zero, moment - now), longestWait) }
        let isNegative = field.hasPrefix("-")
        let digits = isNegative ? field.dropFirst() : field[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return isNegative ? .zero : min(.seconds(UInt32(digits) ?? .max), longestWait)
    }

    private static let longestWait = Duration.seconds(3600)

    private static let staleness = "not newer than the local copy"

    private static func meaning(of refusal: Refusal, status: Int, hiding key: MISPKey) -> MISPError {
        let text = refusal.text(hiding: key)
        if text.hasPrefix("Authentication failed") || text.contains("Auth key from your IP") {
            return .authentication(text)
        }
        if text.hasPrefix("You do not have permission") || text.hasPrefix("You don't have the permission") {
            return .permission(text)
        }
        if text.hasPrefix("Event blocked by") { return .blocked(text) }
        if text.hasPrefix("Event already exists") { return .alreadyExists }
        if text.hasPrefix("Invalid event") { return .unknownEvent }
        if text.hasPrefix("Invalid attribute") { return .unknownAttribute }
        if text.contains(staleness) { return .notNewer }
        guard let errors = refusal.errors else { return .unexpected("MISP answers with status \(status): \(text)") }
        let fields = errors.byField(hiding: key)
        if fields.values.joined().contains(where: { $0.contains(staleness) }) { return .notNewer }
        // A deleted event is also reported as a refusal that gives no reason.
        return fields.isEmpty ? .blocked("\(text), without a reason") : .invalid(fields: fields)
    }
}

/// The body of an answer that is no success: CakePHP's exception, or MISP's "not saved". Each has a name.
private struct Refusal: Decodable {
    private let name: String
    let errors: Reasons?

    /// Nil for what MISP would not say: a gateway's JSON must not have events thrown away.
    init?(_ body: [UInt8]) {
        guard let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(body)) else { return nil }
        self = refusal
    }

    func text(hiding key: MISPKey) -> String { name.quoted(hiding: key) }
}
