import FoundationEssentials
import Pipeline
import Timestamps

/// Takes back what MISP holds of a source in a window, and looks whether it did.
///
/// What is there decides what is to be done, so that a retraction that broke off is simply begun again; parts that are not
/// ours stay as they are, and of ours all but what is taken back.
struct Retraction {
    let client: MISPClient
    let history: History
    let withdrawal: Withdrawal

    /// What the key may do; nil when it is not known.
    let role: Account.Role?

    /// Whether events are published at all.
    let mayPublish: Bool

    /// The most attributes in one request, those in objects included.
    let attributesPerRequest: Int

    func run() async throws(MISPError) -> Receipt.Stored {
        let found = try await client.viewWhole(history.event)
        let changes = self.changes(in: found)
        var receipt = Receipt.Stored(confirmed: 0)
        if withdrawal.isRevocation, let reason = try await tellOfFalsePositive(found) {
            receipt.warnings.append("MISP left out the false-positive sightings: \(reason)")
        }
        var left = changes
        if !changes.isEmpty {
            for request in changes.split(limit: attributesPerRequest) { _ = try await client.edit(request) }
            left = self.changes(in: try await client.viewWhole(history.event))
        }
        receipt.refused = left.parts.map { Receipt.Refusal(id: $0, reason: "MISP did not take it back") }
        receipt.confirmed = changes.parts.count - receipt.refused.count
        // An event that nobody else has seen needs no telling that it is over.
        receipt.isToBePublished = mayPublish && found.wasPublished && !(changes.isEmpty && found.isPublished)
        return receipt
    }

    /// What of ours is still there.
    private func changes(in event: WholeEvent) -> RetractionChanges {
        var changes = RetractionChanges(uuid: WireUUID(history.event))
        let ours = event.attributes.filter { isOurs($0.uuid) }
        guard withdrawal.isRevocation else {
            changes.attributes = ours.filter(\.toIDs.value).map { $0.retired(at: withdrawal.moment) }
            return changes
        }
        changes.attributes = ours.map { $0.revoked(at: withdrawal.moment) }
        changes.objects = event.objects.filter { isOurs($0.uuid) }.map { $0.revoked(at: withdrawal.moment) }
        changes.reports = event.reports.filter { isOurs($0.uuid) }.map { $0.revoked(at: withdrawal.moment) }
        return changes
    }

    private func isOurs(_ part: WireUUID) -> Bool { history.items[part.uuid] != nil }

    /// Tells with the attacker's addresses that they were no attacker's, while they are still there to tell it with; why
    /// not, where MISP refused that: it is taken back all the same.
    private func tellOfFalsePositive(_ event: WholeEvent) async throws(MISPError) -> String? {
        let sightings = event.attributes.filter { $0.isAddress && isOurs($0.uuid) }.map { attribute in
            let name = ItemName.falsePositive(
                type: attribute.type, value: attribute.value, moment: withdrawal.moment)
            return AttributeSighting(
                attribute: attribute.uuid,
                sighting: Sighting(
                    uuid: WireUUID(name.id(in: history.event)), date: WireSeconds(withdrawal.moment),
                    type: Sighting.falsePositive, source: "warnbell"))
        }
        guard !sightings.isEmpty else { return nil }
        guard role?.maySight ?? true else { return "the key may not add any (perm_sighting)" }
        do throws(MISPError) {
            try await client.add(sightings, to: history.event, limit: attributesPerRequest)
            return nil
        } catch {
            if case .permission(let text) = error { return "\(text) (perm_sighting)" }
            guard case .refused(let reason) = Receipt(error) else { throw error }
            return reason
        }
    }
}
