import Foundation

extension MISPStandIn.State {
    /// `POST /events/add`
    mutating func add(_ body: AnyJSON, isBrief: Bool) -> Reply {
        // A body without the envelope is taken too.
        let json = body["Event"] ?? body
        let uuid = json["uuid"]?.text ?? UUID().uuidString.lowercased()
        if blocklist.contains(uuid) { return .failure(403, "Event blocked by event blocklist.") }
        if let known = events[uuid] {
            var reply = Reply.failure(
                404,
                "Event already exists, if you would like to edit it, use the url in the location header.")
            reply.fields.append(("Location", "https://misp.example.org/events/\(known.id)"))
            return reply
        }
        let errors = Self.errors(inEvent: json, isNew: true)
        guard errors.isEmpty else {
            return .unsaved("Could not add Event", errors: ["Event": .object(errors)])
        }
        let isPublished = json["published"]?.flag ?? false
        let parts = ["Attribute", "Object"].compactMap { json[$0]?.elements }.joined()
        if isPublished && parts.isEmpty {
            return .failure(403, "Received a published event that was empty. Event add process blocked.")
        }
        if json["info"]?.text.map(Self.breaksTheDataBase) == true { return .internalError }
        var event = MISPStandIn.Event(
            id: nextID(), uuid: uuid, organisation: organisation.uuid, fields: [:],
            timestamp: json["timestamp"]?.text.flatMap { Int64($0) } ?? now)
        let defaults = ["distribution": "1", "threat_level_id": "4", "analysis": "0", "date": "2026-11-20"]
        event.fields = defaults.merging(Self.fields(of: json)) { $1 }
        let isWhole = merge(json, into: &event)
        if isWhole { publish(&event, if: isPublished) }
        events[uuid] = event
        return isWhole ? .misp(Self.answer(for: event, isBrief: isBrief)) : .internalError
    }

    /// `POST /events/edit/UUID`: what is known is changed where the body is newer, the rest is added.
    mutating func edit(_ uuid: String, _ body: AnyJSON, isBrief: Bool) -> Reply {
        let json = body["Event"] ?? body
        guard var event = events[uuid], event.organisation == organisation.uuid else {
            return .failure(404, "Invalid event")
        }
        if let timestamp = json["timestamp"]?.text.flatMap({ Int64($0) }), timestamp <= event.timestamp {
            return .unsaved(
                "Could not edit Event",
                errors: "Event could not be saved: Event in the request not newer than the local copy.")
        }
        let errors = Self.errors(inEvent: json, isNew: false)
        guard errors.isEmpty else {
            return .unsaved("Could not edit Event", errors: ["Event": .object(errors)])
        }
        if json["info"]?.text.map(Self.breaksTheDataBase) == true { return .internalError }
        now += 1
        event.timestamp = json["timestamp"]?.text.flatMap { Int64($0) } ?? now
        event.fields.merge(Self.fields(of: json)) { $1 }
        event.published = false
        let isWhole = merge(json, into: &event)
        if isWhole { publish(&event, if: json["published"]?.flag ?? false) }
        events[uuid] = event
        return isWhole ? .misp(Self.answer(for: event, isBrief: isBrief)) : .internalError
    }

    /// `GET /events/view/UUID`
    ///
    /// Others see an event that is for more than its organisation, published or not.
    func view(_ uuid: String) -> Reply {
        guard let event = events[uuid] else { return .failure(404, "Invalid event") }
        if event.organisation == organisation.uuid { return .misp(Self.answer(for: event, isBrief: false)) }
        guard event.fields["distribution"] != "0" else { return .failure(404, "Invalid event") }
        return .misp(Self.answer(for: event.asOthersSeeIt, isBrief: false))
    }

    /// `POST /events/delete/UUID`: gone, and not to come back.
    mutating func delete(_ uuid: String) -> Reply {
        guard events[uuid]?.organisation == organisation.uuid else { return .failure(404, "Invalid event") }
        events[uuid] = nil
        blocklist.insert(uuid)
        return .misp(["saved": true, "success": true, "name": "Event deleted.", "message": "Event deleted."])
    }

    /// `POST /events/publish/UUID` without mail, `POST /events/alert/UUID` with.
    mutating func publish(_ uuid: String, mails: Bool) -> Reply {
        guard role.publish, access != .readOnly else {
            return .failure(403, "You do not have permission to use this functionality.")
        }
        guard events[uuid]?.organisation == organisation.uuid else { return .failure(404, "Invalid event") }
        events[uuid]?.published = true
        now += 1
        events[uuid]?.publishTimestamp = now
        if mails { self.mails += 1 }
        return .misp(["saved": true, "success": true, "name": "Event published", "message": "Event published"])
    }

    private mutating func publish(_ event: inout MISPStandIn.Event, if isAsked: Bool) {
        guard isAsked, role.publish else { return }
        event.published = true
        event.publishTimestamp = now
        mails += 1
    }

    // MARK: Merging

    /// Takes over all parts in MISP's order; false when one of them ends in an internal error, with what came before
    /// it in place.
    private mutating func merge(_ json: AnyJSON, into event: inout MISPStandIn.Event) -> Bool {
        for attribute in json["Attribute"]?.elements ?? [] {
            guard merge(attribute: attribute, object: nil, into: &event) else { return false }
        }
        for object in json["Object"]?.elements ?? [] {
            guard merge(object: object, into: &event) else { return false }
        }
        for report in json["EventReport"]?.elements ?? [] {
            guard merge(report: report, into: &event) else { return false }
        }
        for tag in json["Tag"]?.elements ?? [] { merge(tag: tag, into: &event) }
        return true
    }

    private mutating func merge(object json: AnyJSON, into event: inout MISPStandIn.Event) -> Bool {
        let uuid = json["uuid"]?.text ?? UUID().uuidString.lowercased()
        let timestamp = json["timestamp"]?.text.flatMap { Int64($0) } ?? now
        let comment = json["comment"]?.text ?? ""
        if Self.breaksTheDataBase(comment) || !takesPart() { return false }
        if let index = event.objects.firstIndex(where: { $0.uuid == uuid }) {
            // An object that is not newer is left as it is, with all that stands in it.
            if json["timestamp"] != nil && timestamp <= event.objects[index].timestamp { return true }
            event.objects[index].timestamp = timestamp
            event.objects[index].comment = comment
            event.objects[index].deleted = json["deleted"]?.flag ?? event.objects[index].deleted
            event.objects[index].distribution = json["distribution"]?.text ?? event.objects[index].distribution
        } else {
            event.objects.append(
                .init(
                    uuid: uuid, name: json["name"]?.text ?? "", comment: comment,
                    distribution: json["distribution"]?.text ?? "5", timestamp: timestamp))
        }
        for attribute in json["Attribute"]?.elements ?? [] {
            guard merge(attribute: attribute, object: uuid, into: &event) else { return false }
        }
        return true
    }

    private mutating func merge(report json: AnyJSON, into event: inout MISPStandIn.Event) -> Bool {
        let report = MISPStandIn.Report(
            name: json["name"]?.text ?? "", content: json["content"]?.text ?? "",
            distribution: json["distribution"]?.text ?? "5",
            timestamp: json["timestamp"]?.text.flatMap { Int64($0) } ?? now, deleted: json["deleted"]?.flag ?? false)
        if Self.breaksTheDataBase(report.content) || Self.breaksTheDataBase(report.name) || !takesPart() {
            return false
        }
        let uuid = json["uuid"]?.text ?? UUID().uuidString.lowercased()
        if let known = event.reports[uuid], report.timestamp <= known.timestamp { return true }
        event.reports[uuid] = report
        return true
    }

    /// Without the right to make tags, one that is not there is left out without a word.
    private mutating func merge(tag json: AnyJSON, into event: inout MISPStandIn.Event) {
        guard role.tagger, let name = json["name"]?.text else { return }
        let known = tags.first { $0.lowercased() == name.lowercased() }
        guard known != nil || role.tagEditor else { return }
        tags.insert(known ?? name)
        if !event.tags.contains(known ?? name) { event.tags.append(known ?? name) }
    }

    // MARK: Fields

    private static let fieldNames = ["info", "date", "threat_level_id", "analysis", "distribution"]

    private static func fields(of json: AnyJSON) -> [String: String] {
        Dictionary(uniqueKeysWithValues: fieldNames.compactMap { name in json[name]?.text.map { (name, $0) } })
    }

    private static func errors(inEvent json: AnyJSON, isNew: Bool) -> [String: AnyJSON] {
        var errors: [String: AnyJSON] = [:]
        if isNew || json["info"] != nil, (json["info"]?.text ?? "").isEmpty {
            errors["info"] = ["Info cannot be empty."]
        }
        if let uuid = json["uuid"], uuid.text.flatMap({ UUID(uuidString: $0) }) == nil {
            errors["uuid"] = ["Please provide a valid RFC 4122 UUID"]
        }
        if let date = json["date"]?.text, date.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) == nil {
            errors["date"] = ["Expected date format: YYYY-MM-DD"]
        }
        if let distribution = json["distribution"]?.text, !["0", "1", "2", "3", "4"].contains(distribution) {
            errors["distribution"] = [
                "Options: Your organisation only, This community only, Connected communities, All"
            ]
        }
        return errors
    }
}

extension LoopbackServer.Reply {
    static var internalError: Self { .failure(500, "An Internal Error Has Occurred.") }
}
