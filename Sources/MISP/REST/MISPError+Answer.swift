import FoundationEssentials
import HTTPClient

extension MISPError {
    /// What an answer means that is no success.
    init(_ response: HTTPClient.Response, hiding key: MISPKey) {
        let retryAfter = Self.wait(response.headers["Retry-After"])
        switch response.status {
        case 300..<400:
            self = .unavailable(
                "MISP answers with a redirect (\(response.status)): is it live (MISP.live), and is the URL its own?")
        case 413: self = .tooLarge
        case 429:
            self = .rateLimited(reset: Self.wait(response.headers["X-Rate-Limit-Reset"]) ?? retryAfter)
        case 500...:
            self = .unavailable("MISP answers with status \(response.status)", retryAfter: retryAfter)
        default:
            guard let refusal = Refusal(response.body) else {
                self = .unavailable(
                    "what answers with status \(response.status) and no JSON is not MISP", retryAfter: retryAfter)
                return
            }
            self = Self.meaning(of: refusal, status: response.status, hiding: key)
        }
    }

    /// So many seconds, but no more than an hour: whatever a server or a proxy says, it is asked again some day.
    private static func wait(_ field: String?) -> Duration? {
        field.flatMap { Int64($0) }.map { .seconds(min(max(0, $0), 3600)) }
    }

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
        guard let errors = refusal.errors else { return .unexpected("MISP answers with status \(status): \(text)") }
        let fields = errors.byField(hiding: key)
        if fields.values.joined().contains(where: { $0.contains("not newer than the local copy") }) {
            return .notNewer
        }
        // A deleted event is also reported as a refusal that gives no reason.
        return fields.isEmpty ? .blocked("\(text), without a reason") : .invalid(fields: fields)
    }
}

/// The body of an answer that is no success: CakePHP's exception, or MISP's "not saved".
private struct Refusal: Decodable {
    private let name: String?
    private let message: String?
    let errors: Reasons?

    /// Nil when the body is no JSON object.
    init?(_ body: [UInt8]) {
        guard let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(body)) else { return nil }
        self = refusal
    }

    func text(hiding key: MISPKey) -> String { (name ?? message ?? "no reason given").quoted(hiding: key) }
}
