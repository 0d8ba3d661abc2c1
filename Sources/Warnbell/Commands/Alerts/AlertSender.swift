import FoundationEssentials
import HTTPClient

/// Posts alerts to a receiver, one request each over one connection.
struct AlertSender {
    /// What the receiver made of an alert.
    enum Outcome {
        case accepted
        case duplicate
        /// The receiver's status and reason.
        case refused(String)

        var name: String {
            switch self {
            case .accepted: "accepted"
            case .duplicate: "duplicate"
            case .refused: "refused"
            }
        }
    }

    /// The receiver does not let us in: another alert would fare no better.
    struct Denied: Error, CustomStringConvertible {
        let status: Int
        let reason: String

        var description: String {
            """
            the receiver answered \(status): \(reason) Give one of its auth.tokens that has the scope alerts, \
            in \(SendCommand.tokenVariable) or --token.
            """
        }
    }

    private struct Summary: Decodable {
        let accepted: Int
    }

    private struct Problem: Decodable {
        let title: String
        let detail: String?
    }

    private static let timeout = Duration.seconds(30)

    private let client: HTTPClient
    private let url: String
    private let headers: [(String, String)]

    /// - Parameter token: what the receiver is shown; nil for nothing.
    init(url: String, token: String?) {
        var configuration = HTTPClient.Configuration()
        configuration.userAgent = "warnbell/\(Version.current)"
        client = HTTPClient(configuration)
        self.url = url
        headers = [("Content-Type", "application/json")] + (token.map { [("Authorization", "Bearer \($0)")] } ?? [])
    }

    /// Posts one alert. Throws when the receiver can't be reached or answers in no known way.
    func send(_ alert: [UInt8]) async throws -> Outcome {
        let response = try await client.send(
            HTTPClient.Request(
                method: "POST", url: url, headers: headers, body: alert,
                timeout: Self.timeout))
        let body = Data(response.body)
        if response.status == 202 {
            return try JSONDecoder().decode(Summary.self, from: body).accepted > 0 ? .accepted : .duplicate
        }
        // What is no problem document comes from something else than a receiver: its status says enough.
        let problem = try? JSONDecoder().decode(Problem.self, from: body)
        let reason = problem.map { $0.detail ?? $0.title } ?? "not a receiver's answer"
        if [401, 403].contains(response.status) { throw Denied(status: response.status, reason: reason) }
        return .refused("\(response.status) \(reason)")
    }

    func close() { client.close() }
}
