import FoundationEssentials
import Pipeline
import Timestamps

extension Delivery {
    /// Says of the attacker when it was seen last, by a request of its own that leaves all else in the attribute as it
    /// is: an edit of the event would overwrite what analysts have made of it.
    ///
    /// Where somebody has changed the attribute since this was composed, MISP leaves it: the next update moves it. One
    /// that somebody deleted is left alone.
    /// - Returns: what the event says by now; nil when that is not known.
    func moveLastSeen(_ pushed: Pushed, missing: Set<UUID>) async throws(MISPError) -> Timestamp? {
        guard let attacker = event.attacker, let lastSeen = attacker.lastSeen, let time = EventChanges(event).newest
        else { return pushed.known.lastSeen }
        let isSent = pushed.isNew || pushed.sent.attributes.contains { $0.uuid == attacker.uuid }
        if isSent { return lastSeen.moment }
        if missing.contains(attacker.uuid.uuid) { return pushed.known.lastSeen }
        if let known = pushed.known.lastSeen, lastSeen.moment <= known { return known }
        do throws(MISPError) {
            try await client.move(lastSeen: lastSeen, of: attacker.uuid.uuid, at: time)
        } catch {
            switch error {
            // Invalid: an analyst has set a later begin.
            case .notNewer, .unknownAttribute, .invalid: break
            default: throw error
            }
        }
        return lastSeen.moment
    }
}

extension MISPEvent {
    /// The address that the event accuses; of several in an IPv6 network the one that was seen last.
    var attacker: Attribute? {
        attributes.filter { attribute in
            [.ipSource, .ipDestination].contains(attribute.type) && attribute.distribution != .organisation
                && attribute.lastSeen != nil
        }.max { left, right in
            guard let left = left.lastSeen?.moment, let right = right.lastSeen?.moment else { return false }
            return left < right
        }
    }
}
