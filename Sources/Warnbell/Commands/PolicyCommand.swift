import ArgumentParser

/// `warnbell policy`.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "The rules that decide whom Warnbell names.",
        subcommands: [PolicyShowCommand.self])
}

/// `warnbell policy show`.
struct PolicyShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the policy that applies, as a file to start one's own from.")

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let configuration = try options.load().configuration
        _ = try PolicyFile.policy(for: configuration)
        print(try PolicyFile.text(for: configuration), terminator: "")
    }
}
