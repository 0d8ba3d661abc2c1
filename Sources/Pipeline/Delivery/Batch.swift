package import FoundationEssentials
package import Timestamps

/// The alerts of one source that go out together.
package struct Batch: Sendable, Codable {
    /// Made once when the batch closes and kept: a batch that is sent again is the same batch.
    package let id: UUID
    package let source: SourceKey

    /// When the first of its alerts came in: decides the window of the event.
    package let opened: Timestamp
    package let closed: Timestamp
    package let evidence: Evidence

    /// Whether one of its alerts may open an event. Otherwise the batch can only join one.
    package let mayOpen: Bool

    /// Whether a person said that what it tells may be shared, although it was held.
    package let isReleased: Bool

    package init(
        id: UUID, source: SourceKey, opened: Timestamp, closed: Timestamp, evidence: Evidence, mayOpen: Bool = true,
        isReleased: Bool = false
    ) {
        self.id = id
        self.source = source
        self.opened = opened
        self.closed = closed
        self.evidence = evidence
        self.mayOpen = mayOpen
        self.isReleased = isReleased
    }

    /// The batch as it is once a person has released it.
    package var asReleased: Batch {
        Batch(
            id: id, source: source, opened: opened, closed: closed, evidence: evidence, mayOpen: mayOpen,
            isReleased: true)
    }

    /// The batch with those that closed after it, oldest first.
    package func merged(with others: some Sequence<Batch>) -> Batch {
        others.reduce(self) { earlier, later in
            var evidence = earlier.evidence
            evidence.merge(later.evidence)
            return Batch(
                id: id, source: source, opened: opened, closed: later.closed, evidence: evidence,
                mayOpen: earlier.mayOpen || later.mayOpen, isReleased: earlier.isReleased || later.isReleased)
        }
    }
}
