import Foundation
import Pipeline
import Timestamps

@testable import MISP

/// Compositions made by hand, so that a test can send what the composer would never make.
struct SentEvent {
    static let uuid = Sample.uuid("7d2f5d0e-8a67-5b9c-9d38-6d5c0a4a2f11")
    static let time: Int64 = 1_795_000_000

    var event: MISPEvent
    var isUpdate = false

    /// An event with so many addresses.
    init(addresses: Int = 3, time: Int64 = Self.time) {
        event = MISPEvent(
            uuid: WireUUID(Self.uuid), info: "Brute force from 203.0.113.9", date: "2026-11-20", threatLevel: .high,
            analysis: .initial, distribution: .organisation, tags: [Tag(name: "tlp:amber")],
            attributes: (0..<addresses).map { Self.address($0, time: time) }, objects: [], reports: [])
    }

    /// An address of its own for each number, with a UUID made of the number.
    static func address(_ number: Int, time: Int64 = Self.time) -> Attribute {
        attribute(number, .ipSource, "203.0.\(113 + number / 256).\(number % 256)", time: time)
    }

    static func attribute(
        _ number: Int, _ type: AttributeType, _ value: String, time: Int64 = Self.time
    ) -> Attribute {
        Attribute(
            uuid: WireUUID(id(number)), type: type, category: type.category, value: value, comment: "", toIDs: true,
            disableCorrelation: false, timestamp: WireSeconds(seconds: time))
    }

    static func id(_ number: Int) -> UUID { UUID(version5: "item \(number)", in: uuid) }

    static func sighting(_ number: Int) -> Sighting {
        Sighting(
            uuid: WireUUID(id(-1 - number)), date: WireSeconds(seconds: time + Int64(number)), source: "warnbell")
    }

    /// A netflow object of a port and a count, with the UUIDs of three numbers.
    static func flow(_ number: Int, port: String = "22", time: Int64 = Self.time) -> Object {
        var attributes = [
            attribute(number + 1, .port, port, time: time), attribute(number + 2, .counter, "17", time: time),
        ]
        for (index, relation) in ["dst-port", "packet-count"].enumerated() { attributes[index].relation = relation }
        return Object(
            uuid: WireUUID(id(number)), template: .netflow, distribution: .organisation, comment: "",
            timestamp: WireSeconds(seconds: time), attributes: attributes)
    }

    /// The composition whose body this event is.
    func composition() throws -> Composition {
        var items = (event.attributes + event.objects.flatMap(\.attributes)).map { attribute in
            let name = attribute.relation.map { "object-attribute|\($0)" } ?? attribute.type.rawValue
            return Composition.Item(
                id: attribute.uuid.uuid, key: "\(name)|\(attribute.value)",
                timestamp: Timestamp(seconds: attribute.timestamp.seconds))
        }
        items += event.tags.map { .init(id: UUID(), key: "tag|\($0.name)", timestamp: Timestamp(seconds: 0)) }
        return Composition(
            event: Self.uuid, window: Timestamp(seconds: 0)..<Timestamp(seconds: 1),
            body: try EventDocument(event).encoded(), items: items, isUpdate: isUpdate)
    }
}
