import FoundationEssentials
import Timestamps

/// What is not sent although its time has come.
extension SinkWorker {
    /// How long batches wait that are to be told of as one; nothing where they are over; nil where they go out.
    ///
    /// What belongs to an event that was refused for good joins its dead letter: whoever refused it is not asked again.
    func withheld(_ batch: Batch, of batches: [Batch]) async -> Duration? {
        guard await journal.join(batches.map(\.id), as: batch, at: sink.name) else { return nil }
        report(.refusedBefore(batch.source, alerts: batch.evidence.alerts.count, sink: sink.name))
        return .zero
    }

    /// Makes a dead letter of batches that can't be composed: the fault is in what we have, and no sink was asked.
    func bury(
        _ batch: Batch, of batches: [Batch], _ history: History?, window: Range<Timestamp>, flows: [FlowFindings],
        _ reason: String, at moment: Timestamp
    ) async {
        let composition = Composition(
            event: history?.event ?? batch.id, window: window, body: [], items: [], isUpdate: history != nil)
        let delivery = Delivery(
            sink: sink.name, batch: batch, batches: batches.map(\.id), composition: composition, flows: flows)
        await journal.begin(delivery)
        await journal.finish(delivery, .refused(reason: reason), at: moment)
        report(.notComposed(batch.source, alerts: batch.evidence.alerts.count, sink: sink.name, reason: reason))
    }
}
