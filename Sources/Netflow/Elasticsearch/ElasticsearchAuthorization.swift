import FoundationEssentials

/// How a request to Elasticsearch or OpenSearch says who it comes from.
package enum ElasticsearchAuthorization: Sendable, Equatable {
    case none
    case basic(user: String, password: String)

    /// Elasticsearch's API key: `id:key`, or the encoded form that Elasticsearch gives out.
    case apiKey(String)

    /// The value of the Authorization field.
    var field: String? {
        switch self {
        case .none: nil
        case .basic(let user, let password): "Basic \(Self.base64("\(user):\(password)"))"
        case .apiKey(let key): "ApiKey \(key.contains(":") ? Self.base64(key) : key)"
        }
    }

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }
}

extension ElasticsearchAuthorization: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The scheme, never the secret.
    package var description: String {
        switch self {
        case .none: "none"
        case .basic(let user, _): "basic (\(user))"
        case .apiKey: "API key"
        }
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
