import HTTPClient
import JSON

/// Speaks to a cluster: requests with credentials out, JSON in, errors told apart.
struct Cluster: Sendable {
    private let client: HTTPClient
    private let url: String
    private let authorization: ElasticsearchAuthorization

    init(_ configuration: ElasticsearchSource.Configuration) {
        var settings = HTTPClient.Configuration()
        settings.caFile = configuration.caFile
        client = HTTPClient(settings)
        url = configuration.url.hasSuffix("/") ? String(configuration.url.dropLast()) : configuration.url
        authorization = configuration.authorization
    }

    /// Sends a request, a POST where it has a body, and reads the answer.
    ///
    /// `action` is what a person knows the request by: `_msearch`. The path begins with a slash.
    ///
    /// - Throws: ``ElasticsearchError``, or `CancellationError` when the task was cancelled.
    func ask(
        _ action: String, _ path: String, body: [UInt8] = [], within timeout: Duration
    ) async throws -> JSONDocument {
        var headers = [("Accept", "application/json")]
        if !body.isEmpty {
            // Also for lines of JSON: OpenSearch refuses the vendor types, and both take this one.
            headers.append(("Content-Type", "application/json"))
        }
        if let field = authorization.field { headers.append(("Authorization", field)) }
        let request = HTTPClient.Request(
            method: body.isEmpty ? "GET" : "POST", url: url + path, headers: headers, body: body, timeout: timeout)
        let response: HTTPClient.Response
        do {
            response = try await client.send(request)
        } catch .cancelled {
            throw CancellationError()
        } catch .timedOut(let origin, let limit, isConnected: true) {
            throw ElasticsearchError.slow("no answer from \(origin) within \(limit)")
        } catch {
            throw ElasticsearchError.unreachable("\(error)")
        }
        guard response.status == 200, let document = try? JSONDocument(response.body, limits: Self.limits) else {
            throw ElasticsearchError(response, action: action)
        }
        return document
    }

    /// A page of a thousand groups has some 60,000 values.
    private static let limits = JSONLimits(depth: 64, nodes: 4_000_000)

    /// Index names and patterns as one part of a path.
    static func pathPart(_ indices: [String]) -> String {
        indices.map(percentEncoded).joined(separator: ",")
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "*"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
    }
}
