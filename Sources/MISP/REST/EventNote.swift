import FoundationEssentials
import Timestamps

/// What is to be remembered of an event: how it differs from what was sent, so that the next delivery looks at it only
/// when it has changed since.
struct EventNote: Equatable, Codable {
    /// Our attributes that MISP refused, with its reasons.
    var refused: [UUID: String] = [:]

    /// Our other attributes that the event does not have: somebody took them away.
    var gone: Set<UUID> = []

    /// How many attributes it has that are not ours.
    var surplus = 0

    /// When it says that the attacker was seen last; nil when that is not known.
    var lastSeen: Timestamp?

    /// The sightings that it has of those that were sent last; nil where that is not known.
    var sighted: Set<UUID>?

    /// All our attributes that the event does not have.
    var missing: Set<UUID> { gone.union(refused.keys) }

    init() {}

    /// Nil for what ``encoded`` did not write.
    init?(_ bytes: [UInt8]) {
        guard let note = try? JSONDecoder().decode(EventNote.self, from: Data(bytes)) else { return nil }
        self = note
    }

    /// Nil only where it can't be written, which costs the next delivery a look at the event.
    var encoded: [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(self)).map(Array.init)
    }
}
