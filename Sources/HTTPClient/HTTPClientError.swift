/// Why there is no answer. No text names more of the request than its scheme, host and port.
package enum HTTPClientError: Error, Sendable, Equatable {
    /// The request cannot be sent as it is.
    case invalidRequest(String)
    case cannotResolve(host: String)
    /// No connection: refused, no route, no proxy.
    case cannotConnect(origin: String, reason: String)
    /// The peer's certificate, name or protocol does not satisfy us.
    case untrusted(origin: String, reason: String)
    /// The certificate is for another name.
    case wrongName(origin: String, reason: String)
    /// The peer's public key is not the pinned one.
    case wrongPin(origin: String)
    /// ``HTTPClient/Configuration/caFile`` cannot be used.
    case unreadableAuthorities(file: String)
    case timedOut(origin: String, after: Duration, isConnected: Bool)
    case tooLarge(origin: String, limit: Int)
    /// The connection ended, or what came is no HTTP.
    case connectionLost(origin: String, reason: String)
    /// The task was cancelled.
    case cancelled
    /// The client was closed.
    case closed
    case failed(origin: String, reason: String)
}

extension HTTPClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidRequest(let reason): reason
        case .cannotResolve(let host): "the name \(host) cannot be resolved"
        case .cannotConnect(let origin, let reason): "no connection to \(origin): \(reason)"
        case .untrusted(let origin, let reason):
            "the certificate of \(origin) is not trusted: \(reason); "
                + "if a private authority signed it, name that authority's certificate in ca_file"
        case .wrongName(let origin, let reason):
            "the certificate of \(origin) is for another name: \(reason)"
        case .wrongPin(let origin):
            "the public key of \(origin) is not the pinned one: it was changed, or another server answers in its place"
        case .unreadableAuthorities(let file): "no certificate can be read from ca_file \(file)"
        case .timedOut(let origin, let limit, isConnected: true): "no answer from \(origin) within \(limit)"
        case .timedOut(let origin, let limit, isConnected: false): "no connection to \(origin) within \(limit)"
        case .tooLarge(let origin, let limit): "the answer of \(origin) is longer than \(limit) bytes"
        case .connectionLost(let origin, let reason): "the connection to \(origin) was lost: \(reason)"
        case .cancelled: "the request was cancelled"
        case .closed: "the HTTP client is closed"
        case .failed(let origin, let reason): "the request to \(origin) failed: \(reason)"
        }
    }
}
