import FoundationEssentials

extension MISPClient {
    /// `GET /users/view/me`: whose key it is, and what it may do.
    package func account() async throws(MISPError) -> Account {
        try await get("/users/view/me", as: Account.self)
    }

    /// `GET /servers/getVersion`
    package func version() async throws(MISPError) -> ServerVersion {
        try await get("/servers/getVersion", as: ServerVersion.self)
    }

    /// `POST /events/add/metadata:1`
    ///
    /// What MISP does not like of the event is left out, and the call succeeds.
    /// - Throws: ``MISPError/alreadyExists`` for an event that is there, ``MISPError/blocked(_:)`` for one that was
    ///   deleted.
    func add(_ event: MISPEvent) async throws(MISPError) -> EventSummary {
        try await post("/events/add/metadata:1", EventDocument(event), as: EventAnswer<EventSummary>.self).event
    }

    /// `POST /events/edit/UUID/metadata:1`: adds what is unknown, changes what is newer, leaves the rest, and marks the
    /// event as not published.
    /// - Throws: ``MISPError/unknownEvent`` also for an event of another organisation.
    func edit<Part, Whole, Report>(
        _ changes: EventEdit<Part, Whole, Report>
    ) async throws(MISPError) -> EventSummary {
        try await post(
            "/events/edit/\(changes.uuid.uuid.lowercase)/metadata:1", changes, as: EventAnswer<EventSummary>.self
        ).event
    }

    /// `GET /events/view/UUID`
    func view(_ event: UUID) async throws(MISPError) -> StoredEvent {
        try await get("/events/view/\(event.lowercase)", as: EventAnswer<StoredEvent>.self).event
    }

    /// The same with all that is said of each part.
    func viewWhole(_ event: UUID) async throws(MISPError) -> WholeEvent {
        try await get("/events/view/\(event.lowercase)", as: EventAnswer<WholeEvent>.self).event
    }

    /// `POST /attributes/add/UUID` with a list: the one call that says what is wrong with an attribute.
    ///
    /// - Returns: MISP's reasons by index for those that it did not take; the others are in the event now.
    func addAttributes(
        to event: UUID, _ attributes: [Attribute]
    ) async throws(MISPError) -> [Int: String] {
        let reasons: [String: [String]]
        do throws(MISPError) {
            let answer = try await post("/attributes/add/\(event.lowercase)", attributes, as: AttributesAnswer.self)
            reasons = answer.errors?.byField(hiding: configuration.key) ?? [:]
        } catch {
            // It is an error only when it took none.
            guard case .invalid(let fields) = error else { throw error }
            reasons = fields
        }
        return Self.byIndex(reasons)
    }

    /// `POST /attributes/edit/UUID` with a part of an attribute: says when it was seen last, and leaves the rest.
    /// - Throws: ``MISPError/notNewer`` where somebody has changed it since `time`, ``MISPError/unknownAttribute`` for
    ///   one that was deleted.
    func move(lastSeen: WireMoment, of attribute: UUID, at time: WireSeconds) async throws(MISPError) {
        _ = try await post(
            "/attributes/edit/\(attribute.lowercase)", LastSeen(lastSeen: lastSeen, timestamp: time), as: Ignored.self)
    }

    /// `POST /sightings/bulkSaveSightings/UUID`: adds sightings to attributes of the event that are there already.
    /// A UUID that MISP knows is passed over.
    /// - Parameter limit: how many in one request.
    func add(_ sightings: [AttributeSighting], to event: UUID, limit: Int) async throws(MISPError) {
        var rest = sightings[...]
        while !rest.isEmpty {
            let path = "/sightings/bulkSaveSightings/\(event.lowercase)"
            _ = try await post(path, Array(rest.prefix(limit)), as: Ignored.self)
            rest = rest.dropFirst(limit)
        }
    }

    /// `POST /events/publish/UUID`: the event as it is now counts as published, and nobody gets a mail.
    func publish(_ event: UUID) async throws(MISPError) {
        _ = try await post("/events/publish/\(event.lowercase)", as: Ignored.self)
    }

    /// Reasons of `attribute_1.value` by the attribute's index; what has no index belongs to the only one.
    private static func byIndex(_ reasons: [String: [String]]) -> [Int: String] {
        reasons.sorted { $0.key < $1.key }.reduce(into: [:]) { byIndex, reason in
            let path = reason.key.split(separator: ".")
            let index = path.first.flatMap { $0.hasPrefix("attribute_") ? Int($0.dropFirst(10)) : nil }
            let field = path.count > 1 ? path.last : nil
            let text = (field.map { "\($0): " } ?? "") + reason.value.joined(separator: ", ")
            byIndex[index ?? 0] = [byIndex[index ?? 0], text].compactMap { $0 }.joined(separator: "; ")
        }
    }
}

/// The one part of an attribute that grows.
private struct LastSeen: Encodable {
    let lastSeen: WireMoment
    let timestamp: WireSeconds

    enum CodingKeys: String, CodingKey {
        case timestamp
        case lastSeen = "last_seen"
    }
}

/// An answer that nothing is wanted of.
struct Ignored: Decodable {
    init(from decoder: any Decoder) {}
}

private struct AttributesAnswer: Decodable {
    let errors: Reasons?
}
