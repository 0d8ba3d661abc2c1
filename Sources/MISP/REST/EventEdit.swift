/// What an edit says of an event: parts of it, and nothing of the event itself.
///
/// MISP keeps what a body does not have, so that title, level and distribution stay as an analyst has set them. Without a
/// timestamp the edit is always taken.
struct EventEdit<Part, Whole, Report>: Sendable
where Part: Encodable & Sendable, Whole: AttributeHolder & Encodable & Sendable, Report: Encodable & Sendable {
    let uuid: WireUUID
    var tags: [Tag] = []
    /// Those outside objects.
    var attributes: [Part] = []
    var objects: [Whole] = []
    var reports: [Report] = []

    var isEmpty: Bool { tags.isEmpty && attributes.isEmpty && objects.isEmpty && reports.isEmpty }

    /// The same in requests of at most so many attributes. Objects stay whole; tags and reports come first.
    func split(limit: Int) -> [EventEdit] {
        var requests: [EventEdit] = []
        var next = EventEdit(uuid: uuid, tags: tags, reports: reports)
        var room = limit
        func closeIfFull(for count: Int) {
            guard count > room, room < limit else { return }
            requests.append(next)
            next = EventEdit(uuid: uuid)
            room = limit
        }
        for attribute in attributes {
            closeIfFull(for: 1)
            next.attributes.append(attribute)
            room -= 1
        }
        for object in objects {
            closeIfFull(for: object.attributeCount)
            next.objects.append(object)
            room -= object.attributeCount
        }
        return requests + [next]
    }
}

/// What has attributes of its own, which count to a request.
protocol AttributeHolder {
    var attributeCount: Int { get }
}

extension EventEdit: Equatable where Part: Equatable, Whole: Equatable, Report: Equatable {}

extension EventEdit: Encodable {
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
