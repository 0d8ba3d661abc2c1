import ArgumentParser
import Journal
import Pipeline

/// `warnbell dead-letters`.
struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "Events that a sink refused for good: look at them, send them again.",
        subcommands: [
            DeadLettersListCommand.self, DeadLettersShowCommand.self, DeadLettersReplayCommand.self,
            DeadLettersDropCommand.self,
        ],
        defaultSubcommand: DeadLettersListCommand.self)
}

/// `warnbell dead-letters list`.
struct DeadLettersListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List them, the newest first.")

    @OptionGroup var options: ConfigurationOptions

    @OptionGroup var list: DeskList

    func run() throws {
        let (letters, count) = try options.journalReader().deadLetters(limit: list.lines.most)
        var table = TextTable("ID", "WHEN", "SINK", "SOURCE", "ALERTS", "REASON")
        for letter in letters {
            table.add(
                "\(letter.id)", letter.died.brief, letter.sink, "\(letter.source)", "\(letter.alerts)", letter.reason)
        }
        try list.show(
            table, for: letters.map(DeadLetterJSON.init), of: count, whereNone: "There are no dead letters.")
    }
}

/// `warnbell dead-letters show`.
struct DeadLettersShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one, with the event as it was sent.")

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: "Its number, as `warnbell dead-letters list` tells it.")
    var id: Int64

    @Flag(help: "Print one JSON object, the event in it.")
    var json = false

    func run() throws {
        guard let (letter, event) = try options.journalReader().deadLetter(id) else {
            StandardError.write("warnbell: there is no dead letter \(id)")
            throw ExitStatus.failed
        }
        let body = String(decoding: event, as: UTF8.self)
        guard !json else {
            // What was sent is JSON already, and is shown as it was.
            let event = body.isEmpty ? "null" : body
            return print("\(try DeskJSON.text(DeadLetterJSON(letter)).dropLast(2)),\n  \"event\" : \(event)\n}")
        }
        let facts = [
            ("when", letter.died.brief), ("sink", letter.sink), ("source", "\(letter.source)"),
            ("alerts", "\(letter.alerts)"), ("reason", letter.reason),
            ("event", body.isEmpty ? "none could be composed" : body),
        ]
        for (name, value) in facts {
            print("\(name)\(String(repeating: " ", count: 8 - name.count))\(LineText.escaped(value))")
        }
    }
}

/// `warnbell dead-letters replay`.
struct DeadLettersReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Have the event composed anew and sent again.",
        discussion: "For when what it was refused for is mended. What MISP holds of the attacker by now is heeded.")

    @OptionGroup var desk: DeskRequest

    @Argument(help: "Its number, as `warnbell dead-letters list` tells it.")
    var id: Int64?

    @Flag(help: "All of them.")
    var all = false

    func validate() throws {
        if (id != nil) == all { throw ValidationError("Name the number of a dead letter, or --all.") }
    }

    func run() async throws {
        try await desk.carryOut(.replay(id))
    }
}

/// `warnbell dead-letters drop`.
struct DeadLettersDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Let go of one that is not to be sent any more.")

    @OptionGroup var desk: DeskRequest

    @Argument(help: "Its number, as `warnbell dead-letters list` tells it.")
    var id: Int64

    func run() async throws {
        try await desk.carryOut(.dropDeadLetter(id))
    }
}
