import FoundationEssentials
import Pipeline

extension Delivery {
    /// The attributes that this and earlier compositions had, those in objects included.
    var ourAttributes: Set<UUID> {
        Set(composition.items.filter { ItemKind(key: $0.key).isAttribute }.map(\.id))
    }

    /// Compares the number of attributes with what should be there, and looks at the event only when it differs.
    ///
    /// An attribute that is missing and was not sent now has been there before: somebody took it away, and nobody
    /// refused it.
    func verify(_ pushed: Pushed) async throws(MISPError) -> (Receipt.Stored, EventNote) {
        let ours = ourAttributes
        let known = pushed.known
        let present = ours.subtracting(known.missing).count
        if pushed.summary.attributeCount == present + known.surplus {
            return (Receipt.Stored(confirmed: present, refused: pushed.refused), known)
        }
        let (stored, gaps) = try await viewWithoutGaps(pushed)
        var missing = ours.subtracting(stored.attributes.keys)
        let surplus = stored.count - (ours.count - missing.count)
        let (taken, notTaken) = try await offer(
            pushed.sent.attributes.filter {
                missing.contains($0.uuid.uuid) && !known.missing.contains($0.uuid.uuid)
            }[...])
        missing.subtract(taken)
        // An attribute of an object cannot be asked for alone: it would stand beside the object.
        let refused =
            pushed.refused + notTaken.map(\.refusal)
            + gaps.flatMap { object in
                object.attributes.filter { missing.contains($0.uuid.uuid) }.map { attribute in
                    Receipt.Refusal(
                        id: attribute.uuid.uuid,
                        reason: "left out of the object \(object.template.name) without a reason")
                }
            }
        var note = EventNote()
        note.surplus = surplus
        note.refused = known.refused.filter { missing.contains($0.key) }
        for refusal in refused where missing.contains(refusal.id) { note.refused[refusal.id] = refusal.reason }
        note.gone = missing.subtracting(note.refused.keys)
        return (Receipt.Stored(confirmed: ours.count - missing.count, refused: refused), note)
    }

    /// The event as it is once nothing is missing in it that only an attempt which broke off has left out: MISP passes
    /// over an object that is not newer, with what it lacks. And the objects that lack something nevertheless.
    ///
    /// An object that the event does not show, although it was sent, was deleted.
    private func viewWithoutGaps(_ pushed: Pushed) async throws(MISPError) -> (StoredEvent, gaps: [Object]) {
        func gaps(in stored: StoredEvent) -> [Object] {
            pushed.sent.objects.filter { object in
                stored.objects[object.uuid.uuid] != nil
                    && object.attributes.contains {
                        stored.attributes[$0.uuid.uuid] == nil && !pushed.known.missing.contains($0.uuid.uuid)
                    }
            }
        }
        let stored = try await client.view(composition.event)
        let found = gaps(in: stored)
        guard pushed.mayHaveGaps, !found.isEmpty else { return (stored, found) }
        var changes = EventChanges(objects: found, of: event)
        changes.subtract(stored)
        for request in changes.split(limit: attributesPerRequest) { _ = try await client.edit(request) }
        let completed = try await client.view(composition.event)
        return (completed, gaps(in: completed))
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
        case .object, .reference, .report, .sighting, .tag: false
        }
    }
}
