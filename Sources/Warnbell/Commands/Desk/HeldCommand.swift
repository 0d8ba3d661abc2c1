import ArgumentParser
import IPAddresses
import Journal
import Pipeline
import Timestamps

/// `warnbell held`.
struct HeldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "held", abstract: "Sources that the policy keeps for a person: look, then share or drop them.",
        subcommands: [HeldListCommand.self, HeldShowCommand.self, HeldReleaseCommand.self, HeldDropCommand.self],
        defaultSubcommand: HeldListCommand.self)

    /// The source that an address or a block names.
    static func source(_ text: String) throws -> SourceKey {
        guard let source = IPAddress(text).map(SourceKey.init) ?? SourceKey(text) else {
            throw ValidationError("'\(text)' is no source: expected an address, or the /64 of an IPv6 address.")
        }
        return source
    }
}

/// `warnbell held list`.
struct HeldListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List them.")

    @OptionGroup var options: ConfigurationOptions

    @OptionGroup var list: DeskList

    func run() throws {
        let (sources, count) = try options.journalReader().held(limit: list.lines.most)
        var table = TextTable("SOURCE", "FIRST", "LAST", "ALERTS", "LEVEL", "RULES", "WHY")
        for held in sources {
            let line = HeldJSON(held)
            table.add(
                line.source, held.batch.opened.brief, held.batch.closed.brief, "\(line.alerts)",
                "\(line.highestLevel)",
                line.rules.prefix(3).joined(separator: ",") + (line.rules.count > 3 ? ",…" : ""),
                line.reasons.keys.sorted().joined(separator: "; "))
        }
        try list.show(table, for: sources.map { HeldJSON($0) }, of: count, whereNone: "Nothing is held.")
    }
}

/// `warnbell held show`.
struct HeldShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what is known of one: whom it touched, with what, and how often.")

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: "The source, as `warnbell held list` tells it.")
    var source: String

    @Flag(help: "Print one JSON object: all that is known.")
    var json = false

    func validate() throws { _ = try HeldCommand.source(source) }

    func run() throws {
        let source = try HeldCommand.source(source)
        guard let held = try options.journalReader().held(source) else {
            StandardError.write("warnbell: nothing is held of \(source)")
            throw ExitStatus.failed
        }
        print(
            json
                ? try DeskJSON.text(HeldJSON(held, evidence: held.batch.evidence))
                : HeldReport(held: held).text(width: StandardOutput.width))
    }
}

/// `warnbell held release`.
struct HeldReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Share what is held of a source, of all, or of those a rule fired for.")

    @OptionGroup var desk: DeskRequest

    @Argument(help: "The source, as `warnbell held list` tells it.")
    var source: String?

    @Flag(help: "All of them.")
    var all = false

    @Option(help: ArgumentHelp("Those for which this rule of Wazuh's fired.", valueName: "id"))
    var rule: String?

    func validate() throws { _ = try selection() }

    func run() async throws {
        try await desk.carryOut(.release(try selection()))
    }

    private func selection() throws -> Intent.HeldSelection {
        switch (source, all, rule) {
        case (let source?, false, nil): .source(try HeldCommand.source(source))
        case (nil, true, nil): .all
        case (nil, false, let rule?): .rule(rule)
        default: throw ValidationError("Name a source, or --all, or --rule.")
        }
    }
}

/// `warnbell held drop`.
struct HeldDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Forget what is held of a source: it is not shared.")

    @OptionGroup var desk: DeskRequest

    @Argument(help: "The source, as `warnbell held list` tells it.")
    var source: String

    func validate() throws { _ = try HeldCommand.source(source) }

    func run() async throws {
        try await desk.carryOut(.dropHeld(try HeldCommand.source(source)))
    }
}
