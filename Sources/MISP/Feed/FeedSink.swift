package import FoundationEssentials
import IPAddresses
import Isolation
package import Pipeline
package import Timestamps

/// Events as a directory that any MISP can pull: the sink where no MISP server is configured.
///
/// Internal parts are never in it. Events of documentation addresses are tests, and left out unless they are wished.
package struct FeedSink: EventSink {
    package let name = "feed"
    private let composer: EventComposer
    private let publisher: Publisher
    private let includesTests: Bool
    private let path: String
    private let settings: FeedDirectory.Settings
    private let shared = Shared()

    /// Who speaks in a feed. The UUIDs of all events hang on it.
    package enum Publisher: Sendable {
        /// An organisation of the feed's own, where no MISP server is configured.
        case organisation(Organisation)
        /// The organisation of a key, where a server gets the events too: both are to have the same ones.
        case account(MISPClient)
    }

    /// - Parameter keep: how long after its last change an event stays in the feed.
    package init(
        directory: String, publisher: Publisher, composer: EventComposer, includesTests: Bool, keep: Duration
    ) {
        var settings = FeedDirectory.Settings()
        settings.keep = keep
        self.init(
            directory: directory, publisher: publisher, composer: composer, includesTests: includesTests,
            settings: settings)
    }

    init(
        directory: String, publisher: Publisher, composer: EventComposer, includesTests: Bool,
        settings: FeedDirectory.Settings
    ) {
        self.composer = composer
        self.publisher = publisher
        self.includesTests = includesTests
        self.settings = settings
        path = directory
        if case .organisation(let organisation) = publisher { _ = open(for: organisation) }
    }

    /// Learns whose feed it is, and opens the directory, which is made where it is missing.
    /// - Throws: ``FeedError`` for a directory that can't be used, ``MISPError`` when the server does not say whose
    ///   key it has.
    package func prepare() async throws {
        try await opened().directory.open()
    }

    package func window(of moment: Timestamp) -> Range<Timestamp> { composer.settings.window(of: moment) }

    package func receipt(for error: any Error) -> Receipt {
        if let error = error as? CompositionError { return .refused(reason: "\(error)") }
        if let error = error as? MISPError { return Receipt(beforeSending: error) }
        return switch error as? FeedError {
        case .broken, .brokenOrganisation, .foreign: .pause(reason: "\(error)")
        case .system, nil: .retry(after: nil, reason: "\(error)")
        }
    }

    package func compose(
        _ history: History?, _ batch: Batch, flows: [FlowFindings], now: Timestamp
    ) throws -> Composition {
        guard let organisation = shared.feed.withLock({ $0?.organisation }) else { throw NotPreparedError() }
        return try composer.composeForFeed(history, batch, flows: flows, now: now, organisation: organisation)
    }

    package func deliver(_ composition: Composition, note: [UInt8]?) async -> Receipt {
        do {
            let event = try EventDocument(body: composition.body).event
            if event.isTest, !includesTests {
                return .leftOut(reason: "it is a test, and feed.include_tests is off")
            }
            try await opened().directory.publish(event, isUpdate: composition.isUpdate)
            return .stored(Receipt.Stored(confirmed: composition.items.count))
        } catch let error as MISPError {
            return receipt(for: error)
        } catch let error as FeedError {
            return receipt(for: error)
        } catch let error as DecodingError {
            return .refused(reason: "the body is no event of a feed: \(error.reason)")
        } catch {
            return .refused(reason: "the body is no event of a feed: \(error)")
        }
    }

    package func withdraw(_ history: History, _ withdrawal: Withdrawal) async -> Receipt {
        do {
            try await opened().directory.withdraw(
                history.event, isRevoked: withdrawal.isRevocation, at: withdrawal.moment)
            return .stored(Receipt.Stored(confirmed: history.items.count))
        } catch {
            return receipt(for: error)
        }
    }

    /// An event's file is published by being there.
    package func publish(_ event: UUID) async -> Receipt { .stored(Receipt.Stored(confirmed: 0)) }

    /// The manifest tells of all that was delivered. Where it can't be written now, the next start finds the rest in the
    /// event files.
    package func finish() async {
        try? await shared.feed.withLock { $0 }?.directory.finish()
    }

    private func opened() async throws -> Feed {
        if let feed = shared.feed.withLock({ $0 }) { return feed }
        switch publisher {
        case .organisation(let organisation): return open(for: organisation)
        case .account(let client): return open(for: try await client.account().organisation)
        }
    }

    /// The one feed of this sink, however many ask for it first at a time.
    private func open(for organisation: Organisation) -> Feed {
        shared.feed.withLock { feed in
            let opened =
                feed
                ?? Feed(
                    organisation: organisation,
                    directory: FeedDirectory(path: path, organisation: organisation, settings: settings))
            feed = opened
            return opened
        }
    }

    private struct Feed: Sendable {
        let organisation: Organisation
        let directory: FeedDirectory
    }

    private final class Shared: Sendable {
        /// Nil until it is known whose feed it is.
        let feed = Locked<Feed?>(nil)
    }
}

extension FeedSink {
    /// Looks whether the directory could be used, and changes nothing.
    /// - Throws: ``FeedError`` where ``prepare()`` would find something broken or another's.
    package static func check(directory: String, organisation: Organisation?) throws {
        try FeedDirectory.check(directory, of: organisation)
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
