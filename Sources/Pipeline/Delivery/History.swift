package import FoundationEssentials
package import Timestamps

/// The ledger's entry: what one sink holds of one source in one window.
package struct History: Sendable, Codable {
    package let event: UUID
    package let window: Range<Timestamp>

    /// All that the stored batches said.
    package private(set) var evidence: Evidence

    /// All that was composed for the event so far, with its fixed timestamps.
    package private(set) var items: [UUID: Composition.Item]

    /// What Netflow said last, by address.
    package let flows: [FlowFindings]

    /// When the sink took the last delivery.
    package let stored: Timestamp

    /// What the sink wants to be told again with the event's next delivery.
    package var note: [UInt8]? { keptNote?.bytes }
    private var keptNote: Base64?

    /// How many deliveries in a row said nothing new: only that it goes on.
    package private(set) var repetitions: Int

    /// That the sink is to take it back, or has; nil where it holds what was stored last. The journal keeps it apart.
    package private(set) var withdrawal: Withdrawal?

    /// What a delivery leaves behind.
    ///
    /// - Parameters:
    ///   - answer: what the sink said to it.
    ///   - moment: when it was stored.
    ///   - earlier: what the sink held before; it counts where it is of the same event.
    package init(_ delivery: Delivery, _ answer: Receipt.Stored, at moment: Timestamp, after earlier: History?) {
        event = delivery.composition.event
        window = delivery.composition.window
        flows = delivery.flows
        stored = moment
        keptNote = answer.note.map { Base64(bytes: $0) }
        evidence = delivery.batch.evidence
        items = [:]
        repetitions = 0
        if let earlier, earlier.event == event {
            repetitions = earlier.isRepetition(delivery.batch, flows: flows) ? earlier.repetitions + 1 : 0
            evidence = earlier.evidence
            evidence.merge(delivery.batch.evidence)
            items = earlier.items
        }
        for item in delivery.composition.items { items[item.id] = item }
    }

    /// The entry as it is with this request to take it back.
    package func withdrawn(_ withdrawal: Withdrawal?) -> History {
        var history = self
        history.withdrawal = withdrawal
        // What the sink wanted to remember told of an event that it held.
        if withdrawal?.isRevocation ?? false { history.keptNote = nil }
        return history
    }

    /// Whether a batch tells nothing of its source that the sink does not know already.
    package func isRepetition(_ batch: Batch, flows latest: [FlowFindings]) -> Bool {
        withdrawal == nil && !batch.evidence.addsFacts(to: evidence) && !latest.contains { !knows($0) }
    }

    /// Whether Netflow said as much of the address before: that hosts of ours answered it, or called it. More of the
    /// same is no news.
    private func knows(_ latest: FlowFindings) -> Bool {
        guard latest.flowRecords > 0 else { return true }
        guard let earlier = flows.first(where: { $0.address == latest.address }), earlier.flowRecords > 0 else {
            return false
        }
        let (before, now) = (FlowSummary(earlier), FlowSummary(latest))
        return (before.answered > 0 || now.answered == 0) && (before.callers > 0 || now.callers == 0)
    }
}
