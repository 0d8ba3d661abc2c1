package import FoundationEssentials
package import Pipeline
package import Timestamps

/// The names that the UUIDs of events are made of. They must never change: a receiver that lost its data, and a
/// second receiver of the same organisation, find the events again by them.
package enum EventName {
    /// The namespace of one installation's events: its name, in the namespace of the organisation's own UUID.
    package static func namespace(of organisation: Organisation, installation: String) -> UUID {
        UUID(version5: installation, in: organisation.uuid)
    }

    /// The event of a source in a window: `203.0.113.9|1792800000|0`.
    ///
    /// The start of the window is in seconds since 1970. Part counts from 0 for the events that follow one another in
    /// a window.
    package static func event(
        of source: SourceKey, windowStart: Timestamp, part: Int = 0, in namespace: UUID
    ) -> UUID {
        UUID(version5: "\(source)|\(windowStart.seconds)|\(part)", in: namespace)
    }
}

/// What an item of an event is called within the event. Its UUID is that name in the namespace of the event's UUID.
package enum ItemName: Sendable, Hashable {
    /// `ip-src|203.0.113.9`
    case attribute(type: String, value: String)

    /// `object|netflow|203.0.113.9|10.0.0.5|6|22|attacker`
    case object(template: String, key: String)

    /// `object-attribute|<UUID of the object>|dst-port|0`; the index tells apart the values of one relation.
    case objectAttribute(object: UUID, relation: String, index: Int)

    /// `reference|<UUID of the object>|initiated-by|<UUID of what it points to>`
    case reference(object: UUID, relationship: String, target: UUID)

    /// `report|public`
    case report(String)

    /// `sighting|ip-src|203.0.113.9|<id of the batch>`
    case sighting(type: String, value: String, batch: UUID)

    /// `sighting|ip-src|203.0.113.9|false-positive|1792800000000`: that an attribute was revoked at this moment.
    case falsePositive(type: String, value: String, moment: Timestamp)

    /// `tag|tlp:amber`. MISP gives tags no UUID in an event; this one tells only whether the tag was sent before.
    case tag(String)

    package var key: String {
        switch self {
        case .attribute(let type, let value): "\(type)|\(value)"
        case .object(let template, let key): "object|\(template)|\(key)"
        case .objectAttribute(let object, let relation, let index):
            "object-attribute|\(object.lowercase)|\(relation)|\(index)"
        case .reference(let object, let relationship, let target):
            "reference|\(object.lowercase)|\(relationship)|\(target.lowercase)"
        case .report(let name): "report|\(name)"
        case .sighting(let type, let value, let batch): "sighting|\(type)|\(value)|\(batch.lowercase)"
        case .falsePositive(let type, let value, let moment):
            "sighting|\(type)|\(value)|false-positive|\(moment.milliseconds)"
        case .tag(let name): "tag|\(name)"
        }
    }

    package func id(in event: UUID) -> UUID {
        UUID(version5: key, in: event)
    }
}

/// What kind of item a key names.
package enum ItemKind: String, Sendable, CaseIterable {
    case attribute
    case object
    case objectAttribute = "object-attribute"
    case reference
    case report
    case sighting
    case tag

    /// No attribute type of MISP's is called like one of the other kinds.
    package init(key: String) {
        let prefix = key.utf8.prefix { $0 != UInt8(ascii: "|") }
        self = Self(rawValue: String(Substring(prefix))) ?? .attribute
    }
}
