package import Timestamps

/// A delivery that a sink refused for good.
package struct DeadLetter: Sendable, Equatable {
    /// Its number: the later it was refused, the higher.
    package let id: Int64
    package let sink: String
    package let source: SourceKey

    /// When it was refused, and why.
    package let died: Timestamp
    package let reason: String

    /// How many alerts it tells of: of those too that came later and belong to the same event.
    package var alerts: Int

    package init(id: Int64, sink: String, source: SourceKey, died: Timestamp, reason: String, alerts: Int) {
        self.id = id
        self.sink = sink
        self.source = source
        self.died = died
        self.reason = reason
        self.alerts = alerts
    }
}
