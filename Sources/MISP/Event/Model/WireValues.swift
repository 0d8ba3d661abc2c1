package import FoundationEssentials
package import Timestamps

/// A UUID as MISP writes it, in lower case.
package struct WireUUID: Sendable, Hashable, Codable {
    package let uuid: UUID

    package init(_ uuid: UUID) {
        self.uuid = uuid
    }

    package init(from decoder: any Decoder) throws {
        uuid = try decoder.singleValueContainer().decode(UUID.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(uuid.lowercase)
    }
}

/// A moment as MISP writes `timestamp`: whole seconds since 1970, as a string.
package struct WireSeconds: Sendable, Hashable, Codable {
    package let seconds: Int64

    package init(seconds: Int64) {
        self.seconds = seconds
    }

    package init(_ moment: Timestamp) {
        seconds = moment.seconds
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let seconds = Int64(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected seconds since 1970, got \(text)")
        }
        self.seconds = seconds
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(String(seconds))
    }
}

/// A moment as MISP writes `first_seen`: ISO 8601 with an offset, `2026-11-20T08:00:00.050+00:00`.
package struct WireMoment: Sendable, Hashable, Codable {
    package let moment: Timestamp

    package init(_ moment: Timestamp) {
        self.moment = moment
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected a time with its zone, got \(text)")
        }
        self.moment = moment
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(moment.iso8601.dropLast() + "+00:00")
    }
}
