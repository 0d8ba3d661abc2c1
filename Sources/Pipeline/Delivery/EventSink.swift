package import FoundationEssentials
package import Timestamps

/// Where events go: a MISP server, a feed directory.
///
/// Composing is pure, so that what is going to be sent can be kept before it is sent, and sent again unchanged.
package protocol EventSink: Sendable {
    /// The sink's name in the journal, in logs and in metrics: `misp`, `feed`.
    var name: String { get }

    /// From when to when alerts belong to the same event as one of `moment`, where no event says otherwise.
    func window(of moment: Timestamp) -> Range<Timestamp>

    /// Learns what composing needs to know of the other side, the organisation's UUID above all.
    ///
    /// Called before the first composition, and again after a failure. A ready sink answers at once.
    func prepare() async throws

    /// What is to become of batches that could not be prepared for or composed because of `error`.
    func receipt(for error: any Error) -> Receipt

    /// The event as it is to be after this batch.
    ///
    /// - Parameters:
    ///   - history: what this sink already holds of the source in the batch's window; nil for a new event.
    ///   - flows: what Netflow says of the source's addresses, if it has answered.
    ///   - now: the time for what is new in this event.
    func compose(_ history: History?, _ batch: Batch, flows: [FlowFindings], now: Timestamp) throws -> Composition

    /// Sends a composition. Sending one twice leaves one event.
    ///
    /// - Parameter note: what the sink said to remember when it stored the event last; nil for a new event. A note that
    ///   the sink can't read counts as none.
    func deliver(_ composition: Composition, note: [UInt8]?) async -> Receipt

    /// Shows an event to those whom it is for, as it is by now: see ``Composition/isToBePublished``. Every delivery
    /// takes that back. Publishing twice is as good as once.
    func publish(_ event: UUID) async -> Receipt

    /// Takes back what the sink holds of a source in a window: detection systems act on none of it any more, and what was
    /// revoked is gone as far as the sink can make it go. Doing so twice is as good as once.
    func withdraw(_ history: History, _ withdrawal: Withdrawal) async -> Receipt

    /// Nothing more is delivered: what waits to be written is written.
    func finish() async
}

extension EventSink {
    package func finish() async {}
}
