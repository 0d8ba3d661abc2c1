import FoundationEssentials
package import IPAddresses
package import Pipeline
package import Timestamps

/// Makes events out of batches: one event for each attacker and window.
///
/// Pure: the same history, batch, findings and time give the same bytes. An event is always composed whole; what it
/// had before keeps its UUIDs and times, so that a server which has it takes nothing twice.
package struct EventComposer: Sendable {
    package let settings: EventSettings

    package init(settings: EventSettings) {
        self.settings = settings
    }

    /// The event for a MISP server, with the parts that only our own organisation sees.
    ///
    /// Tags are in the body once only, when they are new: one that an analyst takes away must not come back.
    /// - Throws: ``CompositionError``.
    package func compose(
        _ history: History?, _ batch: Batch, flows: [FlowFindings], now: Timestamp, organisation: Organisation
    ) throws -> Composition {
        var draft = try Draft(
            history, batch, flows: flows, now: now, organisation: organisation, settings: settings,
            audience: .organisation)
        draft.event.tags = draft.newTags
        return try draft.composition(of: draft.event)
    }

    /// The event for a feed: what everybody may see and nothing else, whole, in the form of a feed's file.
    /// - Throws: ``CompositionError``.
    package func composeForFeed(
        _ history: History?, _ batch: Batch, flows: [FlowFindings], now: Timestamp, organisation: Organisation
    ) throws -> Composition {
        let draft = try Draft(
            history, batch, flows: flows, now: now, organisation: organisation, settings: settings,
            audience: .everybody)
        return try draft.composition(of: draft.event.asFeedEvent(by: organisation, at: draft.changed))
    }
}

/// Why a batch can't become an event.
package enum CompositionError: Error, Equatable, CustomStringConvertible {
    /// The batch accuses nobody.
    case noAttacker(source: SourceKey)

    /// The batch accuses an address that is not its source's: nobody is to be shared by mistake.
    case foreignAttacker(IPAddress, source: SourceKey)

    package var description: String {
        switch self {
        case .noAttacker(let source): "the batch of \(source) accuses no address"
        case .foreignAttacker(let address, let source): "the batch of \(source) accuses \(address)"
        }
    }
}
