/// Alerts of one source that wait for a person, as a batch that could go out as it is.
package struct Held: Sendable, Codable {
    package let source: SourceKey

    /// What all of them say: it opened when the first one came in, and closed when the last one did.
    package let batch: Batch

    /// Why they are held, and how many for each reason, in the words of ``Decision/Reason``.
    package let reasons: [String: Int]

    package init(source: SourceKey, batch: Batch, reasons: [String: Int]) {
        self.source = source
        self.batch = batch
        self.reasons = reasons
    }

    /// These alerts, with others of the source that came later.
    package func merged(with later: Held) -> Held {
        var evidence = batch.evidence
        evidence.merge(later.batch.evidence)
        return Held(
            source: source,
            batch: Batch(
                id: batch.id, source: source, opened: min(batch.opened, later.batch.opened),
                closed: max(batch.closed, later.batch.closed), evidence: evidence),
            reasons: reasons.merging(later.reasons, uniquingKeysWith: +))
    }
}
