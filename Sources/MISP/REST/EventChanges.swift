import FoundationEssentials

/// What an edit adds to an event or changes in it.
///
/// It names nothing of the event itself: MISP keeps what a body does not have, so that title, level and distribution
/// stay as an analyst has set them. Without a timestamp the edit is always taken.
struct EventChanges: Sendable, Equatable {
    let uuid: WireUUID
    var tags: [Tag]
    var attributes: [Attribute]
    var objects: [Object]
    var reports: [EventReport]

    /// All parts of an event, but for the sightings: MISP does not read them in an attribute that it leaves as it is.
    init(_ event: MISPEvent) {
        uuid = event.uuid
        tags = event.tags
        attributes = event.attributes.map(\.withoutSightings)
        objects = event.objects.map(\.withoutSightings)
        reports = event.reports
    }

    /// Some objects of an event and nothing else.
    init(objects: [Object], of event: MISPEvent) {
        uuid = event.uuid
        tags = []
        attributes = []
        self.objects = objects
        reports = []
    }

    /// Leaves what no earlier composition had: all of it has the time of this one, the latest in the body.
    ///
    /// The rest MISP has got before. It has it still, or somebody took it away: sent again it would come back, because
    /// of an event that was never published MISP does not remember what was deleted.
    mutating func keepNewest() {
        guard let newest = newest?.seconds else { return }
        attributes.removeAll { $0.timestamp.seconds < newest }
        objects.removeAll { $0.newest.seconds < newest }
        reports.removeAll { $0.timestamp.seconds < newest }
    }

    /// The time of what is newest in it; nil for nothing but tags.
    var newest: WireSeconds? {
        let times = attributes.map(\.timestamp) + objects.map(\.newest) + reports.map(\.timestamp)
        return times.max { $0.seconds < $1.seconds }
    }

    var isEmpty: Bool { tags.isEmpty && attributes.isEmpty && objects.isEmpty && reports.isEmpty }

    /// Leaves out what the event has: attributes and reports, whatever they are by now, and what of our own objects is
    /// not newer.
    ///
    /// A report there tells of more alerts than are known to one who has to look what is there.
    mutating func subtract(_ stored: StoredEvent) {
        // An event has its tags from the start: one without any of them was left half made. Else an analyst may have
        // taken one away, for another traffic light say; clusters alone may be new, of another receiver's alerts.
        let missing = Set(stored.summary.missing(tags))
        let isTagged = missing.count < tags.count
        tags.removeAll { !missing.contains($0.name) || isTagged && !$0.name.hasPrefix("misp-galaxy:") }
        attributes.removeAll { stored.attributes[$0.uuid.uuid] != nil }
        objects.removeAll { object in
            object.timestamp.isKnown(stored.objects[object.uuid.uuid])
                && object.attributes.allSatisfy { $0.timestamp.isKnown(stored.attributes[$0.uuid.uuid]) }
        }
        // MISP passes over an object that is not newer, with the attributes that it lacks.
        for index in objects.indices {
            guard let time = stored.objects[objects[index].uuid.uuid] else { continue }
            objects[index].timestamp = WireSeconds(seconds: max(time + 1, objects[index].timestamp.seconds))
        }
        reports.removeAll { stored.reports.contains($0.uuid.uuid) }
    }

    /// The same changes in requests of at most so many attributes. Objects stay whole; tags and reports come first.
    func split(limit: Int) -> [EventChanges] {
        var requests: [EventChanges] = []
        var next = self
        next.attributes = []
        next.objects = []
        var room = limit
        func closeIfFull(for count: Int) {
            guard count > room, room < limit else { return }
            requests.append(next)
            next.tags = []
            next.reports = []
            next.attributes = []
            next.objects = []
            room = limit
        }
        for attribute in attributes {
            closeIfFull(for: 1)
            next.attributes.append(attribute)
            room -= 1
        }
        for object in objects {
            closeIfFull(for: object.attributes.count)
            next.objects.append(object)
            room -= object.attributes.count
        }
        return requests + [next]
    }
}

extension EventChanges: Encodable {
    private enum DocumentKeys: String, CodingKey { case event = "Event" }

    private enum CodingKeys: String, CodingKey {
        case uuid
        case tags = "Tag"
        case attributes = "Attribute"
        case objects = "Object"
        case reports = "EventReport"
    }

    func encode(to encoder: any Encoder) throws {
        var document = encoder.container(keyedBy: DocumentKeys.self)
        var event = document.nestedContainer(keyedBy: CodingKeys.self, forKey: .event)
        try event.encode(uuid, forKey: .uuid)
        if !tags.isEmpty { try event.encode(tags, forKey: .tags) }
        if !attributes.isEmpty { try event.encode(attributes, forKey: .attributes) }
        if !objects.isEmpty { try event.encode(objects, forKey: .objects) }
        if !reports.isEmpty { try event.encode(reports, forKey: .reports) }
    }
}

/// A sighting on its own, with the attribute that it belongs to.
struct AttributeSighting: Sendable, Equatable, Encodable {
    let attribute: WireUUID
    let sighting: Sighting

    private enum CodingKeys: String, CodingKey { case attribute = "attribute_uuid" }

    func encode(to encoder: any Encoder) throws {
        try sighting.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(attribute, forKey: .attribute)
    }
}

extension MISPEvent {
    /// The sightings in the event's attributes.
    var sightings: [AttributeSighting] {
        (attributes + objects.flatMap(\.attributes)).flatMap { attribute in
            (attribute.sightings ?? []).map { AttributeSighting(attribute: attribute.uuid, sighting: $0) }
        }
    }
}

extension Attribute {
    fileprivate var withoutSightings: Attribute {
        var attribute = self
        attribute.sightings = nil
        return attribute
    }
}

extension Object {
    /// The latest time of the object and its attributes.
    fileprivate var newest: WireSeconds {
        WireSeconds(seconds: attributes.reduce(timestamp.seconds) { max($0, $1.timestamp.seconds) })
    }

    fileprivate var withoutSightings: Object {
        var object = self
        object.attributes = attributes.map(\.withoutSightings)
        return object
    }
}

extension WireSeconds {
    /// Whether something that is there with this time would not be changed.
    fileprivate func isKnown(_ stored: Int64?) -> Bool {
        stored.map { seconds <= $0 } ?? false
    }
}
