/// One fact of an event: an address, a URL, a hash.
package struct Attribute: Sendable, Equatable, Codable {
    package var uuid: WireUUID
    package var type: AttributeType
    package var category: AttributeType.Category
    package var value: String
    package var comment: String
    /// Whether detection systems may act on it.
    package var toIDs: Bool
    package var disableCorrelation: Bool
    /// Nil in a feed, where MISP's own setting for the feed counts.
    package var distribution: Distribution?
    package var timestamp: WireSeconds
    package var firstSeen: WireMoment?
    package var lastSeen: WireMoment?
    /// Which field of its template the attribute fills; nil outside objects.
    package var relation: String?
    package var sightings: [Sighting]?
    /// Whether it was taken back. Nil where it never was.
    package var deleted: Bool?

    enum CodingKeys: String, CodingKey {
        case uuid, type, category, value, comment, distribution, timestamp, deleted
        case toIDs = "to_ids"
        case disableCorrelation = "disable_correlation"
        case firstSeen = "first_seen"
        case lastSeen = "last_seen"
        case relation = "object_relation"
        case sightings = "Sighting"
    }
}
