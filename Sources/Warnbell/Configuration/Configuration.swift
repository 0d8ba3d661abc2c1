import IPAddresses
import Logging

/// All that can be set, with its defaults.
///
/// One value that is loaded, checked and handed out whole. What each field means, how it is written and which values
/// it takes stands once, in ``ConfigurationKey/all``.
struct Configuration: Sendable, Equatable {
    var listen = Listen()
    var auth = Auth()
    var data = DataDirectory()
    var installation = Installation()
    var journal = Journal()
    var retention = Retention()
    var batch = Batch()
    var networks = Networks()
    var policy = Policy()
    var hold = Hold()
    var lists = Lists()
    var misp = MISP()
    var geoip = GeoIP()
    var feed = Feed()
    var netflow = Netflow()
    var log = Log()
    var stop = Stop()

    struct Listen: Sendable, Equatable {
        var host = IPAddress(v4: 0x7f00_0001)
        var port: UInt16 = 8787
        var tls = TLS()
        var trustedProxies = NetworkList()
        var maxConnections = 1024
        var maxConnectionsPerAddress = 256
        var maxRequestsPerConnection = 1000
        var maxHead = 32 * 1024
        var maxField = 16 * 1024
        var maxTarget = 8 * 1024
        var maxFields = 100
        var maxBody = 1024 * 1024
        var maxBodyMemory = 64 * 1024 * 1024
        var handshakeTimeout = Duration.seconds(10)
        var headTimeout = Duration.seconds(10)
        var bodyIdleTimeout = Duration.seconds(10)
        var bodyTimeout = Duration.seconds(60)
        var keepAliveTimeout = Duration.seconds(60)
        var writeTimeout = Duration.seconds(10)
        var replyDelay = Duration.seconds(8)
        /// 0 stands for one per core.
        var loops = 0

        /// Paths of PEM files; without a certificate plain HTTP is spoken.
        struct TLS: Sendable, Equatable {
            var certificate: String?
            var key: String?
            var clientCA: String?
        }
    }

    struct Auth: Sendable, Equatable {
        var mode = Mode.required
        var tokens = SecretList<AccessToken>()
        var webhookSecrets = SecretList<WebhookSecret>()
        var allow = NetworkList()
        var clientNames: [ClientName] = []
        /// Requests a second; 0 for no limit.
        var rate = 0
        var burst = 100

        enum Mode: String, CaseIterable, Sendable { case required, none }

        /// The only addresses that may connect; nil for all.
        var allowedAddresses: IPBlockSet? { allow.entries.isEmpty ? nil : allow.addresses }
    }

    struct DataDirectory: Sendable, Equatable {
        var directory = "./warnbell-data"
    }

    struct Installation: Sendable, Equatable {
        var name = "warnbell"
    }

    struct Journal: Sendable, Equatable {
        var mode = Mode.durable
        var maxAlerts = 1_000_000
        /// Of the journal in memory; ``Retention/bytes`` bounds the other.
        var maxBytes = 256 * 1024 * 1024
        /// Identities, not alerts: 16 bytes each.
        var remember = 1_000_000

        enum Mode: String, CaseIterable, Sendable { case durable, memory }
    }

    /// How long the durable journal keeps what is over.
    struct Retention: Sendable, Equatable {
        var alerts = Duration.days(7)
        var ledger = Duration.days(400)
        var dead = Duration.days(30)
        var bytes = 4 * 1024 * 1024 * 1024
    }

    struct Batch: Sendable, Equatable {
        var quiet = Duration.seconds(1)
        var maxWait = Duration.seconds(5)
        var maxAlerts = 500
        var maxSources = 100_000
    }

    struct Networks: Sendable, Equatable {
        var own = NetworkList.privateRanges
        var never = NetworkList()
        var scanners = NetworkList()
        var partners = NetworkList()
        var proxies = NetworkList()
    }

    struct Policy: Sendable, Equatable {
        /// Nil stands for the policy that is built in.
        var file: String?
        var mode = Mode.share
        var budget = Budget()
        var maxAge = Duration.days(7)

        enum Mode: String, CaseIterable, Sendable { case share, observe }

        /// New attackers an hour; 0 for any number.
        struct Budget: Sendable, Equatable {
            var perHour = 100
            var perRule = 20
        }
    }

    /// What becomes of alerts that wait for a person.
    struct Hold: Sendable, Equatable {
        var expire = Duration.days(7)
    }

    /// Warninglists, by parts of their names. The defaults name lists of the misp-warninglists collection.
    struct Lists: Sendable, Equatable {
        /// Nil: none but MISP's own, where there is a MISP.
        var directory: String?
        /// What is on a list that no key names is held too: this is for lists that another key would name.
        var hold = [
            "Akamai", "Cloudflare", "Fastly", "CDN", "Googlebot", "crawler", "public DNS resolver", "Office 365",
            "Gmail", "SMTP", "Apple", "Private Relay", "Zscaler", "sinkhole",
        ]
        var note = [
            "Amazon AWS", "Google Cloud Platform", "Microsoft Azure*Datacenter", "Alibaba", "CoreWeave", "DigitalOcean",
            "GoDaddy", "Hetzner", "Huawei", "IBM Cloud", "Linode", "Oracle Cloud", "Ovh Cluster", "Scaleway", "Vultr",
            "VPN provider",
        ]
        var ignore = ["used for scanning", "Scanner", "Cortex Xpanse", "Tenable Cloud Sensor"]
    }

    struct MISP: Sendable, Equatable {
        /// Without a slash at its end. Nil: no MISP.
        var url: String?
        var key: Secret?
        var caFile: String?
        /// Hashes of public keys, one of which the server must have; none: any.
        var pins: [String] = []
        var distribution = Distribution.organisation
        var eventWindow = Duration.days(30)
        var tlp = TLP.amber
        var pap = PAP.unset
        var tags: [String] = []
        var publish = Publish.afterQuiet
        var urlQuery = URLQuery.drop
        var connections = 2
        var updateInterval = Duration.seconds(60)
        var repeatInterval = Duration.seconds(15 * 60)
        var timeout = Duration.seconds(60)
        var maxAttributes = 500
        /// Nil: never.
        var retireAfter: Duration? = .days(30)

        /// Who sees an event, in MISP's own numbers.
        enum Distribution: Int, CaseIterable, Sendable {
            case organisation = 0
            case community = 1
            case connected = 2
            case all = 3
        }

        /// The Traffic Light Protocol's tags as MISP's taxonomy names them.
        enum TLP: String, CaseIterable, Sendable {
            case red
            case amber
            case amberStrict = "amber+strict"
            case green
            case white
            case clear
        }

        /// The Permissible Actions Protocol's tags as MISP's taxonomy names them, but for the case.
        enum PAP: String, CaseIterable, Sendable {
            case unset = "none"
            case red
            case amber
            case green
            case white
            case clear
        }

        /// Whether events are published, and when.
        enum Publish: String, CaseIterable, Sendable {
            case never
            case afterQuiet = "after_quiet"
        }

        /// What becomes of the query of a URL that an attacker asked for.
        enum URLQuery: String, CaseIterable, Sendable { case drop, names, keep }
    }

    /// Where addresses are.
    struct GeoIP: Sendable, Equatable {
        /// Files in MaxMind's format, asked one after another.
        var database: [String] = []
    }

    struct Feed: Sendable, Equatable {
        /// Nil: on when there is no MISP. ``Configuration/feedIsOn`` is the answer.
        var enabled: Bool?
        /// Nil: `feed` in the data directory. ``Configuration/feedDirectory`` is the answer.
        var directory: String?
        var includeTests = false
        var keep = Duration.days(90)
        var organisation = "Warnbell"
    }

    struct Netflow: Sendable, Equatable {
        var directory: String?
        var elasticsearch = Elasticsearch()
        var lookback = Duration.days(7)
        var wait = Duration.seconds(5)
    }

    struct Elasticsearch: Sendable, Equatable {
        /// Without a slash at its end. Nil: no Elasticsearch.
        var url: String?
        var user: String?
        var password: Secret?
        var apiKey: Secret?
        var index = [
            "elastiflow-*", "logs-netflow*", "netflow-*", "logstash-netflow-*", "filebeat-*",
        ]
        var caFile: String?
    }

    struct Log: Sendable, Equatable {
        var level = Logger.Level.info
        var format = Format.auto

        /// `auto` is text on a terminal and JSON elsewhere.
        enum Format: String, CaseIterable, Sendable { case auto, text, json }
    }

    struct Stop: Sendable, Equatable {
        var grace = Duration.seconds(10)
    }

    /// Whether there is anything that a client can prove itself with.
    var hasCredentials: Bool { !auth.tokens.isEmpty || !auth.webhookSecrets.isEmpty || listen.tls.clientCA != nil }

    /// Whether events go to the feed directory.
    var feedIsOn: Bool { feed.enabled ?? (misp.url == nil) }

    /// Where the feed lies.
    var feedDirectory: String { feed.directory ?? "\(data.directory)/feed" }
}

extension Duration {
    /// Days of 24 hours.
    static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
