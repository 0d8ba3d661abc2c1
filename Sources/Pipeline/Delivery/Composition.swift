package import FoundationEssentials
package import Timestamps

/// An event ready to be sent. The journal keeps it without understanding its body.
package struct Composition: Sendable, Equatable {
    /// The event's own UUID, the same for every composition of the source in the window.
    package let event: UUID

    /// From when to when alerts of the source belong to the event.
    package let window: Range<Timestamp>

    /// The encoded event.
    package let body: [UInt8]

    /// All that the body holds, old and new.
    package let items: [Item]

    /// Whether the sink has confirmed an earlier composition of this event.
    package let isUpdate: Bool

    /// Whether the event is to be published once it has been quiet for a while.
    package let isToBePublished: Bool

    /// One attribute, object, report, sighting, reference or tag.
    package struct Item: Sendable, Hashable, Codable {
        package let id: UUID

        /// What the UUID was made of: `ip-src|203.0.113.9`.
        package let key: String

        /// When it was first composed, so that sending it again changes nothing; of what the program itself rewrites,
        /// when it was rewritten last.
        package let timestamp: Timestamp

        package init(id: UUID, key: String, timestamp: Timestamp) {
            self.id = id
            self.key = key
            self.timestamp = timestamp
        }
    }

    package init(
        event: UUID, window: Range<Timestamp>, body: [UInt8], items: [Item], isUpdate: Bool,
        isToBePublished: Bool = false
    ) {
        self.event = event
        self.window = window
        self.body = body
        self.items = items
        self.isUpdate = isUpdate
        self.isToBePublished = isToBePublished
    }
}
