import IPAddresses

/// What lists say of a source, right before it is told of.
extension SinkWorker {
    /// Batches that are to be told of as one, with the lists that name their source; nil where they are held or over
    /// because of them.
    ///
    /// - Throws: where the lists can't be asked. Then the source waits, as it does where the sink does not answer.
    func listed(_ batch: Batch, of batches: [Batch]) async throws(ListsUnanswered) -> Batch? {
        guard let lists else { return batch }
        let verdict: Verdict
        switch try await lists.opinion(on: batch) {
        case .share(let matches): return batch.listed(matches)
        case .hold(let matches):
            verdict = .hold(reason: matches.reason)
            // A release is for the lists that the person was told of.
            let held = Held(
                source: batch.source, batch: batch.listed(matches),
                reasons: [matches.reason: batch.evidence.alerts.count], batches: batches.map(\.id))
            await journal.hold([held], members: [])
        case .ignore(let matches): verdict = .never(reason: matches.reason)
        }
        await journal.drop(batches.map(\.id), of: batch.source, at: sink.name)
        report(.withheld(batch.source, alerts: batch.evidence.alerts.count, sink: sink.name, verdict))
        return nil
    }
}
