package import Pipeline
package import Timestamps

/// What a sink holds of a source in a window, with what the journal knows about it.
package struct LedgerEntry: Sendable {
    package let sink: String
    package let source: SourceKey

    /// When the sink took it first, and when something of it changed there last.
    package let shared: Timestamp
    package let changed: Timestamp

    /// Since when it is to be published, and when it was last.
    package let unpublished: Timestamp?
    package let published: Timestamp?
    package let history: History
}
