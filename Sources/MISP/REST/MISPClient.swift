import FoundationEssentials
package import HTTPClient

/// Calls MISP's REST API. Each call is one request, and every error says what MISP meant.
package struct MISPClient: Sendable {
    package let configuration: Configuration
    private let http: HTTPClient

    package init(_ configuration: Configuration, http: HTTPClient) {
        self.configuration = configuration
        self.http = http
    }

    package struct Configuration: Sendable {
        /// The server's base URL, with the path that MISP lives under if it is not the root.
        package var url: String
        package var key: MISPKey

        /// For a whole call. MISP needs about 2 ms for each attribute, many times that when it is busy.
        package var timeout = Duration.seconds(90)

        /// Whether bodies go out as gzip; MISP says in ``ServerVersion`` whether it reads them.
        package var compressesRequests = false

        package init(url: String, key: MISPKey) {
            self.url = url
            self.key = key
        }
    }

    /// The same client, sending gzip or not.
    func compressing(_ compressesRequests: Bool) -> MISPClient {
        var configuration = configuration
        configuration.compressesRequests = compressesRequests
        return MISPClient(configuration, http: http)
    }

    func get<Answer: Decodable>(_ path: String, as type: Answer.Type) async throws(MISPError) -> Answer {
        try decode(type, from: try await send("GET", path, body: []), of: path)
    }

    func post<Answer: Decodable>(
        _ path: String, _ body: some Encodable, as type: Answer.Type
    ) async throws(MISPError) -> Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let bytes: [UInt8]
        do {
            bytes = Array(try encoder.encode(body))
        } catch {
            throw .unexpected("a request to \(path) cannot be written as JSON: \(error)")
        }
        return try decode(type, from: try await send("POST", path, body: bytes), of: path)
    }

    /// A request without a body.
    func post<Answer: Decodable>(_ path: String, as type: Answer.Type) async throws(MISPError) -> Answer {
        try decode(type, from: try await send("POST", path, body: []), of: path)
    }

    /// The body of a successful answer.
    private func send(_ method: String, _ path: String, body: [UInt8]) async throws(MISPError) -> [UInt8] {
        let response: HTTPClient.Response
        do throws(HTTPClientError) {
            response = try await exchange(method, path, body: body)
        } catch {
            throw MISPError(error)
        }
        return try self.body(of: response)
    }

    /// The answer to a request, whatever it is.
    func exchange(
        _ method: String, _ path: String, body: [UInt8] = [], tellsCertificate: Bool = false
    ) async throws(HTTPClientError) -> HTTPClient.Response {
        var headers = [("Authorization", configuration.key.authorization), ("Accept", "application/json")]
        if method == "POST" { headers.append(("Content-Type", "application/json")) }
        let request = HTTPClient.Request(
            method: method, url: configuration.url.trimmingSlashes + path, headers: headers, body: body,
            timeout: configuration.timeout, isCompressed: configuration.compressesRequests,
            tellsCertificate: tellsCertificate)
        return try await http.send(request)
    }

    /// The body of an answer that is a success.
    func body(of response: HTTPClient.Response) throws(MISPError) -> [UInt8] {
        guard (200..<300).contains(response.status) else { throw MISPError(response, hiding: configuration.key) }
        return response.body
    }

    func decode<Answer: Decodable>(
        _ type: Answer.Type, from body: [UInt8], of path: String
    ) throws(MISPError) -> Answer {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            let start = body.first { $0 > 32 }
            guard start == UInt8(ascii: "{") || start == UInt8(ascii: "[") else {
                throw .unavailable("what answers \(path) with no JSON is not MISP")
            }
            throw .unexpected("MISP's answer to \(path) is not understood")
        }
    }
}

extension String {
    fileprivate var trimmingSlashes: String {
        var text = self
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }
}
