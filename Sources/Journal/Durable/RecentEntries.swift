import Pipeline
import Wazuh

/// Entries that are not settled, as far as memory is granted for them; the rest is in the file alone.
struct RecentEntries {
    private var entries: [UInt64: JournalEntry] = [:]
    private var bytes = 0
    private let limit: Int

    /// - Parameter limit: bytes of alerts.
    init(limit: Int) {
        self.limit = limit
    }

    /// Keeps an entry if there is room for it.
    mutating func insert(_ entry: JournalEntry) {
        guard bytes + entry.alert.bytes.count <= limit else { return }
        entries[entry.sequence] = entry
        bytes += entry.alert.bytes.count
    }

    subscript(sequence: UInt64) -> JournalEntry? { entries[sequence] }

    mutating func remove(_ sequence: UInt64) {
        if let entry = entries.removeValue(forKey: sequence) { bytes -= entry.alert.bytes.count }
    }
}
