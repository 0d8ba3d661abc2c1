package import Wazuh

/// The attribute types that Warnbell writes, out of MISP's `describeTypes`.
package enum AttributeType: String, Sendable, Codable, Hashable {
    case ipSource = "ip-src"
    case ipDestination = "ip-dst"
    case url
    case uri
    case domain
    case userAgent = "user-agent"
    case md5
    case sha1
    case sha256
    case targetMachine = "target-machine"
    case targetUser = "target-user"
    case httpMethod = "http-method"
    case autonomousSystem = "AS"
    case port
    case text
    case datetime
    case counter
    case sizeInBytes = "size-in-bytes"
    case integer

    package init(_ algorithm: Alert.FileHash.Algorithm) {
        switch algorithm {
        case .md5: self = .md5
        case .sha1: self = .sha1
        case .sha256: self = .sha256
        }
    }

    /// The one category that Warnbell files the type under.
    package var category: Category {
        switch self {
        case .ipSource, .ipDestination, .url, .uri, .domain, .userAgent, .port, .httpMethod,
            .autonomousSystem:
            .networkActivity
        case .md5, .sha1, .sha256: .payloadDelivery
        case .targetMachine, .targetUser: .targetingData
        case .text, .datetime, .counter, .sizeInBytes, .integer: .other
        }
    }

    package enum Category: String, Sendable, Codable {
        case networkActivity = "Network activity"
        case payloadDelivery = "Payload delivery"
        case targetingData = "Targeting data"
        case other = "Other"
    }
}
