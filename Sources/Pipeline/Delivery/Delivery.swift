package import FoundationEssentials

/// One composition on its way to one sink.
package struct Delivery: Sendable {
    package let sink: String

    /// All that it tells of: several batches as one, when the sink was busy or away.
    package let batch: Batch

    /// The batches it was made of.
    package let batches: [UUID]
    package let composition: Composition

    /// What Netflow said of the source when it was composed, earlier answers included.
    package let flows: [FlowFindings]

    package var source: SourceKey { batch.source }

    package init(
        sink: String, batch: Batch, batches: [UUID], composition: Composition, flows: [FlowFindings]
    ) {
        self.sink = sink
        self.batch = batch
        self.batches = batches
        self.composition = composition
        self.flows = flows
    }
}

/// What is to be done for a source at a sink.
package struct Outstanding: Sendable {
    /// Composed, and not known to have arrived: it goes out as it is, before anything else.
    package var delivery: Delivery?

    /// Closed and not composed, in the order they closed.
    package var batches: [Batch]

    /// Stored, and to be published.
    package var unpublished: Unpublished?

    /// Stored, and to be taken back: the entry says how.
    package var withdrawing: History?

    /// Nothing of the source goes out: a person said so.
    package var revocation: Revocation?

    package init(
        delivery: Delivery? = nil, batches: [Batch] = [], unpublished: Unpublished? = nil, withdrawing: History? = nil,
        revocation: Revocation? = nil
    ) {
        self.withdrawing = withdrawing
        self.revocation = revocation
        self.delivery = delivery
        self.batches = batches
        self.unpublished = unpublished
    }
}
