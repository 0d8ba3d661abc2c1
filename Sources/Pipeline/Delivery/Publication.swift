package import FoundationEssentials
package import Timestamps

/// An event that changed since it was published, or was never published.
package struct Unpublished: Sendable, Equatable {
    package let event: UUID

    /// The first change and the last one.
    package let since: Timestamp
    package let changed: Timestamp

    /// Whether it takes something back that should not have been shared.
    package let isUrgent: Bool

    package init(event: UUID, since: Timestamp, changed: Timestamp, isUrgent: Bool = false) {
        self.isUrgent = isUrgent
        self.event = event
        self.since = since
        self.changed = changed
    }
}

/// When a changed event is published: publishing mails people, and starts synchronisations.
package struct Publication: Sendable {
    /// How long the event must be quiet.
    package var quiet = Duration.seconds(60)

    /// How long it waits at most, from its first change on.
    package var latest = Duration.seconds(600)

    package init() {}

    /// How long it is from `now` to the time; nothing when it has come.
    package func wait(_ event: Unpublished, at now: Timestamp) -> Duration {
        // A clock that was set back: nobody knows how long ago it was, and once too early does no harm.
        guard event.changed <= now, !event.isUrgent else { return .zero }
        return max(.zero, min(event.changed + quiet, event.since + latest) - now)
    }
}
