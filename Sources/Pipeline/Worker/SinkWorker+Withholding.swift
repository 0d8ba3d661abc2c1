import FoundationEssentials
import IPAddresses
import Timestamps

/// What is not sent although its time has come.
extension SinkWorker {
    /// How long a source rests that can't be told of yet.
    static let verdictRest = Duration.seconds(60)

    /// How long a delivery, which was composed earlier, waits; nothing where it is over; nil where it goes out.
    func withheld(_ delivery: Delivery) async -> Duration? {
        let moment = delivery.batch.closed
        return await withheld(delivery.batch, of: delivery.batches) { reason in
            await journal.finish(delivery, .leftOut(reason: reason), at: moment)
        }
    }

    /// How long batches wait that are to be told of as one; nothing where they are over; nil where they go out.
    ///
    /// What belongs to an event that was refused for good joins its dead letter: whoever refused it is not asked again.
    func withheld(_ batch: Batch, of batches: [Batch]) async -> Duration? {
        let ids = batches.map(\.id)
        let wait = await withheld(batch, of: ids) { _ in await journal.drop(ids, of: batch.source, at: sink.name) }
        if let wait { return wait }
        guard await journal.join(ids, as: batch, at: sink.name) else { return nil }
        report(.refusedBefore(batch.source, alerts: batch.evidence.alerts.count, sink: sink.name))
        return .zero
    }

    /// The same for what the batch says alone; `end` forgets it with a reason.
    private func withheld(_ batch: Batch, of batches: [UUID], _ end: (String) async -> Void) async -> Duration? {
        let verdict = await mayShare(batch.source, batch.evidence.attackers.values.keys.map(\.address))
        let alerts = batch.evidence.alerts.count
        switch verdict {
        case .share: return nil
        case .hold(let reason):
            if batch.isReleased { return nil }
            // Held twice after a crash is better than lost.
            let held = Held(source: batch.source, batch: batch, reasons: [reason: alerts], batches: batches)
            await journal.hold([held], members: [])
            await end(reason)
        case .never(let reason): await end(reason)
        case .wait: break
        }
        report(.withheld(batch.source, alerts: alerts, sink: sink.name, verdict))
        if case .wait = verdict { return Self.verdictRest }
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
        guard await journal.begin(delivery) else { return }
        await journal.finish(delivery, .refused(reason: reason), at: moment)
        report(.notComposed(batch.source, alerts: batch.evidence.alerts.count, sink: sink.name, reason: reason))
    }
}
