import FoundationEssentials
import Pipeline
import Timestamps

/// Gives each item of an event its identity and its time while the event is composed, and remembers them all.
///
/// An item that was composed before keeps the time that it had then: MISP skips what is not newer, so that sending it
/// again changes nothing, and what an analyst changed since stays.
struct ItemLedger {
    let event: UUID

    /// The time of what is new or rewritten: now, but later in whole seconds than all that was composed before.
    let changed: Timestamp

    private let now: Timestamp

    /// Whether what was composed before was taken back since: all of it is composed anew, as newer.
    private let isRenewed: Bool

    /// What earlier compositions had, but for sightings.
    private let known: [UUID: Composition.Item]

    /// Earlier sightings by their keys without the batch, oldest first.
    private let knownSightings: [String: [Composition.Item]]

    private var entered: [UUID: Composition.Item] = [:]

    init(event: UUID, now: Timestamp, history: History?) {
        self.event = event
        self.now = now
        let items = history?.items ?? [:]
        known = items.filter { ItemKind(key: $0.value.key) != .sighting }
        isRenewed = history?.withdrawal != nil
        // What takes something back is a second newer than that at most.
        let step: Int64 = isRenewed ? 2 : 1
        let times = known.values.map(\.timestamp) + [history?.withdrawal?.moment].compactMap { $0 }
        let earliest = times.max().map { Timestamp(seconds: $0.seconds + step) }
        changed = max(now, earliest ?? now)
        knownSightings = Dictionary(
            grouping: items.values.filter { ItemKind(key: $0.key) == .sighting }
                .sorted { ($0.timestamp, $0.key) < ($1.timestamp, $1.key) },
            by: { Self.withoutBatch($0.key) })
    }

    /// Whether an earlier composition had the item.
    func isKnown(_ name: ItemName) -> Bool {
        known[name.id(in: event)] != nil
    }

    /// The item with the time it had first; nil if this event has it already, since MISP takes a value once.
    mutating func enter(_ name: ItemName) -> Composition.Item? {
        let id = name.id(in: event)
        guard entered[id] == nil else { return nil }
        let item = isRenewed ? nil : known[id]
        let entry = item ?? Composition.Item(id: id, key: name.key, timestamp: changed)
        entered[id] = entry
        return entry
    }

    /// The item with a time later than it ever had: for what this program itself rewrites.
    mutating func renew(_ name: ItemName) -> Composition.Item {
        let id = name.id(in: event)
        let item = Composition.Item(id: id, key: name.key, timestamp: changed)
        entered[id] = item
        return item
    }

    /// The sightings of an attribute, oldest first: the latest of those it had, and one for this batch unless the
    /// last one was less than an hour before.
    mutating func sightings(
        of type: AttributeType, _ value: String, seen: Timestamp?, batch: UUID, keeping limit: Int
    ) -> [Composition.Item] {
        let name = ItemName.sighting(type: type.rawValue, value: value, batch: batch)
        var items = knownSightings[Self.withoutBatch(name.key)] ?? []
        if let moment = seen.map({ min($0, now) }),
            items.last.map({ moment - $0.timestamp >= Self.sightingInterval }) ?? true
        {
            items.append(Composition.Item(id: name.id(in: event), key: name.key, timestamp: moment))
        }
        items = items.suffix(limit)
        for item in items { entered[item.id] = item }
        return items
    }

    /// Everything: what was entered, and what only earlier compositions had. Sorted by key.
    var items: [Composition.Item] {
        known.merging(entered) { $1 }.values.sorted { $0.key < $1.key }
    }

    static let sightingInterval: Duration = .seconds(3600)

    private static func withoutBatch(_ key: String) -> String {
        String(Substring(key.utf8.prefix(max(0, key.utf8.count - 37))))
    }
}
