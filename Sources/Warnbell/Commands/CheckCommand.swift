import ArgumentParser
import MISP
import Netflow
import Pipeline

/// `warnbell check`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the configuration, reach each remote system, and say what was found.",
        discussion: """
            Changes nothing. Exit status 1 when something would not work, 2 when the configuration or its policy is wrong.
            Of a MISP server it tells version, key, rights, clock, certificate, and what it lacks; → says what to do.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Flag(help: "Print JSON: what was found, in one object.")
    var json = false

    func run() async throws {
        let loaded = try options.load()
        let configuration = loaded.configuration
        var report = CheckReport(isJSON: json, width: StandardOutput.width)
        report.tell(.fine, "configuration", loaded.file ?? "defaults and environment")

        let (level, access) = AccessSummary.of(configuration)
        report.tell(level, "access", access)
        await report.check("policy") {
            let policy = try PolicyFile.policyWithAdditions(for: configuration)
            let added = policy.additions.entries.count
            let never = added > 0 ? ", \(Counted.text(added, "block")) never named beside networks.never" : ""
            return "\(policy.rules.count) rules (\(configuration.policy.file ?? "built in"))\(never)"
        }
        await report.check("data directory") { try DirectoryProbe.check(configuration.data.directory) }
        if configuration.feedIsOn {
            await report.check("feed") { try await checkFeed(of: configuration) }
        }
        await checkPort(of: configuration.listen, &report)
        if let client = Sinks.mispClient(for: configuration.misp) {
            await check(client, isPublishing: configuration.misp.publish != .never, &report)
        } else {
            report.tell(.note, "misp", "not configured: events go to the feed only")
        }
        await ListsProbe.check(configuration, &report)
        if let source = FlowSources.elasticsearch(for: configuration.netflow.elasticsearch) {
            await report.check("elasticsearch") { try await source.check() }
        }
        if let source = FlowSources.directory(for: configuration.netflow) {
            await report.check("flow files") { try await source.check() }
        }
        if FlowSources.source(for: configuration.netflow) == nil {
            report.tell(.note, "netflow", "not configured: attackers are not looked up")
        }
        try report.finish()
    }

    private func checkFeed(of configuration: Configuration) async throws -> String {
        let organisation =
            if let client = Sinks.mispClient(for: configuration.misp) {
                try await client.account().organisation as Organisation?
            } else {
                try FeedOrganisation.known(
                    in: configuration.data.directory, name: configuration.feed.organisation)
            }
        let found = try DirectoryProbe.check(configuration.feedDirectory)
        try FeedSink.check(directory: configuration.feedDirectory, organisation: organisation)
        return organisation.map { "\(found), of \($0.name)" } ?? found
    }

    private func checkPort(of listen: Configuration.Listen, _ report: inout CheckReport) async {
        let subject = "listen"
        do {
            switch try await PortProbe.check(listen) {
            case .free: report.tell(.fine, subject, listen.url)
            case .receiver: report.tell(.note, subject, "a receiver listens on \(listen.url) already")
            }
        } catch {
            report.tell(.failed, subject, "\(error)")
        }
    }

    private func check(_ client: MISPClient, isPublishing: Bool, _ report: inout CheckReport) async {
        for finding in await client.survey(isPublishing: isPublishing) {
            report.tell(CheckReport.Verdict(finding.verdict), "misp", finding.text, fix: finding.fix)
        }
    }
}

extension CheckReport.Verdict {
    init(_ verdict: MISPFinding.Verdict) {
        self =
            switch verdict {
            case .fine: .fine
            case .note: .note
            case .warning: .warning
            case .failed: .failed
            }
    }
}
