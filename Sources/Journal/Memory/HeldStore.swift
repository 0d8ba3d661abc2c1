import DequeModule
import Pipeline
import Timestamps

/// What is held for a person, by source; bounded in sources and in bytes, the longest unchanged goes.
struct HeldStore {
    private struct Entry {
        let held: Held
        let bytes: Int
        /// Ascending from change to change.
        let change: UInt64
    }

    private var entries: [SourceKey: Entry] = [:]
    private var bytes = 0
    private var changes: UInt64 = 0

    /// The changes in their order. A source that has changed since, or is gone, leaves its earlier ones behind.
    private var order: Deque<(source: SourceKey, change: UInt64)> = []
    private let limit: Int
    private let byteLimit: Int

    init(limit: Int, bytes: Int) {
        self.limit = limit
        byteLimit = bytes
    }

    var count: Int { entries.count }

    subscript(source: SourceKey) -> Held? { entries[source]?.held }

    /// Keeps alerts with those of their source that are here.
    mutating func add(_ new: Held) {
        let held = remove(new.source)?.merged(with: new) ?? new
        changes += 1
        let entry = Entry(held: held, bytes: held.approximateBytes, change: changes)
        entries[held.source] = entry
        bytes += entry.bytes
        order.append((held.source, changes))
        // What was just held stays, however large it is.
        while entries.count > max(1, limit) || (bytes > byteLimit && entries.count > 1) { removeOldest() }
        if order.count > 2 * entries.count + 16 { order.removeAll { entries[$0.source]?.change != $0.change } }
    }

    /// At most `limit` sources that come after `source` in the order of their texts.
    func page(after source: SourceKey?, limit: Int) -> [Held] {
        let start = source.map { "\($0)" } ?? ""
        let following = entries.values.map { (text: "\($0.held.source)", held: $0.held) }.filter { $0.text > start }
        return following.sorted { $0.text < $1.text }.prefix(limit).map(\.held)
    }

    /// Forgets a source.
    mutating func remove(_ source: SourceKey) -> Held? {
        guard let entry = entries.removeValue(forKey: source) else { return nil }
        bytes -= entry.bytes
        return entry.held
    }

    /// Forgets the sources of which nothing was held since `moment`.
    mutating func expire(lastReceivedBefore moment: Timestamp) -> [SourceKey] {
        let gone = entries.values.filter { $0.held.batch.closed < moment }.map(\.held.source)
        for source in gone { _ = remove(source) }
        return gone
    }

    private mutating func removeOldest() {
        while let oldest = order.popFirst() {
            if entries[oldest.source]?.change == oldest.change {
                _ = remove(oldest.source)
                return
            }
        }
    }
}
