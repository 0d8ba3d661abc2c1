package import FoundationEssentials

/// What a sink answered to a composition.
package enum Receipt: Sendable, Equatable {
    /// The event is there, as far as the sink can tell.
    case stored(Stored)

    /// The sink is set up not to take such an event. That is the end of it.
    case leftOut(reason: String)

    /// Not now: the same again later, no earlier than the sink asks for.
    case retry(after: Duration?, reason: String)

    /// Nothing will be taken until a person has acted: a wrong key, a missing right. All deliveries to the sink wait.
    case pause(reason: String)

    /// Never: this event is refused for good.
    case refused(reason: String)

    /// Whether the delivery is over.
    package var isFinal: Bool {
        switch self {
        case .stored, .leftOut, .refused: true
        case .retry, .pause: false
        }
    }

    package struct Stored: Sendable, Equatable {
        /// How many items the sink was seen to hold.
        package var confirmed: Int
        /// Items that the sink dropped, with its reason.
        package var refused: [Refusal]
        /// What a person should know although the event is stored: tags that the key's role may not create, say.
        package var warnings: [String]
        /// What the sink wants to know at the event's next delivery. Nobody else understands it.
        package var note: [UInt8]?
        /// Of an event that was withdrawn: whether it is to be published, so that others hear of it.
        package var isToBePublished = false

        package init(
            confirmed: Int, refused: [Refusal] = [], warnings: [String] = [], note: [UInt8]? = nil
        ) {
            self.confirmed = confirmed
            self.refused = refused
            self.warnings = warnings
            self.note = note
        }
    }

    package struct Refusal: Sendable, Equatable {
        package let id: UUID
        package let reason: String

        package init(id: UUID, reason: String) {
            self.id = id
            self.reason = reason
        }
    }
}
