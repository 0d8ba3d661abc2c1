import ArgumentParser

/// `warnbell config`: what can be set, and what is set.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show, check and explain the configuration.",
        subcommands: [
            ConfigShowCommand.self, ConfigCheckCommand.self, ConfigReferenceCommand.self, ConfigExampleCommand.self,
        ])
}
