package import FoundationEssentials

/// Alerts of one source that wait for a person, as a batch that could go out as it is.
package struct Held: Sendable, Codable {
    package let source: SourceKey

    /// What all of them say: it opened when the first one came in, and closed when the last one did.
    package let batch: Batch

    /// Why they are held, and how many for each reason, in the words of ``Decision/Reason``.
    package let reasons: [String: Int]

    /// The batches that were held when it was time to tell of them, the last of them: each sink's worker holds them.
    private let batches: [UUID]

    private static let mostBatches = 256

    /// - Parameter batches: those that were closed before they were held; none for alerts that never came into one.
    package init(source: SourceKey, batch: Batch, reasons: [String: Int], batches: [UUID] = []) {
        self.source = source
        self.batch = batch
        self.reasons = reasons
        self.batches = batches
    }

    /// These alerts, with others of the source that came later. Batches that are held already, for another sink, count
    /// once.
    package func merged(with later: Held) -> Held {
        guard later.batches.isEmpty || !Set(later.batches).isSubset(of: batches) else { return self }
        var evidence = batch.evidence
        evidence.merge(later.batch.evidence)
        return Held(
            source: source,
            batch: Batch(
                id: batch.id, source: source, opened: min(batch.opened, later.batch.opened),
                closed: max(batch.closed, later.batch.closed), evidence: evidence),
            reasons: reasons.merging(later.reasons, uniquingKeysWith: +),
            batches: Array((batches + later.batches).suffix(Self.mostBatches)))
    }
}
