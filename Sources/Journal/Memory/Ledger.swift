import FoundationEssentials
import Pipeline
import Timestamps

/// What each sink holds of each source, newest window only; bounded in entries and in bytes.
struct Ledger {
    private struct Key: Hashable {
        let sink: String
        let source: SourceKey
    }

    private struct Entry {
        let history: History
        let bytes: Int
        /// Since when it is to be published; nil where it is not.
        var unpublished: Timestamp?
        /// Ascending from change to change.
        let change: UInt64
    }

    private var entries: [Key: Entry] = [:]
    private var bytes = 0
    private var changes: UInt64 = 0

    /// Start of the newest window that was recorded.
    private var newestWindow: Timestamp?
    private let limit: Int
    private let byteLimit: Int

    /// How long an entry is kept beyond its window, for batches that opened in it and are delivered late.
    private static let grace = Duration.seconds(86_400)

    init(limit: Int, bytes: Int) {
        self.limit = limit
        byteLimit = bytes
    }

    /// The delivery was stored at `moment`: what it says is what the sink holds now.
    mutating func record(_ delivery: Delivery, _ answer: Receipt.Stored, at moment: Timestamp) {
        changes += 1
        let key = Key(sink: delivery.sink, source: delivery.source)
        let earlier = entries[key]
        let history = History(delivery, answer, at: moment, after: earlier?.history)
        let entry = Entry(
            history: history, bytes: history.approximateBytes,
            unpublished: delivery.composition.isToBePublished ? earlier?.unpublished ?? moment : nil, change: changes)
        bytes += entry.bytes - (entries.updateValue(entry, forKey: key)?.bytes ?? 0)
        removeEnded(before: history.window.lowerBound)
        if entries.count > limit || bytes > byteLimit { removeOldest() }
    }

    /// The event of the source that is to be published; nil where there is none.
    func unpublished(of source: SourceKey, in sink: String) -> Unpublished? {
        guard let entry = entries[Key(sink: sink, source: source)], let since = entry.unpublished else { return nil }
        return Unpublished(event: entry.history.event, since: since, changed: entry.history.stored)
    }

    mutating func published(_ event: UUID, of source: SourceKey, in sink: String) {
        let key = Key(sink: sink, source: source)
        if entries[key]?.history.event == event { entries[key]?.unpublished = nil }
    }

    /// The sources whose entries changed last, at most `limit`.
    func sources(in sink: String, limit: Int) -> [SourceKey] {
        let newest = entries.filter { $0.key.sink == sink }.sorted { $0.value.change > $1.value.change }
        return newest.prefix(limit).map(\.key.source)
    }

    func history(of source: SourceKey, in sink: String, at moment: Timestamp) -> History? {
        guard let history = entries[Key(sink: sink, source: source)]?.history, history.window.contains(moment) else {
            return nil
        }
        return history
    }

    /// Removes what no alert of today can belong to. The windows that are recorded tell the time.
    private mutating func removeEnded(before window: Timestamp) {
        guard newestWindow.map({ window > $0 }) ?? true else { return }
        newestWindow = window
        keep { $0.history.window.upperBound + Self.grace > window }
    }

    /// Removes the longest unchanged entries, down to half of what there may be: a full ledger is put in order once in
    /// a while, not with every change.
    private mutating func removeOldest() {
        var count = 0
        var size = 0
        var boundary: UInt64 = .max
        for entry in entries.values.sorted(by: { $0.change > $1.change }) {
            count += 1
            size += entry.bytes
            // The entry that was just recorded stays, however large it is.
            guard count == 1 || count <= limit / 2 && size <= byteLimit / 2 else { break }
            boundary = entry.change
        }
        keep { $0.change >= boundary }
    }

    private mutating func keep(_ isKept: (Entry) -> Bool) {
        entries = entries.filter { isKept($0.value) }
        bytes = entries.values.reduce(0) { $0 + $1.bytes }
    }
}
