package import Pipeline

/// What MISP did not take of an event.
package struct RefusedItem: Sendable, Equatable {
    /// What the item is: `url|https://…`.
    package let key: String
    package let reason: String

    /// The refusals that the sink remembers of an entry, by their keys.
    package static func all(in history: History) -> [RefusedItem] {
        let refused = history.note.flatMap { EventNote(Array($0)) }?.refused ?? [:]
        return refused.map { id, reason in RefusedItem(key: history.items[id]?.key ?? id.lowercase, reason: reason) }
            .sorted { ($0.key, $0.reason) < ($1.key, $1.reason) }
    }
}
