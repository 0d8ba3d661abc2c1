import FoundationEssentials
import Pipeline

/// What an object says of the event's other parts.
struct ObjectLink {
    let relationship: ObjectReference.Relationship
    let target: UUID
}

extension Object {
    /// A value of an object: its type, the field of the template, the text. Nil texts are left out.
    typealias Field = (type: AttributeType, relation: String, value: String?)

    /// An object for everybody, which is composed once and for all: what it had at first it keeps, and gets nothing
    /// more. MISP passes over an object that is not newer, with all that it lacks.
    ///
    /// Nothing of it is an indicator or correlates: what may stands in the event as an attribute of its own.
    init?(
        _ template: Template, key: String, comment: String, fields: [Field], links: [ObjectLink],
        _ ledger: inout ItemLedger
    ) {
        let name = ItemName.object(template: template.name, key: key)
        let isNew = !ledger.isKnown(name)
        guard let item = ledger.enter(name) else { return nil }
        func entered(_ name: ItemName) -> Composition.Item? {
            isNew || ledger.isKnown(name) ? ledger.enter(name) : nil
        }
        uuid = WireUUID(item.id)
        self.template = template
        distribution = .inherit
        self.comment = comment
        timestamp = WireSeconds(item.timestamp)
        attributes = fields.compactMap { type, relation, value in
            guard let value, !value.isEmpty,
                let field = entered(.objectAttribute(object: item.id, relation: relation, index: 0))
            else { return nil }
            return Attribute(
                uuid: WireUUID(field.id), type: type, category: type.category, value: value, comment: "",
                toIDs: false, disableCorrelation: true, distribution: .inherit,
                timestamp: WireSeconds(field.timestamp), relation: relation)
        }
        references = links.compactMap { link in
            guard
                let reference = entered(
                    .reference(object: item.id, relationship: link.relationship.rawValue, target: link.target))
            else { return nil }
            return ObjectReference(
                uuid: WireUUID(reference.id), object: WireUUID(item.id), target: WireUUID(link.target),
                relationship: link.relationship, comment: "", timestamp: WireSeconds(reference.timestamp))
        }
    }
}
