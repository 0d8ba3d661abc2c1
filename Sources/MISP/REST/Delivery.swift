import FoundationEssentials
import Pipeline

/// Brings one composition into MISP, and looks whether all of it arrived.
struct Delivery {
    let client: MISPClient
    let composition: Composition
    let event: MISPEvent

    /// What the key may do; nil when it is not known.
    let role: Account.Role?

    /// What is known of the event from before.
    let known: EventNote

    /// The most attributes in one request, those in objects included.
    let attributesPerRequest: Int

    /// Does it, and says what arrived, with what the next delivery is to know.
    func run() async throws(MISPError) -> Receipt.Stored {
        let pushed = try await push()
        var (receipt, note) = try await verify(pushed)
        let sightings = event.sightings.map(\.sighting.uuid.uuid)
        note.sighted = pushed.sightingsArrived ? Set(sightings) : pushed.known.sighted
        note.lastSeen = try await moveLastSeen(pushed, missing: note.missing)
        receipt.note = note.encoded
        receipt.warnings = tagWarnings(for: pushed.summary.missing(pushed.tags))
        if !pushed.sightingsArrived {
            receipt.warnings.append("MISP left out the sightings: the key may not add any (perm_sighting)")
        }
        return receipt
    }

    // MARK: Pushing

    /// The event as MISP has it after it was sent, and what it should have got.
    struct Pushed {
        var summary: EventSummary
        /// What was sent without an answer to each part: attributes of these that are missing were left out.
        var sent: EventChanges
        /// What MISP did not take when it was asked about each.
        var refused: [Receipt.Refusal] = []
        var sightingsArrived: Bool
        /// How the event differed, before this, from what we had sent.
        var known = EventNote()
        /// Whether an attempt before this one may have left an object half made.
        var mayHaveGaps = false
        /// Whether the event is as it was sent, when its attacker was seen last included.
        var isNew = false

        fileprivate var tags: [Tag] { sent.tags }
    }

    /// An update is an edit of what is new, and everything else an addition of all, until MISP says that it is the
    /// other way round.
    private func push() async throws(MISPError) -> Pushed {
        if composition.isUpdate {
            var changes = changes
            changes.keepNewest()
            do throws(MISPError) {
                var pushed = try await edit(changes, sighted: known.sighted ?? [])
                pushed.known = known
                pushed.mayHaveGaps = true
                return pushed
            } catch {
                guard error == .unknownEvent else { throw error }
            }
        }
        do throws(MISPError) {
            return try await add()
        } catch {
            guard error == .alreadyExists else { throw error }
        }
        do throws(MISPError) {
            return try await adopt()
        } catch {
            // Another organisation's, which we see or do not.
            throw error == .unknownEvent ? .foreignEvent : error
        }
    }

    /// What may be sent to an event that is there already: everything but what it refused before.
    private var changes: EventChanges {
        var changes = EventChanges(event)
        changes.attributes.removeAll { known.refused[$0.uuid.uuid] != nil }
        return changes
    }

    /// Sends the event as a new one.
    private func add() async throws(MISPError) -> Pushed {
        var event = event
        if composition.isUpdate { event.tags = allTags }
        let whole = EventChanges(event)
        let requests = whole.split(limit: attributesPerRequest)
        guard requests.count > 1 else {
            let summary = try await client.add(event)
            return Pushed(
                summary: summary, sent: whole, sightingsArrived: event.sightings.isEmpty || role?.maySight ?? true,
                isNew: true)
        }
        event.attributes = requests[0].attributes
        event.objects = requests[0].objects
        _ = try await client.add(event)
        var pushed = try await edit(whole, requests.dropFirst())
        pushed.isNew = true
        return pushed
    }

    /// Completes an event that is there without our knowing it: of an earlier attempt whose answer was lost, of another
    /// receiver of our organisation, or of a time before our data was lost.
    ///
    /// Attributes that it lacks are asked for one by one: MISP does not show those that somebody deleted, and an edit
    /// that is newer would change them. The event is read once: what the answers tell completes what was read.
    private func adopt() async throws(MISPError) -> Pushed {
        let stored = try await client.view(composition.event)
        var changes = changes
        changes.subtract(stored)
        let (taken, notTaken) = try await offer(changes.attributes[...])
        changes.attributes = []
        var pushed: Pushed
        if changes.isEmpty {
            pushed = Pushed(
                summary: EventSummary(attributeCount: stored.count + taken.count, tags: stored.summary.tags),
                sent: changes, sightingsArrived: try await addSightings())
        } else {
            pushed = try await edit(changes)
        }
        pushed.refused = notTaken.filter { !$0.isTaken }.map(\.refusal)
        pushed.known.refused = known.refused.filter { stored.attributes[$0.key] == nil }
        for refusal in pushed.refused { pushed.known.refused[refusal.id] = refusal.reason }
        pushed.known.gone = Set(notTaken.filter(\.isTaken).map(\.refusal.id))
        pushed.known.lastSeen = event.attacker.flatMap { stored.lastSeen[$0.uuid.uuid] }
        pushed.known.surplus = stored.count - ourAttributes.intersection(stored.attributes.keys).count
        return pushed
    }

    private func edit(
        _ changes: EventChanges, sighted: Set<UUID> = []
    ) async throws(MISPError) -> Pushed {
        try await edit(changes, changes.split(limit: attributesPerRequest)[...], sighted: sighted)
    }

    private func edit(
        _ changes: EventChanges, _ requests: ArraySlice<EventChanges>, sighted: Set<UUID> = []
    ) async throws(MISPError) -> Pushed {
        var pushed = Pushed(
            summary: EventSummary(attributeCount: nil, tags: []), sent: changes, sightingsArrived: true)
        for request in requests { pushed.summary = try await client.edit(request) }
        pushed.sightingsArrived = try await addSightings(but: sighted)
        return pushed
    }

    /// Adds the sightings of all attributes by a call of their own, since an edit does not read those in attributes
    /// that it leaves as they are. False when the key may not.
    /// - Parameter sighted: sightings that the event has already.
    private func addSightings(but sighted: Set<UUID> = []) async throws(MISPError) -> Bool {
        let sightings = event.sightings.filter { !sighted.contains($0.sighting.uuid.uuid) }
        guard !sightings.isEmpty else { return true }
        guard role?.maySight ?? true else { return false }
        do throws(MISPError) {
            try await client.add(sightings, to: composition.event, limit: attributesPerRequest)
            return true
        } catch {
            guard case .permission = error else { throw error }
            return false
        }
    }

    // MARK: Tags

    /// The body's tags and those that only earlier compositions had.
    private var allTags: [Tag] {
        let present = Set(event.tags.map(\.name))
        let names = composition.items.filter { ItemKind(key: $0.key) == .tag }.map { String($0.key.dropFirst(4)) }
        return event.tags + names.filter { !present.contains($0) }.map { Tag(name: $0) }
    }

    private func tagWarnings(for missing: [String]) -> [String] {
        let reason =
            switch role {
            case .some(let role) where !role.mayTag: "the role \(role.name) may not tag (perm_tagger)"
            case .some(let role) where !role.mayCreateTags:
                "the role \(role.name) may not make tags that the server does not have (perm_tag_editor)"
            default: "the server gives no reason"
            }
        return missing.map { "MISP left out the tag \($0): \(reason)" }
    }
}
