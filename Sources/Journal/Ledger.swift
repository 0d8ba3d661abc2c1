import Pipeline
import Timestamps

/// What each sink holds of each source, newest window only; bounded.
struct Ledger {
    private struct Key: Hashable {
        let sink: String
        let source: SourceKey
    }

    private var histories: [Key: (history: History, change: UInt64)] = [:]
    private var changes: UInt64 = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// The delivery was stored: what it says is what the sink holds now.
    mutating func record(_ delivery: Delivery) {
        changes += 1
        histories[Key(sink: delivery.sink, source: delivery.source)] = (delivery.outcome, changes)
        guard histories.count > limit else { return }
        let boundary = histories.values.map(\.change).sorted()[limit / 2]
        histories = histories.filter { $0.value.change > boundary }
    }

    func history(of source: SourceKey, in sink: String, at moment: Timestamp) -> History? {
        guard let history = histories[Key(sink: sink, source: source)]?.history, history.window.contains(moment) else {
            return nil
        }
        return history
    }
}
