package import Timestamps

/// That a person took back what was shared of a source: until its window is over, what comes of it is held.
package struct Revocation: Sendable, Equatable {
    package let source: SourceKey
    package let moment: Timestamp

    /// The user's name, and what the user said about it.
    package let actor: String
    package let reason: String?

    /// When alerts of the source are decided on like those of any other again.
    package var until: Timestamp

    /// How long it holds where the journal knows of no window that ends later.
    package static let span = Duration.seconds(30 * 86_400)

    package init(source: SourceKey, at moment: Timestamp, actor: String, reason: String?, until: Timestamp? = nil) {
        self.source = source
        self.moment = moment
        self.actor = actor
        self.reason = reason
        self.until = until ?? moment + Self.span
    }

    /// Whether nothing of what the delivery tells may go out.
    package func holds(for delivery: Delivery) -> Bool { until > delivery.batch.closed }

    /// What the sinks are to do about it.
    package var withdrawal: Withdrawal { Withdrawal(.revoked(actor: actor, reason: reason), at: moment) }
}

extension Revocation: CustomStringConvertible {
    /// `revoked by root 2026-11-24T03:02:11Z: a scanner of ours`
    package var description: String {
        "revoked by \(actor) \(moment.iso8601.prefix(19))Z" + (reason.map { ": \($0)" } ?? "")
    }
}

/// What a revocation met.
package struct Revoked: Sendable, Equatable {
    /// The sinks that hold something of the source, or may do, and have to take it back.
    package var sinks: Set<String> = []

    /// Alerts that waited for a sink and don't any more, counted for each sink.
    package var dropped = 0

    package init() {}

    package var isEmpty: Bool { sinks.isEmpty && dropped == 0 }
}
