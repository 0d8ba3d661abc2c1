import Foundation

extension MISPStandIn.State {
    /// Takes one attribute of an event's body. What is invalid, double or used elsewhere is left out without a word;
    /// false when it ends in an internal error.
    mutating func merge(attribute json: AnyJSON, object: String?, into event: inout MISPStandIn.Event) -> Bool {
        if let comment = json["comment"]?.text, Self.breaksTheDataBase(comment) { return false }
        guard takesPart() else { return false }
        guard case .success(var attribute) = MISPStandIn.Attribute.read(json, now: now) else { return true }
        attribute.object = object
        if let index = event.attributes.firstIndex(where: { $0.uuid == attribute.uuid }) {
            overwrite(&event.attributes[index], json, attribute)
            return true
        }
        guard conflict(of: attribute, in: event) == nil else { return true }
        attribute.id = nextID()
        attribute.sightings = Self.sightings(in: json)
        event.attributes.append(attribute)
        attributeUUIDs.insert(attribute.uuid)
        return true
    }

    /// A known attribute changes only when the body's is newer or has no time; else the sightings in it are lost too.
    private func overwrite(
        _ known: inout MISPStandIn.Attribute, _ json: AnyJSON, _ new: MISPStandIn.Attribute
    ) {
        guard known.object == new.object, json["timestamp"] == nil || new.timestamp > known.timestamp else { return }
        var changed = new
        changed.id = known.id
        changed.firstSeen = new.firstSeen ?? known.firstSeen
        changed.lastSeen = new.lastSeen ?? known.lastSeen
        changed.deleted = json["deleted"]?.flag ?? known.deleted
        changed.sightings = known.sightings.merging(Self.sightings(in: json)) { old, _ in old }
        known = changed
    }

    /// `POST /attributes/add/UUID`: the one call that tells why an attribute is not taken.
    mutating func addAttributes(to uuid: String, _ body: AnyJSON) -> Reply {
        guard var event = events[uuid], event.organisation == organisation.uuid else {
            return .failure(404, "Invalid event")
        }
        var saved: [AnyJSON] = []
        var errors: [String: AnyJSON] = [:]
        for (index, json) in (body.elements ?? [body]).enumerated() {
            if let comment = json["comment"]?.text, Self.breaksTheDataBase(comment) { return .internalError }
            switch MISPStandIn.Attribute.read(json, now: now) {
            case .failure(let fault): errors["attribute_\(index)"] = fault.json
            case .success(var attribute):
                if let fault = conflict(of: attribute, in: event) {
                    errors["attribute_\(index)"] = fault.json
                } else {
                    attribute.id = nextID()
                    event.attributes.append(attribute)
                    attributeUUIDs.insert(attribute.uuid)
                    saved.append(attribute.json)
                }
            }
        }
        if !saved.isEmpty {
            event.published = false
            events[uuid] = event
        }
        guard body.elements != nil else {
            return saved.first.map { .misp(["Attribute": $0, "AttributeTag": []]) }
                ?? .unsaved("Could not add Attribute", errors: errors["attribute_0"] ?? [:])
        }
        if saved.isEmpty { return .unsaved("Could not add Attribute", errors: .object(errors)) }
        var answer: [String: AnyJSON] = ["Attribute": .array(saved)]
        if !errors.isEmpty { answer["errors"] = .object(errors) }
        return .misp(.object(answer))
    }

    /// `POST /attributes/edit/UUID`: changes what the body names, unless somebody has changed the attribute since.
    mutating func edit(attribute uuid: String, _ body: AnyJSON) -> Reply {
        let json = body["Attribute"] ?? body
        for (id, event) in events where event.organisation == organisation.uuid {
            guard let index = event.attributes.firstIndex(where: { $0.uuid == uuid && !$0.deleted }) else { continue }
            var attribute = event.attributes[index]
            let time = json["timestamp"]?.text.flatMap { Int64($0) }
            if let time, time <= attribute.timestamp {
                return .failure(
                    405, "Attribute could not be saved: Attribute in the request not newer than the local copy.")
            }
            now += 1
            attribute.timestamp = time ?? now
            attribute.comment = json["comment"]?.text ?? attribute.comment
            attribute.toIDs = json["to_ids"]?.flag ?? attribute.toIDs
            attribute.deleted = json["deleted"]?.flag ?? false
            attribute.firstSeen = json["first_seen"]?.text ?? attribute.firstSeen
            attribute.lastSeen = json["last_seen"]?.text ?? attribute.lastSeen
            if Self.breaksTheDataBase(attribute.comment) { return .internalError }
            if let first = attribute.firstSeen, let last = attribute.lastSeen, last < first {
                return .unsaved(
                    "Could not edit Attribute", errors: ["last_seen": ["Last seen date is before first seen date."]])
            }
            events[id]?.attributes[index] = attribute
            events[id]?.published = false
            return .misp(["Attribute": attribute.json])
        }
        return .failure(404, "Invalid attribute")
    }

    /// `POST /sightings/bulkSaveSightings/UUID`: each UUID once, also into attributes that do not change.
    mutating func saveSightings(_ uuid: String, _ request: Request) -> Reply {
        guard role.sighting, access != .readOnly else {
            return .failure(403, "You do not have permission to use this functionality.")
        }
        guard let body = Self.body(of: request).flatMap({ AnyJSON($0) }), var event = events[uuid],
            event.organisation == organisation.uuid
        else {
            return .failure(405, "Event not found or not accessible by this user.")
        }
        var count = 0
        for json in body["Sighting"]?.elements ?? body.elements ?? [] {
            guard let target = json["attribute_uuid"]?.text, let id = json["uuid"]?.text,
                let index = event.attributes.firstIndex(where: { $0.uuid == target && !$0.deleted }),
                event.attributes[index].sightings[id] == nil
            else { continue }
            event.attributes[index].sightings.merge(Self.sightings(in: ["Sighting": [json]])) { old, _ in old }
            count += 1
        }
        events[uuid] = event
        return .misp([
            "saved": .bool(count > 0), "success": count > 0 ? "\(count) sightings added." : "No sightings added.",
        ])
    }

    /// Why an attribute cannot stand beside what is there.
    private func conflict(
        of attribute: MISPStandIn.Attribute, in event: MISPStandIn.Event
    ) -> MISPStandIn.AttributeFault? {
        let isUsed =
            attributeUUIDs.contains(attribute.uuid) && events.values.contains { $0[attribute: attribute.uuid] != nil }
        if isUsed || event[attribute: attribute.uuid] != nil {
            return .init(field: "uuid", reason: "The UUID provided is not unique")
        }
        let isDouble = event.attributes.contains {
            !$0.deleted && $0.object == attribute.object && $0.type == attribute.type
                && $0.category == attribute.category && $0.value == attribute.value
                && $0.relation == attribute.relation
        }
        return isDouble
            ? .init(field: "value", reason: "A similar attribute already exists for this event.") : nil
    }

    private static func sightings(in json: AnyJSON) -> [String: MISPStandIn.Sighting] {
        (json["Sighting"]?.elements ?? []).reduce(into: [:]) { sightings, json in
            guard let uuid = json["uuid"]?.text else { return }
            sightings[uuid] = .init(
                date: json["date_sighting"]?.text ?? "", source: json["source"]?.text ?? "",
                type: json["type"]?.text ?? "0")
        }
    }

    /// Text that MISP's tables do not hold: characters above U+FFFF, or more than 64 KiB.
    static func breaksTheDataBase(_ text: String) -> Bool {
        text.utf8.count > 65_535 || text.unicodeScalars.contains { $0.value > 0xffff }
    }
}
