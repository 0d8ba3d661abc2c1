import HTTPClient
import MISP
import Pipeline

/// The sinks that a configuration asks for.
enum Sinks {
    /// The feed, the MISP server, or both.
    static func all(for configuration: Configuration) throws -> [any EventSink] {
        let composer = EventComposer(settings: try EventSettings(configuration))
        let client = mispClient(for: configuration.misp)
        var sinks: [any EventSink] = []
        if configuration.feedIsOn {
            let publisher = try client.map(FeedSink.Publisher.account) ?? ownPublisher(of: configuration)
            sinks.append(
                FeedSink(
                    directory: configuration.feedDirectory, publisher: publisher, composer: composer,
                    includesTests: configuration.feed.includeTests, keep: configuration.feed.keep))
        }
        if let client {
            sinks.append(
                RESTSink(client: client, composer: composer, attributesPerRequest: configuration.misp.maxAttributes))
        }
        return sinks
    }

    /// Their names, without opening anything.
    static func names(for configuration: Configuration) -> [String] {
        (configuration.feedIsOn ? ["feed"] : [])
            + (configuration.misp.url != nil && configuration.misp.key != nil ? ["misp"] : [])
    }

    /// The organisation that a feed alone is published by.
    private static func ownPublisher(of configuration: Configuration) throws -> FeedSink.Publisher {
        .organisation(
            try FeedOrganisation.load(from: configuration.data.directory, name: configuration.feed.organisation))
    }

    /// The client of the MISP server; nil when there is none.
    static func mispClient(for misp: Configuration.MISP) -> MISPClient? {
        guard let url = misp.url, let key = misp.key else { return nil }
        var transport = HTTPClient.Configuration()
        transport.userAgent = "warnbell/\(Version.current)"
        transport.caFile = misp.caFile
        transport.pinnedPublicKey = misp.pins.isEmpty ? nil : misp.pins.joined(separator: ";")
        var configuration = MISPClient.Configuration(url: url, key: MISPKey(key.text))
        configuration.timeout = misp.timeout
        return MISPClient(configuration, http: HTTPClient(transport))
    }
}
