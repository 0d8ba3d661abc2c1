extension ConfigurationKey {
    /// Every key there is, in the order in which they are shown.
    static let all: [ConfigurationKey] =
        listen + auth + data + journal + retention + batch + networks + policy + hold + lists + misp + geoip + feed
        + netflow + log + stop

    private static let listen = [
        ConfigurationKey(
            "listen.host", \.listen.host, .localAddress,
            "The address Warnbell listens on; without a credential in `auth` loopback only, unless `auth.mode` is `none`."
        ),
        ConfigurationKey(
            "listen.port", \.listen.port, .integer(0...UInt16.max),
            "The TCP port; 0 lets the system choose a free one."),
        ConfigurationKey(
            "listen.tls.certificate", \.listen.tls.certificate, certificates,
            example: "/etc/warnbell/certificate.pem", unset: "plain HTTP",
            "The certificate that TLS is spoken with, its chain after it. Read again on SIGHUP."),
        ConfigurationKey(
            "listen.tls.key", \.listen.tls.key, ValueKind.readableFile("a private key in PEM form").optional,
            example: "/etc/warnbell/key.pem", unset: "none",
            "The certificate's private key, without a passphrase. Read again on SIGHUP."),
        ConfigurationKey(
            "listen.tls.client_ca", \.listen.tls.clientCA, certificates,
            example: "/etc/warnbell/clients-ca.pem", unset: "clients are not asked",
            "The authority of the certificates by which clients may prove who they are. Read again on SIGHUP."),
        ConfigurationKey(
            "listen.trusted_proxies", \.listen.trustedProxies, .networks, example: "192.0.2.10",
            "Reverse proxies: they may have any number of connections, and say in X-Forwarded-For for whom they speak."),
        ConfigurationKey(
            "listen.max_connections", \.listen.maxConnections, .integer(1...1_000_000),
            "Connections at the same time; more are answered 503."),
        ConfigurationKey(
            "listen.max_connections_per_address", \.listen.maxConnectionsPerAddress, .integer(1...1_000_000),
            "Connections at the same time from one address, `listen.trusted_proxies` excepted."),
        ConfigurationKey(
            "listen.max_requests_per_connection", \.listen.maxRequestsPerConnection, .integer(1...1_000_000_000),
            "Requests after which a connection is closed."),
        ConfigurationKey(
            "listen.max_head", \.listen.maxHead, .size(1024...1 << 20),
            "Bytes of request line and header together; more is answered 431."),
        ConfigurationKey(
            "listen.max_field", \.listen.maxField, .size(256...1 << 20),
            "Bytes of one header field; more is answered 431."),
        ConfigurationKey(
            "listen.max_target", \.listen.maxTarget, .size(256...1 << 20),
            "Bytes of the request target; more is answered 414."),
        ConfigurationKey(
            "listen.max_fields", \.listen.maxFields, .integer(8...10_000),
            "Header fields of a request; more are answered 431."),
        ConfigurationKey(
            "listen.max_body", \.listen.maxBody, .size(1024...1 << 30),
            "Bytes of a body; more is answered 413."),
        ConfigurationKey(
            "listen.max_body_memory", \.listen.maxBodyMemory, .size(64 << 10...1 << 40),
            "Bytes of all unfinished bodies together; beyond it bodies wait, then are answered 503."),
        ConfigurationKey(
            "listen.handshake_timeout", \.listen.handshakeTimeout, timeout,
            "How long a TLS handshake may take as a whole."),
        ConfigurationKey(
            "listen.head_timeout", \.listen.headTimeout, timeout,
            "How long a request's head may take as a whole."),
        ConfigurationKey(
            "listen.body_idle_timeout", \.listen.bodyIdleTimeout, timeout,
            "How long a body may pause."),
        ConfigurationKey(
            "listen.body_timeout", \.listen.bodyTimeout, timeout,
            "How long a body may take as a whole."),
        ConfigurationKey(
            "listen.keep_alive_timeout", \.listen.keepAliveTimeout, timeout,
            "How long a connection may wait for its next request."),
        ConfigurationKey(
            "listen.write_timeout", \.listen.writeTimeout, timeout,
            "How long a peer may leave an answer unread."),
        ConfigurationKey(
            "listen.reply_delay", \.listen.replyDelay, .duration(.zero ... .seconds(60)),
            "How long a reply is delayed when there is no room for the alerts or they can't be written, before it is 503."
        ),
        ConfigurationKey(
            "listen.loops", \.listen.loops, .integer(0...256),
            "Event loops; 0 stands for one per core."),
    ]

    private static let auth =
        [
            ConfigurationKey(
                "auth.mode", \.auth.mode, .choice(),
                "Whether requests need a credential; with `none` whoever reaches Warnbell may post alerts and read all."
            )
        ]
        + secrets(
            "auth.tokens", \.auth.tokens, example: "manager:make-one-with-openssl-rand-hex-32",
            """
            Tokens with a name and what they are good for, `alerts` where nothing is said, else some of `alerts`, `feed`, \
            `metrics` and `admin`; come as Bearer, X-API-Key, password of Basic, or `warnbell_token` in the body.
            """)
        + secrets(
            "auth.webhook_secrets", \.auth.webhookSecrets, example: "sender:make-one-with-openssl-rand-hex-32",
            """
            Secrets of senders that sign: `whsec_` and base64 for Standard Webhooks, any for X-Hub-Signature-256.
            """) + [
            ConfigurationKey(
                "auth.allow", \.auth.allow, .networks, example: "192.0.2.0/24", unset: "all",
                "The only addresses that may connect, beside `listen.trusted_proxies`, which may forward for these only."
            ),
            ConfigurationKey(
                "auth.client_names", \.auth.clientNames, ValueKind.clientName.list(of: "names of client certificates"),
                example: "manager.example.org", unset: "every one of the authority, for `alerts`",
                "Which client certificates count, by DNS name or common name: `name` or `name:scope+scope`."),
            ConfigurationKey(
                "auth.rate", \.auth.rate, .integer(0...1_000_000),
                "Requests with alerts a second for each credential; replies beyond it are delayed, then 429. 0: any."),
            ConfigurationKey(
                "auth.burst", \.auth.burst, .integer(1...1_000_000),
                "How many of them may come at once."),
        ]

    private static let data = [
        ConfigurationKey(
            "data.directory", \.data.directory, .path("a directory"),
            "Where Warnbell keeps its files."),
        ConfigurationKey(
            "installation.name", \.installation.name, .name,
            "Part of every event's identity: receivers of one organisation with the same name share their events."),
    ]

    private static let journal = [
        ConfigurationKey(
            "journal.mode", \.journal.mode, .choice(),
            "Where accepted alerts wait: in a file of `data.directory`, or in memory, lost when the process ends."),
        ConfigurationKey(
            "journal.max_alerts", \.journal.maxAlerts, .integer(1...100_000_000),
            "Alerts that may wait; when there is no room, replies are delayed, then 503."),
        ConfigurationKey(
            "journal.max_bytes", \.journal.maxBytes, .size(1 << 20...1 << 40),
            "Bytes of alerts that may wait in memory; `retention.bytes` bounds the durable journal."),
        ConfigurationKey(
            "journal.remember", \.journal.remember, .integer(0...100_000_000),
            "Identities of alerts that are remembered, so that an alert that comes twice counts once."),
    ]

    private static let retention = [
        ConfigurationKey(
            "retention.alerts", \.retention.alerts, keeping,
            "How long alerts are kept that are over; `journal.remember` knows a duplicate no longer than that."),
        ConfigurationKey(
            "retention.ledger", \.retention.ledger, keeping,
            """
            How long it is known what a sink holds of an attacker, from its last change on; and how long what a sink lacks waits for \
            it that is not configured any more.
            """),
        ConfigurationKey(
            "retention.dead", \.retention.dead, keeping,
            "How long events are kept that a sink refused for good."),
        ConfigurationKey(
            "retention.bytes", \.retention.bytes, .size(64 << 20...1 << 40),
            """
            Bytes of the durable journal; near that, alerts that are over go before their time. When there is no room \
            all the same, replies are delayed, then 503.
            """),
    ]

    private static let batch = [
        ConfigurationKey(
            "batch.quiet", \.batch.quiet, pause,
            "A source's batch closes when no alert of it has come for so long."),
        ConfigurationKey(
            "batch.max_wait", \.batch.maxWait, pause,
            "A batch closes at the latest so long after its first alert."),
        ConfigurationKey(
            "batch.max_alerts", \.batch.maxAlerts, .integer(1...100_000),
            "A batch closes when it has so many alerts."),
        ConfigurationKey(
            "batch.max_sources", \.batch.maxSources, .integer(1...10_000_000),
            "Sources with an open batch; alerts of others wait in the journal."),
    ]

    private static let networks = [
        ConfigurationKey(
            "networks.own", \.networks.own, .networks,
            "Your own networks, public ones above all: never shared, and the inside of Netflow lookups."),
        ConfigurationKey(
            "networks.never", \.networks.never, .networks, example: "192.0.2.0/24",
            "Addresses that are never shared."),
        ConfigurationKey(
            "networks.scanners", \.networks.scanners, .networks, example: "192.0.2.20",
            "Your own scanners: their alerts are ignored and counted."),
        ConfigurationKey(
            "networks.partners", \.networks.partners, .networks, example: "198.51.100.0/24",
            "Partners: held for a person instead of shared."),
        ConfigurationKey(
            "networks.proxies", \.networks.proxies, .networks, example: "192.0.2.30",
            "Proxies whose address stands in logs: the address they forward for takes its place."),
    ]

    private static let policy = [
        ConfigurationKey(
            "policy.file", \.policy.file, ValueKind.readableFile("a policy").optional,
            example: "/etc/warnbell/policy.yaml",
            unset: "built in",
            "The rules that decide which alerts are shared; `warnbell policy show` prints those built in."),
        ConfigurationKey(
            "policy.mode", \.policy.mode, .choice(),
            "With `observe` everything is decided and logged, and nothing is sent."),
        ConfigurationKey(
            "policy.budget.per_hour", \.policy.budget.perHour, .integer(0...100_000),
            "Attackers without an event that may get one within an hour; alerts of more are held. 0: any number."),
        ConfigurationKey(
            "policy.budget.per_rule", \.policy.budget.perRule, .integer(0...100_000),
            "The same for the alerts of one Wazuh rule."),
        ConfigurationKey(
            "policy.max_age", \.policy.maxAge, keeping,
            "Alerts that are older, or more than 5 minutes ahead of the clock, are held instead of shared."),
    ]

    private static let hold = [
        ConfigurationKey(
            "hold.expire", \.hold.expire, keeping,
            "How long a source waits for a person when no more of its alerts are held; then what is held goes.")
    ]

    private static let lists = [
        ConfigurationKey(
            "lists.directory", \.lists.directory, ValueKind.path("a directory").optional,
            example: "/usr/share/misp-warninglists/lists", unset: "MISP's own, where there is `misp.url`",
            """
            A directory of warninglists as in the misp-warninglists collection, asked beside MISP's own. Read again on \
            SIGHUP.
            """),
        ConfigurationKey(
            "lists.hold", \.lists.hold, namePatterns, example: "CDN",
            """
            Lists by parts of their names, `*` for any text: whoever is on one is held. So is whoever is on a list that \
            none of the three keys names; where several name it, `hold` goes before `ignore`, and that before `note`.
            """),
        ConfigurationKey(
            "lists.note", \.lists.note, namePatterns, example: "Amazon AWS",
            "Lists of clouds and the like: shared with the list's name in the comment, and `to_ids` is off."),
        ConfigurationKey(
            "lists.ignore", \.lists.ignore, namePatterns, example: "used for scanning",
            "Lists of scanners that do no harm: whoever is on one is not shared, and counted."),
    ]

    private static let misp =
        [
            ConfigurationKey(
                "misp.url", \.misp.url, ValueKind.url(example: "https://misp.example.org").optional,
                example: "https://misp.example.org",
                "The MISP server that gets the events.")
        ] + secret("misp.key", \.misp.key, "The automation key of a MISP user who may add and publish events.") + [
            ConfigurationKey(
                "misp.ca_file", \.misp.caFile, certificates, example: "/etc/warnbell/misp-ca.pem",
                unset: "the system's certificates",
                "The certificates that MISP's own is checked against."),
            ConfigurationKey(
                "misp.pin_sha256", \.misp.pins, ValueKind.publicKeyPin.list(of: "pins"),
                example: "sha256//YhKJKSzoTt2b5FP18fvpHo7fJYqQCjAa3HWY3tvRMwE=",
                """
                Public keys of which MISP must have one, beside a valid certificate: `sha256//` and the base64 of each \
                key's SHA-256.
                """),
            ConfigurationKey(
                "misp.distribution", \.misp.distribution, .distribution,
                "Who sees the events; above `organisation`, `networks.own` must be set."),
            ConfigurationKey(
                "misp.event_window", \.misp.eventWindow, .duration(.seconds(3600) ... .days(366)),
                "An attacker has one event per window of this length."),
            ConfigurationKey(
                "misp.tlp", \.misp.tlp, .choice(),
                "The TLP tag of the events; red is for `organisation` only, amber not for `all`."),
            ConfigurationKey(
                "misp.pap", \.misp.pap, .choice(),
                "The PAP tag: what receivers may do with the events; none for no tag."),
            ConfigurationKey(
                "misp.tags", \.misp.tags, ValueKind.text("a tag", upTo: 255).list(of: "tags"),
                example: "source:wazuh",
                "More tags for every event."),
            ConfigurationKey(
                "misp.publish", \.misp.publish, .choice(),
                "Whether events are published: never, or without a mail to anybody once they have been quiet for a minute."
            ),
            ConfigurationKey(
                "misp.url_query", \.misp.urlQuery, .choice(),
                "What becomes of the query of a URL: cut, cut to the names in it, or kept."),
            ConfigurationKey(
                "misp.update_interval", \.misp.updateInterval, .duration(.zero ... .seconds(86_400)),
                "The least time between two changes of an event that say something new. A feed keeps to it as well."),
            ConfigurationKey(
                "misp.repeat_interval", \.misp.repeatInterval, .duration(.zero ... .seconds(86_400)),
                """
                The same where an attacker only goes on as before; it doubles each time, up to 6 hours, while nothing \
                new appears.
                """),
            ConfigurationKey(
                "misp.retire_after", \.misp.retireAfter, ValueKind.duration(.days(1) ... .days(3660)).orNever,
                """
                When an attacker was not seen for so long, detection systems are told to act on it no more: its address may \
                have another owner. `never`: not at all.
                """),
            ConfigurationKey(
                "misp.connections", \.misp.connections, .integer(1...16),
                "Events that are sent side by side."),
            ConfigurationKey(
                "misp.timeout", \.misp.timeout, .duration(.seconds(1) ... .seconds(600)),
                "How long a request to MISP may take."),
            ConfigurationKey(
                "misp.max_attributes", \.misp.maxAttributes, .integer(10...10_000),
                "Attributes sent to MISP in one request; more go in several."),
        ]

    private static let geoip = [
        ConfigurationKey(
            "geoip.database", \.geoip.database,
            ValueKind.readableFile("a database in MaxMind's format").list(of: "paths to databases in MaxMind's format"),
            example: "/var/lib/GeoIP/GeoLite2-City.mmdb",
            """
            Files that say where an attacker's address is: country, city, autonomous system. Of GeoLite2, GeoIP2 or \
            DB-IP, read at the start; a newer one has to be moved into the place of the old.
            """)
    ]

    private static let feed = [
        ConfigurationKey(
            "feed.enabled", \.feed.enabled, ValueKind.boolean.optional, example: "true",
            unset: "on when there is no `misp.url`", effective: { .boolean($0.feedIsOn) },
            "Whether events go into a directory that any MISP can pull as a feed."),
        ConfigurationKey(
            "feed.directory", \.feed.directory, ValueKind.path("a directory").optional,
            example: "/var/lib/warnbell/feed", unset: "`feed` in `data.directory`",
            effective: { .text($0.feedDirectory) },
            "Where the feed lies: a local disk, for its files are read between other requests."),
        ConfigurationKey(
            "feed.include_tests", \.feed.includeTests, .boolean,
            "Whether events about documentation addresses (RFC 5737, RFC 3849) are in the feed."),
        ConfigurationKey(
            "feed.keep", \.feed.keep, .duration(.days(1) ... .days(3660)),
            "How long after its last change an event stays in the feed."),
        ConfigurationKey(
            "feed.organisation", \.feed.organisation, .text("an organisation's name", upTo: 255),
            "The organisation that a feed alone comes from; beside a MISP server it is that of `misp.key`."),
    ]

    private static let netflow =
        [
            ConfigurationKey(
                "netflow.directory", \.netflow.directory, ValueKind.path("a directory").optional,
                example: "/var/lib/warnbell/flows",
                "A directory of flows, one JSON object a line."),
            ConfigurationKey(
                "netflow.elasticsearch.url", \.netflow.elasticsearch.url,
                ValueKind.url(example: "https://elasticsearch.example.org:9200").optional,
                example: "https://elasticsearch.example.org:9200",
                "The Elasticsearch or OpenSearch that has the Netflow logs."),
            ConfigurationKey(
                "netflow.elasticsearch.user", \.netflow.elasticsearch.user,
                ValueKind.text("a user's name", upTo: 255).optional, example: "warnbell",
                "The user who asks it."),
        ] + secret("netflow.elasticsearch.password", \.netflow.elasticsearch.password, "The user's password.")
        + secret(
            "netflow.elasticsearch.api_key", \.netflow.elasticsearch.apiKey,
            "An API key in place of user and password, base64 as Elasticsearch shows it.") + [
            ConfigurationKey(
                "netflow.elasticsearch.index", \.netflow.elasticsearch.index,
                ValueKind.text("an index pattern", upTo: 255).list(of: "index patterns"),
                "The indices that are asked."),
            ConfigurationKey(
                "netflow.elasticsearch.ca_file", \.netflow.elasticsearch.caFile, certificates,
                example: "/etc/warnbell/elasticsearch-ca.pem", unset: "the system's certificates",
                "The certificates that the server's own is checked against."),
            ConfigurationKey(
                "netflow.lookback", \.netflow.lookback, .duration(.seconds(60) ... .days(366)),
                "How far back an attacker is looked up."),
            ConfigurationKey(
                "netflow.wait", \.netflow.wait, .duration(.zero ... .seconds(600)),
                "How long an event waits for the answer; one that comes later is not in it."),
        ]

    private static let log = [
        ConfigurationKey("log.level", \.log.level, .choice(), "The least grave messages that are logged."),
        ConfigurationKey(
            "log.format", \.log.format, .choice(),
            "How messages are written to standard error; `auto` is text on a terminal and JSON elsewhere."),
    ]

    private static let stop = [
        ConfigurationKey(
            "stop.grace", \.stop.grace, .duration(.zero ... .seconds(3600)),
            """
            How long a stop takes at most, half of it for requests in flight; what is not delivered then goes out after \
            the next start, or is lost with a journal in memory. `TimeoutStopSec` of the systemd unit (30s) must be longer.
            """)
    ]

    private static let keeping = ValueKind<Duration>.duration(.seconds(3600) ... .days(3660))
    private static let timeout = ValueKind<Duration>.duration(.milliseconds(100) ... .seconds(3600))
    private static let pause = ValueKind<Duration>.duration(.milliseconds(10) ... .seconds(3600))
    private static let namePatterns = ValueKind.text("a part of a name", upTo: 255).list(of: "parts of names")
    private static let certificates = ValueKind<String>.readableFile("certificates in PEM form").optional
}
