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

    init(url: String) {
        var configuration = HTTPClient.Configuration()
        configuration.userAgent = "warnbell/\(Version.current)"
        client = HTTPClient(configuration)
        self.url = url
    }

    /// Posts one alert. Throws when the receiver can't be reached or answers in no known way.
    func send(_ alert: [UInt8]) async throws -> Outcome {
        let response = try await client.send(
            HTTPClient.Request(
                method: "POST", url: url, headers: [("Content-Type", "application/json")], body: alert,
                timeout: Self.timeout))
        let body = Data(response.body)
        if response.status == 202 {
            return try JSONDecoder().decode(Summary.self, from: body).accepted > 0 ? .accepted : .duplicate
        }
        // What is no problem document comes from something else than a receiver: its status says enough.
        let problem = try? JSONDecoder().decode(Problem.self, from: body)
        return .refused("\(response.status) \(problem.map { $0.detail ?? $0.title } ?? "not a receiver's answer")")
    }

    func close() { client.close() }
}
