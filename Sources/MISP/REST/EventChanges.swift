import FoundationEssentials

/// What an edit adds to an event or changes in it.
typealias EventChanges = EventEdit<Attribute, Object, EventReport>

extension EventChanges {
    /// All parts of an event, but for the sightings: MISP does not read them in an attribute that it leaves as it is.
    init(_ event: MISPEvent) {
        self.init(
            uuid: event.uuid, tags: event.tags, attributes: event.attributes.map(\.withoutSightings),
            objects: event.objects.map(\.withoutSightings), reports: event.reports)
    }

    /// Some objects of an event and nothing else.
    init(objects: [Object], of event: MISPEvent) {
        self.init(uuid: event.uuid, objects: objects)
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

extension Object: AttributeHolder {
    var attributeCount: Int { attributes.count }
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
