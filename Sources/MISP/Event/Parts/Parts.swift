import Pipeline
import Timestamps

/// Pieces of an event that are meant for the same readers.
struct Parts: Sendable {
    var attributes: [Attribute] = []
    var objects: [Object] = []
    var reports: [EventReport] = []
}

extension Attribute {
    /// An attribute outside objects, with its first and last time.
    init(
        _ item: Composition.Item, _ type: AttributeType, _ value: String, seen: Tally, comment: String,
        toIDs: Bool = false, correlates: Bool = false, distribution: Distribution
    ) {
        uuid = WireUUID(item.id)
        self.type = type
        category = type.category
        self.value = value
        self.comment = comment
        self.toIDs = toIDs
        disableCorrelation = !correlates
        self.distribution = distribution
        timestamp = WireSeconds(item.timestamp)
        firstSeen = WireMoment(seen.first)
        lastSeen = WireMoment(seen.last)
    }
}

extension EventReport {
    init(_ item: Composition.Item, name: String, content: String, distribution: Distribution) {
        uuid = WireUUID(item.id)
        self.name = MISPText.line(name)
        self.content = MISPText.clean(content)
        self.distribution = distribution
        timestamp = WireSeconds(item.timestamp)
    }
}

extension Tallies {
    /// The noisiest values, up to a limit; those that were sent before stay, whatever else has become louder.
    func chosen(limit: Int, isKnown: (Value) -> Bool) -> [(key: Value, value: Tally)] {
        let sorted = noisiest
        let known = sorted.filter { isKnown($0.key) }
        let new = sorted.filter { !isKnown($0.key) }
        return known + new.prefix(max(0, limit - known.count))
    }
}
