import FoundationEssentials
import IPAddresses
package import Pipeline
package import Timestamps

/// Events as a directory that any MISP can pull: the sink where no MISP server is configured.
///
/// Internal parts are never in it. Events of documentation addresses are tests, and left out unless they are wished.
package struct FeedSink: EventSink {
    package let name = "feed"
    private let composer: EventComposer
    private let organisation: Organisation
    private let includesTests: Bool
    private let directory: FeedDirectory

    /// How many events a feed keeps by default; beyond that those that have not changed for the longest time leave.
    package static let defaultEventLimit = 10_000

    package init(
        directory: String, organisation: Organisation, composer: EventComposer, includesTests: Bool = false,
        eventLimit: Int = defaultEventLimit
    ) {
        self.composer = composer
        self.organisation = organisation
        self.includesTests = includesTests
        self.directory = FeedDirectory(path: directory, organisation: organisation, eventLimit: eventLimit)
    }

    /// Opens the directory, and makes it where it is missing.
    /// - Throws: ``FeedError`` for a directory that can't be used.
    package func prepare() async throws {
        try await directory.open()
    }

    package func compose(
        _ history: History?, _ batch: Batch, flows: [FlowFindings], now: Timestamp
    ) throws -> Composition {
        try composer.composeForFeed(history, batch, flows: flows, now: now, organisation: organisation)
    }

    package func deliver(_ composition: Composition) async -> Receipt {
        do {
            let event = try EventDocument(body: composition.body).event
            if event.isTest, !includesTests {
                return .stored(
                    Receipt.Stored(confirmed: 0, warnings: ["a test is left out of the feed (feed.include_tests)"]))
            }
            try await directory.publish(event)
            return .stored(Receipt.Stored(confirmed: composition.items.count))
        } catch let error as FeedError {
            switch error {
            case .broken, .foreign: return .pause(reason: "\(error)")
            case .system: return .retry(after: nil, reason: "\(error)")
            }
        } catch let error as DecodingError {
            return .refused(reason: "the body is no event of a feed: \(error.reason)")
        } catch {
            return .refused(reason: "the body is no event of a feed: \(error)")
        }
    }
}

extension MISPEvent {
    /// Whether the event accuses an address that is set aside for documentation.
    fileprivate var isTest: Bool {
        attributes.contains { attribute in
            guard attribute.type == .ipSource || attribute.type == .ipDestination else { return false }
            return IPAddress(attribute.value)?.isDocumentation ?? false
        }
    }
}
