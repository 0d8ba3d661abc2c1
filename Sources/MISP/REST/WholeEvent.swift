import FoundationEssentials
import Timestamps

/// An event as MISP holds it, with all that an edit must name of a part that it changes: MISP takes no attribute without
/// type and value, and what an analyst wrote is to be sent back as it is.
struct WholeEvent: Sendable, Decodable {
    let isPublished: Bool

    /// Whether it was ever published.
    let wasPublished: Bool

    /// Those outside objects.
    let attributes: [Part]
    let objects: [Whole]
    let reports: [Report]

    private enum CodingKeys: String, CodingKey {
        case published
        case publishTimestamp = "publish_timestamp"
        case attributes = "Attribute"
        case objects = "Object"
        case reports = "EventReport"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        isPublished = try container.decodeIfPresent(LooseFlag.self, forKey: .published)?.value ?? false
        let published = try container.decodeIfPresent(LooseNumber.self, forKey: .publishTimestamp)?.value
        wasPublished = isPublished || published.map { $0 > 0 } ?? true
        attributes = try container.decodeIfPresent([Part].self, forKey: .attributes) ?? []
        objects = try container.decodeIfPresent([Whole].self, forKey: .objects) ?? []
        reports = try container.decodeIfPresent([Report].self, forKey: .reports) ?? []
    }

    /// An attribute.
    struct Part: Sendable, Codable {
        let uuid: WireUUID
        let type: String
        let category: String
        let value: String
        let comment: String?
        let distribution: String?
        let sharingGroup: String?
        let disableCorrelation: LooseFlag?
        let firstSeen: String?
        let lastSeen: String?
        let relation: String?
        var toIDs: LooseFlag
        var timestamp: LooseNumber
        var deleted: LooseFlag?

        enum CodingKeys: String, CodingKey {
            case uuid, type, category, value, comment, distribution, timestamp, deleted
            case sharingGroup = "sharing_group_id"
            case disableCorrelation = "disable_correlation"
            case firstSeen = "first_seen"
            case lastSeen = "last_seen"
            case relation = "object_relation"
            case toIDs = "to_ids"
        }

        var isAddress: Bool { type == AttributeType.ipSource.rawValue || type == AttributeType.ipDestination.rawValue }

        func retired(at moment: Timestamp) -> Part {
            var part = self
            part.toIDs = LooseFlag(false)
            part.timestamp = timestamp.newer(at: moment)
            return part
        }

        func revoked(at moment: Timestamp) -> Part {
            var part = retired(at: moment)
            part.deleted = LooseFlag(true)
            return part
        }
    }

    /// An object.
    struct Whole: Sendable, Codable {
        let uuid: WireUUID
        let name: String
        let metaCategory: String?
        let description: String?
        let templateUUID: String?
        let templateVersion: String?
        let comment: String?
        let distribution: String?
        let sharingGroup: String?
        var timestamp: LooseNumber
        var deleted: LooseFlag?
        var attributes: [Part]?

        enum CodingKeys: String, CodingKey {
            case uuid, name, description, comment, distribution, timestamp, deleted
            case metaCategory = "meta-category"
            case templateUUID = "template_uuid"
            case templateVersion = "template_version"
            case sharingGroup = "sharing_group_id"
            case attributes = "Attribute"
        }

        func revoked(at moment: Timestamp) -> Whole {
            var whole = self
            whole.deleted = LooseFlag(true)
            whole.timestamp = timestamp.newer(at: moment)
            whole.attributes = attributes?.map { $0.revoked(at: moment) }
            return whole
        }
    }

    /// An event report.
    struct Report: Sendable, Codable {
        let uuid: WireUUID
        let name: String
        let content: String
        let distribution: String?
        let sharingGroup: String?
        var timestamp: LooseNumber
        var deleted: LooseFlag?

        enum CodingKeys: String, CodingKey {
            case uuid, name, content, distribution, timestamp, deleted
            case sharingGroup = "sharing_group_id"
        }

        func revoked(at moment: Timestamp) -> Report {
            var report = self
            report.deleted = LooseFlag(true)
            report.timestamp = timestamp.newer(at: moment)
            return report
        }
    }
}

/// What an edit takes back.
typealias RetractionChanges = EventEdit<WholeEvent.Part, WholeEvent.Whole, WholeEvent.Report>

extension RetractionChanges {
    /// All that is changed.
    var parts: [UUID] {
        let inside = objects.flatMap { [$0.uuid] + ($0.attributes ?? []).map(\.uuid) }
        return (attributes.map(\.uuid) + inside + reports.map(\.uuid)).map(\.uuid)
    }
}

extension WholeEvent.Whole: AttributeHolder {
    var attributeCount: Int { attributes?.count ?? 0 }
}

extension LooseNumber {
    /// A time that is newer than this one, `moment` where that is.
    fileprivate func newer(at moment: Timestamp) -> LooseNumber { LooseNumber(max(moment.seconds, value + 1)) }
}
