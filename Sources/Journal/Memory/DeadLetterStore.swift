import DequeModule
import Pipeline
import Timestamps

/// The dead letters that came last, with what they tell of.
struct DeadLetterStore {
    private struct Entry {
        var letter: DeadLetter
        var batch: Batch
        /// From when to when alerts belong to the event that was refused.
        let window: Range<Timestamp>
    }

    private var entries: Deque<Entry> = []
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
        entries.append(Entry(letter: letter, batch: delivery.batch, window: delivery.composition.window))
        if entries.count > limit { entries.removeFirst() }
    }

    /// Adds a batch to the letter of its event; false where there is none.
    mutating func join(_ batch: Batch, at sink: String) -> Bool {
        let place = entries.lastIndex { entry in
            entry.letter.sink == sink && entry.letter.source == batch.source && entry.window.contains(batch.opened)
        }
        guard let place else { return false }
        entries[place].batch = entries[place].batch.merged(with: [batch])
        entries[place].letter.alerts = entries[place].batch.evidence.alerts.count
        return true
    }

    /// Takes a letter out; nil when it is not there.
    mutating func remove(_ id: Int64) -> (letter: DeadLetter, batch: Batch)? {
        entries.firstIndex { $0.letter.id == id }.map { place in
            let entry = entries.remove(at: place)
            return (entry.letter, entry.batch)
        }
    }
}
