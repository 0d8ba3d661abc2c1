import ArgumentParser
import Glibc
import IPAddresses
import Journal
import Pipeline
import Timestamps

/// `warnbell revoke`.
struct RevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take back what was shared of sources that are no attackers.",
        discussion: """
            MISP and the feed are told that each was a false positive: its attributes go, nothing acts on them any more, \
            and the event is published once more so that others hear of it. What comes of the source later is held.

              warnbell revoke 198.51.100.7 --reason "a customer's scanner" --never
              warnbell revoke --rule 31103 --since 2h --dry-run
            """)

    @OptionGroup var desk: DeskRequest

    @Argument(help: ArgumentHelp("An address, or a block: all sources in it.", valueName: "block"))
    var block: String?

    @OptionGroup var choice: RevocationChoice

    @Flag(help: "Never name them again, either.")
    var never = false

    @Flag(help: "Show what would be taken back, and do nothing.")
    var dryRun = false

    @Flag(help: "Don't ask.")
    var yes = false

    @Flag(help: "Print one JSON object; needs --yes or --dry-run.")
    var json = false

    func validate() throws {
        _ = try choice.selection(block: block)
        if json, !yes, !dryRun { throw ValidationError("--json asks nothing: add --yes or --dry-run.") }
    }

    func run() async throws {
        let selection = try choice.selection(block: block)
        let reader = try desk.options.journalReader()
        let affected = try AffectedSources(selection, in: reader, at: .now())
        if dryRun { return try show(affected, outcomes: []) }
        guard !affected.sources.isEmpty || never && !selection.named.isEmpty else {
            if json { try show(affected, outcomes: []) } else { print("Nothing of that is shared.") }
            throw ExitStatus.failed
        }
        if !json { print(affected.text(width: StandardOutput.width)) }
        guard yes || isWanted(affected) else { throw ExitStatus.failed }

        let sources = affected.sources.isEmpty ? selection.named : affected.sources
        var outcomes: [Intent.Outcome] = []
        try await desk.carryOut(sources.map { .revoke($0, never: never) }) { outcome in
            outcomes.append(outcome)
            if !json { _ = desk.tell(outcome) }
        }
        let left = try await settled(sources, reader)
        if json {
            try show(affected, outcomes: outcomes)
        } else if left == 0 {
            print("Taken back: nothing of \(Counted.text(sources.count, "source")) is shared any more.")
        } else {
            print(
                "\(Counted.text(left, "event")) still to be taken back; `warnbell status` and `warnbell why` tell."
            )
        }
        let failures = try sources.flatMap { try reader.ledger(of: $0) }
            .compactMap { entry in entry.history.withdrawal?.failure.map { "\(entry.source) at \(entry.sink): \($0)" } }
        for failure in failures { StandardError.write("warnbell: \(LineText.escaped(failure))") }
        guard outcomes.allSatisfy(\.isFine), failures.isEmpty else { throw ExitStatus.failed }
        if left > 0 { throw ExitStatus.incomplete }
    }

    /// Waits a while until the sinks are through with it, where a server runs; how many events are left.
    private func settled(_ sources: [SourceKey], _ reader: JournalReader) async throws -> Int {
        let sources = Set(sources)
        let end = ContinuousClock.now + DeskRequest.patience
        while true {
            let left = try reader.withdrawing(of: sources)
            let isPaused = try reader.isPaused
            if left == 0 || !reader.isServed || isPaused || ContinuousClock.now > end { return left }
            try await Task.sleep(for: DeskRequest.pause)
        }
    }

    /// Whether the person at the terminal says so.
    private func isWanted(_ affected: AffectedSources) -> Bool {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            StandardError.write("warnbell: nothing is done without --yes, since there is no terminal to ask at")
            return false
        }
        print("Take back \(Counted.text(affected.sources.count, "source"))? [y/N] ", terminator: "")
        fflush(nil)
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }

    private func show(_ affected: AffectedSources, outcomes: [Intent.Outcome]) throws {
        guard json else { return print(affected.text(width: StandardOutput.width)) }
        print(try DeskJSON.text(AffectedJSON(affected, outcomes: outcomes)))
    }
}

/// Which sources are to be taken back.
struct RevocationChoice: ParsableArguments {
    @Option(help: ArgumentHelp("Those for which this rule of Wazuh's fired.", valueName: "id"))
    var rule: String?

    @Option(help: ArgumentHelp("Those that were shared first within this time: 90m, 2h, 7d.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Those in a file: an address or a block a line.", valueName: "file"))
    var file: String?

    @Flag(help: "Events of documentation addresses, which are tests.")
    var tests = false

    /// Bytes of a file.
    private static let fileLimit = 1 << 20

    func selection(block: String?) throws -> RevocationSelection {
        var selection = RevocationSelection(rule: rule, isTests: tests)
        if let block { selection.blocks.append(try Self.block(block)) }
        if let file {
            for line in try FileReading.text(of: file, limit: Self.fileLimit).split(whereSeparator: \.isNewline) {
                let text = line.prefix { $0 != "#" }.trimmed
                if !text.isEmpty { selection.blocks.append(try Self.block(text)) }
            }
            guard !selection.blocks.isEmpty else { throw ValidationError("--file: \(file) names no address.") }
        }
        if let since {
            guard let milliseconds = Unit.times.amount(in: since) else {
                throw ValidationError("--since: expected a time like 90m, 2h or 7d.")
            }
            selection.since = .milliseconds(milliseconds)
        }
        guard !selection.isEmpty else {
            throw ValidationError("Name an address or a block, or --rule, --since, --file or --tests.")
        }
        return selection
    }

    private static func block(_ text: String) throws -> IPBlock {
        let block = try NeverCommand.block(text)
        // An address of IPv6 stands for the network that is its source.
        return block.isSingle ? SourceKey(block.first).block : block
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
