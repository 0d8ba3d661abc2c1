import ArgumentParser

/// `warnbell config example`.
struct ConfigExampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example", abstract: "Print a configuration file that explains every key.")

    func run() {
        print(ConfigurationExample.text, terminator: "")
    }
}
