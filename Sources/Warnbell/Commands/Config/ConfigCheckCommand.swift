import ArgumentParser

/// `warnbell config check`.
struct ConfigCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the configuration and its policy and tell all that is wrong with it.",
        discussion: "Nothing but files is looked at; `warnbell check` reaches the other systems, too.")

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let loaded = try options.load()
        _ = try PolicyFile.policy(for: loaded.configuration)
        print("The configuration is fine (\(loaded.file ?? "no file"), \(loaded.origins.count) keys set).")
    }
}
