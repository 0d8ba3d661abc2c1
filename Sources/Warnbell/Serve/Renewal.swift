import HTTPServer
import Logging

/// Takes up what changed in the configuration while the service runs, as far as that goes without a restart.
///
/// The new configuration is read and checked as a whole first: one with a fault changes nothing.
struct Renewal {
    /// Keys that take effect at once, by the beginning of their names. TLS can't be turned on or off that way.
    private static func isRenewable(_ key: String, _ isToggled: Bool) -> Bool {
        key.hasPrefix("auth.") || (key.hasPrefix("listen.tls.") && !isToggled)
    }

    private let server: HTTPServer
    private let access: AccessControl
    private let logger: Logger
    /// What applies, once the renewable part of the last reload is taken up.
    private var configuration: Configuration

    init(server: HTTPServer, access: AccessControl, configuration: Configuration, logger: Logger) {
        self.server = server
        self.access = access
        self.configuration = configuration
        self.logger = logger
    }

    /// Reads the configuration anew and takes it up, or says why not.
    mutating func take(_ load: () throws(ConfigurationError) -> LoadedConfiguration) {
        do {
            let loaded = try load()
            for warning in loaded.warnings {
                logger.warning("configuration", metadata: .facts([.reason: "\(warning)"]))
            }
            try take(loaded.configuration)
        } catch let error as ConfigurationError {
            for problem in error.problems {
                logger.error("configuration not taken up", metadata: .facts([.reason: "\(problem)"]))
            }
        } catch {
            logger.error("configuration not taken up", metadata: .facts([.reason: "\(error)"]))
        }
    }

    private mutating func take(_ next: Configuration) throws(TLSError) {
        let changed = ConfigurationKey.all.filter { $0.differs(configuration, next) }.map(\.name)
        let tls = try TLSContext.Files(next.listen.tls).map { files throws(TLSError) in try TLSContext(files) }
        let isToggled = (tls == nil) != (configuration.listen.tls.certificate == nil)
        if let tls, !isToggled {
            server.renew(tls)
            configuration.listen.tls = next.listen.tls
        }
        logger.notice("configuration read again")
        takeAccess(next)
        for key in changed where !Self.isRenewable(key, isToggled) {
            logger.warning("takes effect with the next start", metadata: .facts([.key: "\(key)"]))
        }
    }

    /// Takes up who may do what. The address that is listened on stays what it is, and so may TLS: rules that count on
    /// the client certificates of a TLS that is not spoken yet would let everybody in.
    private mutating func takeAccess(_ next: Configuration) {
        var combined = configuration
        combined.auth = next.auth
        guard combined.hasCredentials || !next.hasCredentials else {
            logger.error(
                "auth.* not taken up: the only credentials left are client certificates, which need a restart",
                metadata: .facts([.key: "listen.tls.client_ca"]))
            return
        }
        configuration = combined
        access.replace(AccessRules(configuration))
        server.allow(configuration.auth.allowedAddresses)
    }
}
