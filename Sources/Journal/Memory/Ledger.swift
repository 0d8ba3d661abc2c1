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
        var history: History
        let bytes: Int
        /// Since when it is to be published; nil where it is not.
        var unpublished: Timestamp?
        /// When something of it changed last at the sink.
        var changed: Timestamp
        /// Ascending from change to change.
        let change: UInt64
    }

    private var entries: [Key: Entry] = [:]
    private var bytes = 0
    private var changes: UInt64 = 0

    /// What people took back.
    private(set) var revoked: [SourceKey: Revocation] = [:]

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
        var history = History(delivery, answer, at: moment, after: earlier?.history)
        // What was asked for while it was under way still is.
        if let withdrawal = earlier?.history.withdrawal, withdrawal.isOutstanding {
            history = history.withdrawn(withdrawal)
        } else {
            let revocation = revoked[key.source].flatMap { $0.until > moment ? $0 : nil }
            history = history.withdrawn(revocation?.withdrawal)
        }
        let entry = Entry(
            history: history, bytes: history.approximateBytes,
            unpublished: delivery.composition.isToBePublished ? earlier?.unpublished ?? moment : nil,
            changed: moment, change: changes)
        bytes += entry.bytes - (entries.updateValue(entry, forKey: key)?.bytes ?? 0)
        removeEnded(before: history.window.lowerBound)
        if entries.count > limit || bytes > byteLimit { removeOldest() }
    }

    /// The event of the source that is to be published; nil where there is none.
    func unpublished(of source: SourceKey, in sink: String) -> Unpublished? {
        guard let entry = entries[Key(sink: sink, source: source)], let since = entry.unpublished else { return nil }
        return Unpublished(
            event: entry.history.event, since: since, changed: entry.changed,
            isUrgent: entry.history.withdrawal?.isRevocation ?? false)
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

    /// The entry of the source that is to be taken back.
    func withdrawing(of source: SourceKey, in sink: String) -> History? {
        let history = entries[Key(sink: sink, source: source)]?.history
        return history?.withdrawal?.isOutstanding ?? false ? history : nil
    }

    /// The sinks that have something of the source, which is to be taken back from now on.
    mutating func revoke(_ revocation: Revocation) -> Set<String> {
        let keys = entries.keys.filter { $0.source == revocation.source }
        for key in keys {
            guard let history = entries[key]?.history, !revocation.withdrawal.isSame(as: history.withdrawal) else {
                continue
            }
            entries[key]?.history = history.withdrawn(revocation.withdrawal)
        }
        return Set(keys.map(\.sink))
    }

    /// Holds what comes of a source from now on, at least until its windows are over.
    mutating func remember(_ revocation: Revocation) {
        var revocation = revocation
        for (key, entry) in entries where key.source == revocation.source {
            revocation.until = max(revocation.until, entry.history.window.upperBound)
        }
        revoked = revoked.filter { $0.value.until > revocation.moment }
        revoked[revocation.source] = revocation
    }

    mutating func forgetRevocation(of source: SourceKey) { revoked[source] = nil }

    mutating func retire(
        unseenSince moment: Timestamp, limit: Int, now: Timestamp
    ) -> [(sink: String, source: SourceKey)] {
        let due = entries.filter {
            $0.value.history.withdrawal == nil && $0.value.history.evidence.alerts.last < moment
        }
        .sorted { $0.value.history.evidence.alerts.last < $1.value.history.evidence.alerts.last }.prefix(limit)
        for (key, entry) in due { entries[key]?.history = entry.history.withdrawn(Withdrawal(.retired, at: now)) }
        return due.map { ($0.key.sink, $0.key.source) }
    }

    /// Ends what the entry asks to take back, unless something else was asked meanwhile.
    mutating func withdrawn(
        _ entry: History, of source: SourceKey, in sink: String, _ receipt: Receipt, at moment: Timestamp
    ) {
        let key = Key(sink: sink, source: source)
        guard let history = entries[key]?.history, let withdrawal = history.withdrawal,
            history.window == entry.window, withdrawal.isSame(as: entry.withdrawal)
        else { return }
        entries[key]?.history = history.withdrawn(withdrawal.answered(receipt, at: moment))
        entries[key]?.unpublished = receipt.isToBePublished ? moment : nil
        entries[key]?.changed = moment
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
