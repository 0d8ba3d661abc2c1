import ArgumentParser
import IPAddresses
import Journal
import Pipeline
import Timestamps

/// `warnbell never`.
struct NeverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "never", abstract: "Addresses that are never named, beside networks.never.",
        discussion: """
            They count at once. What was shared before stays shared: `warnbell revoke --never` takes it back, too.
            """,
        subcommands: [NeverListCommand.self, NeverAddCommand.self, NeverRemoveCommand.self],
        defaultSubcommand: NeverListCommand.self)

    /// The block that a person names.
    static func block(_ text: String) throws -> IPBlock {
        guard let block = IPBlock(text) else {
            throw ValidationError("'\(text)' is no block: expected an address, or one with a prefix like 192.0.2.0/24.")
        }
        return block
    }
}

/// `warnbell never list`.
struct NeverListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List them.")

    @OptionGroup var options: ConfigurationOptions

    @OptionGroup var list: DeskList

    func run() throws {
        let entries = try options.journalReader().neverList().entries
        var table = TextTable("BLOCK", "ADDED", "BY", "WHY")
        for entry in entries.prefix(list.lines.most) {
            table.add("\(entry.block)", entry.added.brief, entry.actor, entry.reason ?? "-")
        }
        try list.show(
            table, for: entries.prefix(list.lines.most).map(NeverJSON.init), of: entries.count,
            whereNone: "Nothing was added to networks.never.")
    }
}

/// An entry for a program.
struct NeverJSON: Encodable {
    let block: String
    let added: String
    let actor: String
    let reason: String?

    init(_ entry: NeverList.Entry) {
        block = "\(entry.block)"
        added = entry.added.iso8601
        actor = entry.actor
        reason = entry.reason
    }
}

/// `warnbell never add`.
struct NeverAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Never name an address, or any in a block, from now on.",
        discussion: """
              warnbell never add 192.0.2.7 --reason "our own scanner"
            """)

    @OptionGroup var desk: DeskRequest

    @Argument(help: ArgumentHelp("The address or the block.", valueName: "block"))
    var block: String

    @Flag(help: "Also a block wider than a /16, or a /32 of IPv6.")
    var force = false

    /// The widest blocks that nobody adds by mistake.
    private static let widest = (ipv4: 16, ipv6: 32)

    func validate() throws {
        let block = try NeverCommand.block(block)
        let widest = block.first.isIPv4 && block.last.isIPv4 ? Self.widest.ipv4 : Self.widest.ipv6
        guard force || block.prefix >= widest else {
            throw ValidationError(
                "\(block) is wider than a /\(widest): attackers in it would never be named. --force adds it.")
        }
    }

    func run() async throws { try await desk.carryOut(.addNever(try NeverCommand.block(block))) }
}

/// `warnbell never remove`.
struct NeverRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take one off the list.")

    @OptionGroup var desk: DeskRequest

    @Argument(help: ArgumentHelp("The block, as `warnbell never list` tells it.", valueName: "block"))
    var block: String

    func validate() throws { _ = try NeverCommand.block(block) }

    func run() async throws { try await desk.carryOut(.removeNever(try NeverCommand.block(block))) }
}
