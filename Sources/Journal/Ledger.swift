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

    /// The delivery was stored: what it says is what the sink holds now.
    mutating func record(_ delivery: Delivery) {
        changes += 1
        let key = Key(sink: delivery.sink, source: delivery.source)
        let entry = Entry(history: delivery.outcome, bytes: delivery.outcome.approximateBytes, change: changes)
        bytes += entry.bytes - (entries.updateValue(entry, forKey: key)?.bytes ?? 0)
        removeEnded(before: delivery.outcome.window.lowerBound)
        if entries.count > limit || bytes > byteLimit { removeOldest() }
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
