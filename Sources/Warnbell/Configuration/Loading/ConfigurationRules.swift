import FoundationEssentials
import HTTPServer
import IPAddresses
import MISP

/// What the values of a configuration must be to one another.
struct ConfigurationRules {
    private let configuration: Configuration
    private let origins: [String: ConfigurationOrigin]
    private let faulty: Set<String>

    private(set) var problems: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []

    /// - Parameter faulty: keys whose own values were not taken; nothing is concluded from them.
    init(_ configuration: Configuration, _ origins: [String: ConfigurationOrigin], faulty: Set<String>) {
        self.configuration = configuration
        self.origins = origins
        self.faulty = faulty
    }

    mutating func check() {
        checkListen()
        checkTLS()
        checkAuth()
        checkBatch()
        checkMISP()
        checkElasticsearch()
        checkEvents()
    }

    private mutating func checkListen() {
        let listen = configuration.listen
        refuse(
            "listen.max_field", with: "listen.max_head", if: listen.maxField > listen.maxHead,
            "it is larger than listen.max_head (\(Unit.text(bytes: listen.maxHead)))")
        refuse(
            "listen.max_target", with: "listen.max_head", if: listen.maxTarget > listen.maxHead,
            "it is larger than listen.max_head (\(Unit.text(bytes: listen.maxHead)))")
        refuse(
            "listen.max_body", with: "listen.max_body_memory", if: listen.maxBody > listen.maxBodyMemory,
            "it is larger than listen.max_body_memory (\(Unit.text(bytes: listen.maxBodyMemory)))")
        refuse(
            "listen.body_idle_timeout", with: "listen.body_timeout", if: listen.bodyIdleTimeout > listen.bodyTimeout,
            "it is longer than listen.body_timeout (\(Unit.text(listen.bodyTimeout)))")
        refuse(
            "journal.max_bytes", with: "listen.max_body", if: configuration.journal.maxBytes < listen.maxBody,
            "it is smaller than listen.max_body (\(Unit.text(bytes: listen.maxBody))): one request could not be taken")
    }

    /// The files are read here, so that what they hold is told with the rest, and no reload takes bad ones.
    private mutating func checkTLS() {
        let tls = configuration.listen.tls
        refuse(
            "listen.tls.certificate", with: "listen.tls.key", if: tls.certificate != nil && tls.key == nil,
            "it needs listen.tls.key")
        refuse(
            "listen.tls.key", "listen.tls.client_ca", with: "listen.tls.certificate",
            if: tls.certificate == nil && (tls.key != nil || tls.clientCA != nil), "it needs listen.tls.certificate")
        guard let files = TLSContext.Files(tls) else { return }
        do {
            let daysLeft = try TLSContext(files).daysLeft
            warn("listen.tls.certificate", if: daysLeft < 0, "the certificate is no longer valid")
            warn(
                "listen.tls.certificate", if: (0..<14).contains(daysLeft),
                "the certificate is valid for \(daysLeft) more days")
        } catch {
            refuse("listen.tls.certificate", with: "listen.tls.key", "listen.tls.client_ca", if: true, "\(error)")
        }
    }

    private mutating func checkAuth() {
        let (auth, host) = (configuration.auth, configuration.listen.host)
        let credentials = [
            "auth.tokens", "auth.tokens_file", "auth.webhook_secrets", "auth.webhook_secrets_file",
            "listen.tls.client_ca",
        ]
        if faulty.isDisjoint(with: credentials) {
            refuse(
                "listen.host", with: "auth.mode",
                if: auth.mode == .required && !host.isLoopback && !configuration.hasCredentials,
                """
                \(host) is not a loopback address, and there is no credential that a client could show: set auth.tokens, \
                auth.webhook_secrets or listen.tls.client_ca, or auth.mode to none if anybody who reaches it may post \
                alerts and name attackers
                """)
        }
        warn(
            "listen.host", with: "listen.tls.certificate",
            if: auth.mode == .required && !host.isLoopback && configuration.listen.tls.certificate == nil
                && configuration.hasCredentials,
            "without listen.tls.certificate credentials and alerts travel unencrypted")
        warn(
            "auth.client_names", with: "listen.tls.client_ca",
            if: !auth.clientNames.isEmpty && configuration.listen.tls.clientCA == nil,
            "it does nothing without listen.tls.client_ca")
        warn(
            "auth.mode", with: "listen.host", if: auth.mode == .none && !host.isLoopback,
            "with none anybody who reaches \(host) may post alerts, name attackers, and read feed and metrics")
        for key in credentials + ["auth.rate"] {
            warn(
                key, with: "auth.mode", if: auth.mode == .none && origins[key] != nil,
                "it does nothing while auth.mode is none")
        }
        warn(
            "auth.burst", with: "auth.rate", if: auth.rate == 0 && origins["auth.burst"] != nil,
            "it does nothing without auth.rate")
        warn(
            "auth.allow", if: auth.allowedAddresses?.isEmpty ?? false,
            "it holds no address, so nobody but listen.trusted_proxies may connect")
    }

    private mutating func checkBatch() {
        let batch = configuration.batch
        refuse(
            "batch.quiet", with: "batch.max_wait", if: batch.quiet > batch.maxWait,
            "it is longer than batch.max_wait (\(Unit.text(batch.maxWait)))")
    }

    private mutating func checkMISP() {
        let misp = configuration.misp
        refuse(
            "misp.url", with: "misp.key", "misp.key_file", if: misp.url != nil && misp.key == nil,
            "it needs misp.key or misp.key_file")
        warn(
            "misp.key", "misp.key_file", with: "misp.url", if: misp.url == nil && misp.key != nil,
            "it does nothing without misp.url")
        warn(
            "misp.url", if: misp.url.map(isReadableByOthers) ?? false,
            "the key and the events travel unencrypted over http")
        refuse(
            "misp.distribution", with: "networks.own",
            if: misp.distribution != .organisation
                && (origins["networks.own"] == nil || configuration.networks.own.addresses.isEmpty),
            """
            events that leave the organisation (\(misp.distribution)) need networks.own to be set, your public networks \
            included: an address of your own must not be shared as an attacker
            """)
        refuse(
            "misp.tlp", with: "misp.distribution", if: misp.tlp == .red && misp.distribution != .organisation,
            """
            tlp:red is for those who get it and nobody else, and misp.distribution is \(misp.distribution): it has to \
            be organisation
            """)
        refuse(
            "misp.tlp", with: "misp.distribution",
            if: (misp.tlp == .amber || misp.tlp == .amberStrict) && misp.distribution == .all,
            """
            tlp:\(misp.tlp.rawValue) is not for everybody, and misp.distribution is all: it has to be less, or misp.tlp \
            green or clear
            """)
        warn(
            "feed.enabled", with: "misp.url", if: configuration.feed.enabled == false && misp.url == nil,
            "without a feed and without misp.url events have nowhere to go")
    }

    /// What events can't be made of.
    private mutating func checkEvents() {
        do throws(InvalidSetting) {
            _ = try EventSettings(configuration)
        } catch {
            refuse(error.key, if: true, "expected \(error.expected), got \(quoted(error.value))")
        }
    }

    private mutating func checkElasticsearch() {
        let (name, server) = ("netflow.elasticsearch", configuration.netflow.elasticsearch)
        let isUsed = server.url != nil
        refuse(
            "\(name).user", with: "\(name).password", "\(name).password_file",
            if: isUsed && server.user != nil && server.password == nil,
            "it needs \(name).password or \(name).password_file")
        refuse(
            "\(name).password", "\(name).password_file", with: "\(name).user",
            if: isUsed && server.password != nil && server.user == nil, "it needs \(name).user")
        refuse(
            "\(name).api_key", "\(name).api_key_file", with: "\(name).user",
            if: isUsed && server.apiKey != nil && server.user != nil,
            "\(name).user is set as well; only one of them can be")
        let credentials = ["user", "password", "password_file", "api_key", "api_key_file"].map { "\(name).\($0)" }
        for key in credentials {
            warn(
                key, with: "\(name).url", if: !isUsed && origins[key] != nil,
                "it does nothing without \(name).url")
        }
    }
}

extension ConfigurationRules {
    /// Adds a problem with the first of `keys` that was set, unless a key that has to do with it is faulty itself.
    private mutating func refuse(
        _ keys: String..., with others: String..., if isWrong: Bool, _ text: @autoclosure () -> String
    ) {
        if isWrong, let finding = finding(keys, others, text()) { problems.append(finding) }
    }

    private mutating func warn(
        _ keys: String..., with others: String..., if isOdd: Bool, _ text: @autoclosure () -> String
    ) {
        if isOdd, let finding = finding(keys, others, text()) { warnings.append(finding) }
    }

    private func finding(_ keys: [String], _ others: [String], _ text: String) -> ConfigurationProblem? {
        guard faulty.isDisjoint(with: keys + others) else { return nil }
        // Where the key itself was not set, its default does not go with a key that was: that is the place to look at.
        let place = (keys + others).first { origins[$0] != nil }
        return ConfigurationProblem(
            origin: place.flatMap { origins[$0] }, key: keys.first { origins[$0] != nil } ?? keys.first, text: text)
    }

    /// Whether what is sent to `url` can be read on the way.
    private func isReadableByOthers(_ url: String) -> Bool {
        guard let parts = URLComponents(string: url), parts.scheme?.lowercased() == "http", let host = parts.host
        else { return false }
        let address = IPAddress(host.filter { !"[]".contains($0) })
        return host.lowercased() != "localhost" && !(address?.isLoopback ?? false)
    }
}

extension IPAddress {
    /// Whether only this machine can be at the other end.
    var isLoopback: Bool { SpecialUse.of(self)?.name == "loopback" }
}
