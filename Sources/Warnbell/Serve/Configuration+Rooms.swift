import GeoIP
import HTTPServer
import IPAddresses
import Journal
import MISP
import Pipeline

// How the configuration's parts become the settings of the rooms, which do not know it.

extension Pipeline.Settings {
    init(_ configuration: Configuration) {
        self.init()
        batch.quiet = configuration.batch.quiet
        batch.maxWait = configuration.batch.maxWait
        batch.maxAlerts = configuration.batch.maxAlerts
        batch.maxSources = configuration.batch.maxSources
        delivery.connections = configuration.misp.connections
        pace.update = configuration.misp.updateInterval
        pace.repetition = configuration.misp.repeatInterval
        pace.longestRepeat = max(pace.longestRepeat, pace.repetition)
        budget.perHour = configuration.policy.budget.perHour
        budget.perRule = configuration.policy.budget.perRule
        isObserving = configuration.policy.mode == .observe
        flowWait = configuration.netflow.wait
    }
}

extension MemoryJournal.Limits {
    init(_ configuration: Configuration.Journal) {
        self.init()
        alerts = configuration.maxAlerts
        bytes = configuration.maxBytes
        identities = configuration.remember
    }
}

extension DurableJournal.Limits {
    init(_ configuration: Configuration) {
        self.init()
        alerts = configuration.journal.maxAlerts
        identities = configuration.journal.remember
        bytes = configuration.retention.bytes
        retention.alerts = configuration.retention.alerts
        retention.ledger = configuration.retention.ledger
        retention.dead = configuration.retention.dead
    }
}

extension EventSettings {
    init(_ configuration: Configuration) throws(InvalidSetting) {
        let misp = configuration.misp
        try self.init(
            installationName: configuration.installation.name,
            distribution: Distribution(rawValue: "\(misp.distribution.rawValue)") ?? .organisation,
            tlp: TrafficLight(rawValue: misp.tlp.rawValue), pap: PermissibleActions(rawValue: misp.pap.rawValue),
            tags: misp.tags,
            publishing: EventSettings.Publishing(rawValue: misp.publish.rawValue) ?? .afterQuiet,
            urlQuery: URLQuery(rawValue: misp.urlQuery.rawValue) ?? .drop, eventWindow: misp.eventWindow,
            ownNetworks: configuration.networks.own.addresses, geography: try Self.geography(configuration.geoip))
    }

    private static func geography(_ geoip: Configuration.GeoIP) throws(InvalidSetting) -> GeoDatabases {
        do throws(GeoDatabaseError) {
            return try GeoDatabases(paths: geoip.database)
        } catch {
            throw InvalidSetting("geoip.database", error.path, "a database in MaxMind's format (\(error.reason))")
        }
    }
}

extension TLSContext.Files {
    /// Nil when plain HTTP is spoken.
    init?(_ tls: Configuration.Listen.TLS) {
        guard let certificate = tls.certificate, let key = tls.key else { return nil }
        self.init(certificate: certificate, key: key, clientAuthority: tls.clientCA)
    }
}

extension HTTPServer.Configuration {
    /// - Parameter allowed: the only addresses that may connect; nil for all.
    init(_ listen: Configuration.Listen, allowed: IPBlockSet? = nil) throws {
        var limits = Limits()
        limits.connections = listen.maxConnections
        limits.connectionsPerAddress = listen.maxConnectionsPerAddress
        limits.requestsPerConnection = listen.maxRequestsPerConnection
        limits.headBytes = listen.maxHead
        limits.fieldBytes = listen.maxField
        limits.targetBytes = listen.maxTarget
        limits.fields = listen.maxFields
        limits.bodyBytes = listen.maxBody
        limits.bodyMemoryBytes = listen.maxBodyMemory
        // A reply that waits for room, or for its sender's turn, is not late.
        limits.replyTimeout = max(limits.replyTimeout, listen.replyDelay + .seconds(5))
        limits.handshakeTimeout = listen.handshakeTimeout
        limits.headTimeout = listen.headTimeout
        limits.bodyIdleTimeout = listen.bodyIdleTimeout
        limits.bodyTimeout = listen.bodyTimeout
        limits.keepAliveTimeout = listen.keepAliveTimeout
        limits.writeTimeout = listen.writeTimeout
        self.init(
            address: listen.host, port: listen.port, loops: listen.loops == 0 ? nil : listen.loops, limits: limits,
            trustedProxies: listen.trustedProxies.addresses, allowed: allowed,
            tls: try TLSContext.Files(listen.tls).map { try TLSContext($0) })
    }
}
