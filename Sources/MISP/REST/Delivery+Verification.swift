import FoundationEssentials
import Pipeline

/// What a look at an event found, so that the next one is needed only when something changed.
struct Verification: Equatable {
    /// Our attributes that the event does not have: MISP refused them, or an analyst took them away.
    var missing: Set<UUID> = []

    /// How many attributes it has that are not ours.
    var surplus = 0
}

/// The last verification of each event, as many as are worth keeping: one that is forgotten costs a look.
struct VerifiedEvents {
    private var byEvent: [UUID: Verification] = [:]

    static let limit = 10_000

    subscript(event: UUID) -> Verification? {
        get { byEvent[event] }
        set {
            if byEvent.count >= Self.limit, byEvent[event] == nil, let any = byEvent.keys.first { byEvent[any] = nil }
            byEvent[event] = newValue
        }
    }
}

extension Delivery {
    /// Compares the number of attributes with what should be there, and looks at the event only when it differs.
    ///
    /// An attribute that is missing and was not sent now has been there before: somebody took it away, and nobody
    /// refused it.
    func verify(_ pushed: Pushed) async throws(MISPError) -> (Receipt.Stored, Verification) {
        let ours = Set(composition.items.filter { ItemKind(key: $0.key).isAttribute }.map(\.id))
        let known = known ?? Verification()
        let present = ours.subtracting(known.missing).count
        if pushed.summary.attributeCount == present + known.surplus {
            return (Receipt.Stored(confirmed: present, refused: pushed.refused), known)
        }
        let stored = try await client.view(composition.event)
        var verification = Verification()
        verification.missing = ours.subtracting(stored.attributes.keys)
        let count = stored.summary.attributeCount ?? stored.attributes.count
        verification.surplus = count - (ours.count - verification.missing.count)

        let unexplained = verification.missing.subtracting(known.missing)
        let (taken, refused) = try await offer(
            pushed.sent.attributes.filter { unexplained.contains($0.uuid.uuid) }[...])
        verification.missing.subtract(taken)
        // An attribute of an object cannot be asked for alone: it would stand beside the object. An object that the
        // event does not show, although it was sent, was deleted.
        let inObjects = pushed.sent.objects.filter { stored.objects[$0.uuid.uuid] != nil }.flatMap { object in
            object.attributes.filter { unexplained.contains($0.uuid.uuid) }.map { attribute in
                Receipt.Refusal(
                    id: attribute.uuid.uuid, reason: "left out of the object \(object.template.name) without a reason")
            }
        }
        return (
            Receipt.Stored(
                confirmed: ours.count - verification.missing.count,
                refused: pushed.refused + refused.map(\.refusal) + inObjects), verification
        )
    }

    /// Offers attributes to the event one by one, and tells which MISP has taken and why not the others.
    func offer(
        _ attributes: ArraySlice<Attribute>
    ) async throws(MISPError) -> (taken: [UUID], refused: [RefusedAttribute]) {
        var taken: [UUID] = []
        var refused: [RefusedAttribute] = []
        var rest = attributes
        while !rest.isEmpty {
            let asked = Array(rest.prefix(attributesPerRequest))
            rest = rest.dropFirst(asked.count)
            let reasons = try await client.addAttributes(to: composition.event, asked)
            for (index, attribute) in asked.enumerated() {
                if let reason = reasons[index] {
                    refused.append(RefusedAttribute(refusal: Receipt.Refusal(id: attribute.uuid.uuid, reason: reason)))
                } else {
                    taken.append(attribute.uuid.uuid)
                }
            }
        }
        return (taken, refused)
    }
}

/// An attribute that MISP did not take.
struct RefusedAttribute {
    let refusal: Receipt.Refusal

    /// Whether the server has the attribute's UUID, made of event and value, already: deleted, where the event does
    /// not show it.
    var isTaken: Bool { refusal.reason.contains("UUID provided is not unique") }
}

extension ItemKind {
    /// Whether MISP counts it among the attributes of an event.
    fileprivate var isAttribute: Bool {
        switch self {
        case .attribute, .objectAttribute: true
        case .object, .report, .sighting, .tag: false
        }
    }
}
