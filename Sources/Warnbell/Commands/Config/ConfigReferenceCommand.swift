import ArgumentParser

/// `warnbell config reference`.
struct ConfigReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference", abstract: "Print a Markdown table of all keys.")

    func run() {
        print(ConfigurationReference.text)
    }
}
