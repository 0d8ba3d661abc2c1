import FoundationEssentials

/// An event in MISP's core format, as it is sent to `/events/add` and `/events/edit`, and as a feed's file holds it.
///
/// Numbers are strings where MISP's own exports have strings. What is nil is left out. For REST there is no
/// `timestamp`: an edit that carries one is taken only if it is newer than the server's.
package struct MISPEvent: Sendable, Equatable, Codable {
    package var uuid: WireUUID
    package var info: String
    /// The day of the first alert: `2026-11-20`.
    package var date: String
    package var threatLevel: ThreatLevel
    package var analysis: Analysis
    package var distribution: Distribution
    package var sharingGroup: String?
    package var tags: [Tag]
    package var attributes: [Attribute]
    package var objects: [Object]
    package var reports: [EventReport]

    // What only a feed's file has.
    package var timestamp: WireSeconds?
    package var publishTimestamp: WireSeconds?
    package var published: Bool?
    package var extends: String?
    package var protected: Bool?
    package var creator: Creator?

    package enum ThreatLevel: String, Sendable, Codable {
        case high = "1"
        case medium = "2"
        case low = "3"
        case undefined = "4"
    }

    package enum Analysis: String, Sendable, Codable {
        case initial = "0"
        case ongoing = "1"
        case completed = "2"
    }

    /// MISP's `Orgc`: the organisation that made the event.
    package struct Creator: Sendable, Equatable, Codable {
        package let name: String
        package let uuid: WireUUID

        package init(_ organisation: Organisation) {
            name = organisation.name
            uuid = WireUUID(organisation.uuid)
        }
    }

    enum CodingKeys: String, CodingKey {
        case uuid, info, date, analysis, distribution, timestamp, published, protected
        case threatLevel = "threat_level_id"
        case sharingGroup = "sharing_group_id"
        case publishTimestamp = "publish_timestamp"
        case extends = "extends_uuid"
        case creator = "Orgc"
        case tags = "Tag"
        case attributes = "Attribute"
        case objects = "Object"
        case reports = "EventReport"
    }
}

/// The envelope that MISP puts around an event: `{"Event": {...}}`.
package struct EventDocument: Sendable, Equatable, Codable {
    package var event: MISPEvent

    package init(_ event: MISPEvent) {
        self.event = event
    }

    package init(body: [UInt8]) throws {
        self = try JSONDecoder().decode(EventDocument.self, from: Data(body))
    }

    /// JSON with sorted keys: the same event always gives the same bytes.
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    enum CodingKeys: String, CodingKey { case event = "Event" }
}
