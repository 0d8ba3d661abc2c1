import FoundationEssentials
import Timestamps

/// The envelope of MISP's answers.
struct EventAnswer<Event: Decodable>: Decodable {
    let event: Event

    enum CodingKeys: String, CodingKey { case event = "Event" }
}

/// What MISP says of an event after it was sent, without its parts.
struct EventSummary: Sendable, Equatable, Decodable {
    /// Attributes that are not deleted, those in objects included; nil when the answer does not tell.
    let attributeCount: Int?
    let tags: [String]

    init(attributeCount: Int?, tags: [String]) {
        self.attributeCount = attributeCount
        self.tags = tags
    }

    private enum CodingKeys: String, CodingKey {
        case attributeCount = "attribute_count"
        case tags = "Tag"
    }

    private struct TagName: Decodable { let name: String }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        attributeCount = try container.decodeIfPresent(LooseNumber.self, forKey: .attributeCount)
            .flatMap { Int(exactly: $0.value) }
        tags = try container.decodeIfPresent([TagName].self, forKey: .tags)?.map(\.name) ?? []
    }

    /// Those of the tags that the event does not have. MISP tells tags apart without regard to case.
    func missing(_ tags: [Tag]) -> [String] {
        let present = Set(self.tags.map { $0.lowercased() })
        return tags.map(\.name).filter { !present.contains($0.lowercased()) }
    }
}

/// An event as MISP holds it: which parts, and how new those are that are compared by it.
struct StoredEvent: Sendable, Equatable, Decodable {
    let summary: EventSummary
    /// Attributes that are not deleted, those in objects included, with their times in seconds since 1970.
    let attributes: [UUID: Int64]
    let objects: [UUID: Int64]
    let reports: Set<UUID>

    /// When attributes outside objects were seen last, where the event says so.
    let lastSeen: [UUID: Timestamp]

    /// How many attributes it has, as MISP counts them.
    var count: Int { summary.attributeCount ?? attributes.count }

    private enum CodingKeys: String, CodingKey {
        case attributes = "Attribute"
        case objects = "Object"
        case reports = "EventReport"
    }

    private struct Part: Decodable {
        let uuid: UUID
        let timestamp: LooseNumber
        let lastSeen: String?
        let attributes: [Part]?

        enum CodingKeys: String, CodingKey {
            case uuid, timestamp
            case lastSeen = "last_seen"
            case attributes = "Attribute"
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func parts(_ key: CodingKeys) throws -> [Part] {
            try container.decodeIfPresent([Part].self, forKey: key) ?? []
        }
        func times(_ parts: [Part]) -> [UUID: Int64] {
            Dictionary(parts.map { ($0.uuid, $0.timestamp.value) }) { max($0, $1) }
        }
        summary = try EventSummary(from: decoder)
        let objects = try parts(.objects)
        self.objects = times(objects)
        let single = try parts(.attributes)
        attributes = times(single + objects.flatMap { $0.attributes ?? [] })
        lastSeen = Dictionary(
            single.compactMap { part in part.lastSeen.flatMap { Timestamp($0) }.map { (part.uuid, $0) } }
        ) { max($0, $1) }
        reports = Set(try parts(.reports).map(\.uuid))
    }
}
