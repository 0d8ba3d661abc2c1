/// Alerts that are over, on their way into the file, many at a time: neighbours are one row there, and whoever closes
/// batches ends alerts of many sources in an order of its own.
struct FinishedAlerts {
    private var new: [UInt64] = []
    /// What a transaction has that is not over.
    private var writing = SequenceRanges()

    /// Adds some; whether there were none that somebody would write.
    mutating func add(_ sequences: [UInt64]) -> Bool {
        defer { new += sequences }
        return new.isEmpty
    }

    /// What a transaction is to write: what came meanwhile, and what one before it could not.
    mutating func next() -> SequenceRanges {
        writing = SequenceRanges(merging: writing.ranges + SequenceRanges(new).ranges)
        new.removeAll(keepingCapacity: true)
        return writing
    }

    /// The transaction is over.
    mutating func written() { writing = SequenceRanges() }
}
