/// Attributes that belong together, by one of MISP's object templates.
package struct Object: Sendable, Equatable, Codable {
    package var uuid: WireUUID
    package var template: Template
    package var distribution: Distribution?
    package var comment: String
    package var timestamp: WireSeconds
    package var attributes: [Attribute]
    package var references: [ObjectReference] = []
    /// Whether it was taken back. Nil where it never was.
    package var deleted: Bool?

    /// A template of the misp-objects collection, by the version whose fields Warnbell fills.
    package struct Template: Sendable, Equatable {
        package let name: String
        package let metaCategory: String
        package let description: String
        package let uuid: WireUUID
        package let version: String
    }

    enum CodingKeys: String, CodingKey {
        case uuid, name, description, distribution, comment, timestamp, deleted
        case metaCategory = "meta-category"
        case templateUUID = "template_uuid"
        case templateVersion = "template_version"
        case attributes = "Attribute"
        case references = "ObjectReference"
    }
}

extension Object {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        uuid = try container.decode(WireUUID.self, forKey: .uuid)
        template = Template(
            name: try container.decode(String.self, forKey: .name),
            metaCategory: try container.decode(String.self, forKey: .metaCategory),
            description: try container.decode(String.self, forKey: .description),
            uuid: try container.decode(WireUUID.self, forKey: .templateUUID),
            version: try container.decode(String.self, forKey: .templateVersion))
        distribution = try container.decodeIfPresent(Distribution.self, forKey: .distribution)
        comment = try container.decode(String.self, forKey: .comment)
        timestamp = try container.decode(WireSeconds.self, forKey: .timestamp)
        attributes = try container.decode([Attribute].self, forKey: .attributes)
        references = try container.decodeIfPresent([ObjectReference].self, forKey: .references) ?? []
        deleted = try container.decodeIfPresent(Bool.self, forKey: .deleted)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(uuid, forKey: .uuid)
        try container.encode(template.name, forKey: .name)
        try container.encode(template.metaCategory, forKey: .metaCategory)
        try container.encode(template.description, forKey: .description)
        try container.encode(template.uuid, forKey: .templateUUID)
        try container.encode(template.version, forKey: .templateVersion)
        try container.encodeIfPresent(distribution, forKey: .distribution)
        try container.encode(comment, forKey: .comment)
        try container.encode(timestamp, forKey: .timestamp)
        try container.encode(attributes, forKey: .attributes)
        if !references.isEmpty { try container.encode(references, forKey: .references) }
        try container.encodeIfPresent(deleted, forKey: .deleted)
    }
}
