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
    func verify(_ summary: EventSummary) async throws(MISPError) -> (Receipt.Stored, Verification) {
        let ours = Set(composition.items.filter { ItemKind(key: $0.key).isAttribute }.map(\.id))
        let known = known ?? Verification()
        let present = ours.subtracting(known.missing).count
        if summary.attributeCount == present + known.surplus {
            return (Receipt.Stored(confirmed: present), known)
        }
        let stored = try await client.view(composition.event)
        var verification = Verification()
        verification.missing = ours.subtracting(stored.attributes.keys)
        let count = stored.summary.attributeCount ?? stored.attributes.count
        verification.surplus = count - (ours.count - verification.missing.count)
        let refused = try await reasons(for: verification.missing.subtracting(known.missing), &verification)
        return (Receipt.Stored(confirmed: ours.count - verification.missing.count, refused: refused), verification)
    }

    /// Asks MISP once why it does not have these attributes. Those it takes now are missing no more.
    ///
    /// What this body does not hold has been there before: an analyst took it away, and nobody refused it.
    private func reasons(
        for missing: Set<UUID>, _ verification: inout Verification
    ) async throws(MISPError) -> [Receipt.Refusal] {
        var refusals: [Receipt.Refusal] = []
        var asked = EventChanges(event).attributes.filter { missing.contains($0.uuid.uuid) }[...]
        while !asked.isEmpty {
            let attributes = Array(asked.prefix(attributesPerRequest))
            asked = asked.dropFirst(attributes.count)
            let reasons = try await client.addAttributes(to: composition.event, attributes)
            for (index, attribute) in attributes.enumerated() {
                if let reason = reasons[index] {
                    refusals.append(Receipt.Refusal(id: attribute.uuid.uuid, reason: reason))
                } else {
                    verification.missing.remove(attribute.uuid.uuid)
                }
            }
        }
        // An attribute of an object cannot be asked for alone: it would stand beside the object.
        for object in event.objects {
            for attribute in object.attributes where missing.contains(attribute.uuid.uuid) {
                refusals.append(
                    Receipt.Refusal(
                        id: attribute.uuid.uuid,
                        reason: "left out of the object \(object.template.name) without a reason"))
            }
        }
        return refusals
    }
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
