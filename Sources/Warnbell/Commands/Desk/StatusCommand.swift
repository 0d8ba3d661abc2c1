import ArgumentParser
import Journal
import Timestamps

/// `warnbell status`.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell how things stand, and what needs a person.",
        discussion: "Works whether the server runs or not. Exit status 1 when something needs a person.")

    @OptionGroup var options: ConfigurationOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let configuration = try options.load().configuration
        try DeskRequest.checkMode(configuration)
        let reader = try JournalReader(in: configuration.data.directory)
        let report = StatusReport(
            status: try reader.status(sinks: Sinks.names(for: configuration)), now: .now(),
            directory: configuration.data.directory, isObserving: configuration.policy.mode == .observe,
            byteLimit: configuration.retention.bytes)
        print(json ? try DeskJSON.text(StatusJSON(report)) : report.text(width: StandardOutput.width))
        if !report.advice.isEmpty { throw ExitStatus.failed }
    }
}
