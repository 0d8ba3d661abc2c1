package import FoundationEssentials
package import Timestamps

/// The alerts of one source that go out together.
package struct Batch: Sendable {
    /// Made once when the batch closes and kept: a batch that is sent again is the same batch.
    package let id: UUID
    package let source: SourceKey

    /// When the first of its alerts came in: decides the window of the event.
    package let opened: Timestamp
    package let closed: Timestamp
    package let evidence: Evidence

    package init(id: UUID, source: SourceKey, opened: Timestamp, closed: Timestamp, evidence: Evidence) {
        self.id = id
        self.source = source
        self.opened = opened
        self.closed = closed
        self.evidence = evidence
    }
}
