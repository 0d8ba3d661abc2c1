import ArgumentParser
import IPAddresses
import Netflow
import Pipeline
import Timestamps

/// `warnbell lookup`.
struct LookupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lookup", abstract: "Ask the Netflow logs whom an address touched, who answered, who called it.",
        discussion: """
            Without --since the logs are searched as far back as netflow.lookback says.

              warnbell lookup 203.0.113.9
              warnbell lookup --since 2026-11-20T00:00:00Z --json 203.0.113.9 2001:db8:bad::1
            """)

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: "IPv4 or IPv6 addresses.")
    var addresses: [String]

    @Option(
        help: ArgumentHelp(
            "The window's begin: an RFC 3339 time, or a span back from now such as 24h.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("The window's end, not included (default: now).", valueName: "time"))
    var until: String?

    @Flag(help: "Print JSON: one object for one address, an array for several.")
    var json = false

    func validate() throws {
        for text in addresses where IPAddress(text) == nil {
            throw ValidationError("'\(text)' is no IPv4 or IPv6 address.")
        }
        _ = try window(at: .now(), lookback: .seconds(1))
    }

    func run() async throws {
        let netflow = try options.load().configuration.netflow
        guard let source = FlowSources.source(for: netflow) else {
            StandardError.write(
                "warnbell: no flow source is configured: set netflow.directory or netflow.elasticsearch.url")
            throw ExitStatus.wrongUsage
        }
        let window = try window(at: .now(), lookback: netflow.lookback)
        let findings = try await source.lookup(addresses.compactMap { IPAddress($0) }, in: window)
        let report = LookupReport(findings)
        print(json ? report.json : PeerTables(findings: findings).text(width: StandardOutput.width))
        if !report.isComplete { throw ExitStatus.incomplete }
    }

    private func window(at now: Timestamp, lookback: Duration) throws -> Range<Timestamp> {
        let end = try until.map { try moment($0, option: "--until", now) } ?? now
        let start = try since.map { try moment($0, option: "--since", now) } ?? min(now, end) - lookback
        guard start < end else {
            throw ValidationError("The window ends before it begins: --since must be before --until.")
        }
        return start..<end
    }

    private func moment(_ text: String, option: String, _ now: Timestamp) throws -> Timestamp {
        if let moment = Timestamp(text) { return moment }
        if let span = Unit.times.amount(in: text) { return now - .milliseconds(span) }
        throw ValidationError(
            "\(option): expected a time such as 2026-11-20T08:00:00Z or a span such as 24h, not '\(text)'.")
    }
}
