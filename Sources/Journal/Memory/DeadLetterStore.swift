import DequeModule
import Pipeline
import Timestamps

/// The dead letters that came last, with what they tell of.
struct DeadLetterStore {
    private var entries: Deque<(letter: DeadLetter, batch: Batch)> = []
    private var nextID: Int64 = 1
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// The oldest first.
    var letters: [DeadLetter] { entries.map(\.letter) }

    mutating func add(_ delivery: Delivery, reason: String, at moment: Timestamp) {
        let letter = DeadLetter(
            id: nextID, sink: delivery.sink, source: delivery.source, died: moment, reason: reason,
            alerts: delivery.batch.evidence.alerts.count)
        nextID += 1
        entries.append((letter, delivery.batch))
        if entries.count > limit { entries.removeFirst() }
    }

    /// Takes a letter out; nil when it is not there.
    mutating func remove(_ id: Int64) -> (letter: DeadLetter, batch: Batch)? {
        entries.firstIndex { $0.letter.id == id }.map { entries.remove(at: $0) }
    }
}
