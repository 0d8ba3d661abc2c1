/// Why the server itself refused a request; the raw value serves as a label of metrics.
package enum Rejection: String, Error, CaseIterable, Sendable {
    case requestLine = "request_line"
    case target
    case unsupportedVersion = "unsupported_version"
    case unknownMethod = "unknown_method"
    case bareLineFeed = "bare_line_feed"
    case fieldName = "field_name"
    case fieldValue = "field_value"
    case foldedField = "folded_field"
    case host
    case missingHost = "missing_host"
    case repeatedHost = "repeated_host"
    case contentLength = "content_length"
    case conflictingLengths = "conflicting_lengths"
    case transferEncoding = "transfer_encoding"
    case unknownCoding = "unknown_coding"
    case unknownExpectation = "unknown_expectation"
    case chunk
    case trailer
    case targetTooLong = "target_too_long"
    case headTooLarge = "head_too_large"
    case fieldTooLarge = "field_too_large"
    case tooManyFields = "too_many_fields"
    case bodyTooLarge = "body_too_large"
    case chunkExtensionsTooLarge = "chunk_extensions_too_large"
    case incomplete
    case headTimeout = "head_timeout"
    case bodyTimeout = "body_timeout"
    case replyTimeout = "reply_timeout"
    case bodyMemory = "body_memory"
    case connections
    case connectionsPerAddress = "connections_per_address"
    case addressNotAllowed = "address_not_allowed"
    case plainHTTP = "plain_http"
    case tlsVersion = "tls_version"
    case tlsCiphers = "tls_ciphers"
    case tlsProtocol = "tls_protocol"
    case clientCertificate = "client_certificate"
    case certificateNotTrusted = "certificate_not_trusted"
    case tlsHandshake = "tls_handshake"
    case handshakeTimeout = "handshake_timeout"

    package var status: Status {
        switch self {
        case .unsupportedVersion: .versionNotSupported
        case .unknownMethod, .unknownCoding: .notImplemented
        case .unknownExpectation: .expectationFailed
        case .targetTooLong: .targetTooLong
        case .headTooLarge, .fieldTooLarge, .tooManyFields: .headerFieldsTooLarge
        case .bodyTooLarge, .chunkExtensionsTooLarge: .contentTooLarge
        case .headTimeout, .bodyTimeout: .requestTimeout
        case .replyTimeout, .bodyMemory, .connections: .serviceUnavailable
        case .connectionsPerAddress: .tooManyRequests
        case .addressNotAllowed: .forbidden
        default: .badRequest
        }
    }

    /// What was expected, for the peer to read (of a TLS handshake: for the log); never what it sent.
    package var detail: String {
        switch self {
        case .requestLine: "The request line must be a method, a target and an HTTP version, parted by single spaces."
        case .target: "The request target is not one that RFC 9112 section 3.2 allows for this method."
        case .unsupportedVersion: "This server speaks HTTP/1.0 and HTTP/1.1."
        case .unknownMethod: "The method is not implemented."
        case .bareLineFeed: "A line must end with CRLF."
        case .fieldName: "A header field must be a name, a colon right after it, and a value."
        case .fieldValue: "A header field value must not hold control characters."
        case .foldedField: "A line of the header must not begin with white space."
        case .host: "Host must be a host name or address and at most a port."
        case .missingHost: "An HTTP/1.1 request must have a Host field."
        case .repeatedHost: "A request must have one Host field only."
        case .contentLength: "Content-Length must be one decimal number."
        case .conflictingLengths: "A request must have either Content-Length or Transfer-Encoding."
        case .transferEncoding: "Transfer-Encoding must end with chunked, once, and needs HTTP/1.1."
        case .unknownCoding: "The only transfer coding that is implemented is chunked."
        case .unknownExpectation: "The only expectation that can be met is 100-continue."
        case .chunk: "The chunked body breaks the grammar of RFC 9112 section 7.1."
        case .trailer: "The trailer section holds a malformed field or one that is not allowed there."
        case .targetTooLong: "The request target is too long."
        case .headTooLarge: "The header section is too large."
        case .fieldTooLarge: "A header field is too large."
        case .tooManyFields: "The request has too many header fields."
        case .bodyTooLarge: "The body is too large."
        case .chunkExtensionsTooLarge: "The chunk extensions are too large."
        case .incomplete: "The connection ended before the request was complete."
        case .headTimeout: "The header section did not arrive in time."
        case .bodyTimeout: "The body did not arrive in time."
        case .replyTimeout: "The request could not be answered in time."
        case .bodyMemory: "Too many bodies are arriving at once."
        case .connections: "Too many connections are open."
        case .connectionsPerAddress: "Too many connections from this address are open."
        case .addressNotAllowed: "This address may not connect here."
        case .plainHTTP: "This port speaks HTTPS: the URL must begin with https://."
        case .tlsVersion: "TLS must be version 1.2 or 1.3."
        case .tlsCiphers: "The peer offers no cipher suite, group or signature algorithm that is good enough."
        case .tlsProtocol: "The peer names protocols for TLS to carry, but not http/1.1."
        case .clientCertificate: "The client's certificate is not of the authority that is trusted, or not valid now."
        case .certificateNotTrusted: "The client does not trust the server's certificate."
        case .tlsHandshake: "The TLS handshake failed."
        case .handshakeTimeout: "The TLS handshake was not done in time."
        }
    }

    /// The answer that says so; the connection is closed with it.
    var response: Response {
        var response = Response.problem(status, detail: detail)
        response.closesConnection = true
        if status == .serviceUnavailable || status == .tooManyRequests {
            response.fields.append(Response.Field("Retry-After", "1"))
        }
        return response
    }
}
