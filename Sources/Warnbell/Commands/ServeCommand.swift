import ArgumentParser
import Logging

/// `warnbell serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the receiver: take alerts, tell MISP, ask Netflow.",
        discussion: "Ends on SIGTERM or SIGINT after what was accepted is delivered, within stop.grace.")

    @OptionGroup var options: ConfigurationOptions

    @Option(help: ArgumentHelp("Write the receiver's URL to this file once it listens.", valueName: "file"))
    var readyFile: String?

    @Flag(help: "Take, decide and batch alerts, but deliver nothing: for measuring.")
    var countOnly = false

    func run() async throws {
        let configuration = try options.load().configuration
        let logger = Logger(label: "warnbell") { _ in LineLogHandler(configuration.log) }
        try await Service(configuration, logger: logger, countsOnly: countOnly).run(readyFile: readyFile)
    }
}
