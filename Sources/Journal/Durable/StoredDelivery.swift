import FoundationEssentials
import Pipeline
import Timestamps

/// A delivery as it is kept: the event's body apart, since it is large and nobody looks into it.
struct StoredDelivery: Codable {
    /// In a dead letter, with what came later and belongs to the same event.
    var batch: Batch
    let batches: [UUID]
    let event: UUID
    let window: Range<Timestamp>
    let items: [Composition.Item]
    let isUpdate: Bool
    let isToBePublished: Bool
    let flows: [FlowFindings]

    init(_ delivery: Delivery) {
        batch = delivery.batch
        batches = delivery.batches
        event = delivery.composition.event
        window = delivery.composition.window
        items = delivery.composition.items
        isUpdate = delivery.composition.isUpdate
        isToBePublished = delivery.composition.isToBePublished
        flows = delivery.flows
    }

    func delivery(to sink: String, body: Data) -> Delivery {
        Delivery(
            sink: sink, batch: batch, batches: batches,
            composition: Composition(
                event: event, window: window, body: Array(body), items: items, isUpdate: isUpdate,
                isToBePublished: isToBePublished),
            flows: flows)
    }
}
