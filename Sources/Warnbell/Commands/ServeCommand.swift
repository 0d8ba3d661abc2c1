import ArgumentParser
import Logging

/// `warnbell serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the receiver: take alerts, tell MISP, ask Netflow.",
        discussion: """
            Ends on SIGTERM or SIGINT after what was accepted is delivered, within stop.grace; what is not goes out after \
            the next start, unless journal.mode is memory. A second signal ends it at once. On SIGHUP it reads its \
            configuration again and takes up new certificates (listen.tls) and who may do what (auth) without losing a \
            connection; a configuration with a fault changes nothing, and the log says why. \
            Tells systemd that it is ready, reloading, stopping and alive (NOTIFY_SOCKET, WATCHDOG_USEC).
            """)

    @OptionGroup var options: ConfigurationOptions

    @Option(help: ArgumentHelp("Write the receiver's URL to this file once it listens.", valueName: "file"))
    var readyFile: String?

    @Flag(help: "Take, decide and batch alerts, but deliver nothing: for measuring.")
    var countOnly = false

    func run() async throws {
        Signals.ignoreFailedWrites()
        let configuration = try options.load().configuration
        let logger = Logger(label: "warnbell") { _ in LineLogHandler(configuration.log) }
        let service = try Service(configuration, logger: logger, countsOnly: countOnly)
        try await service.run(readyFile: readyFile, reloading: options.reload)
    }
}
