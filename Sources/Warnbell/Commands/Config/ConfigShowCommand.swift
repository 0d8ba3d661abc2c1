import ArgumentParser

/// `warnbell config show`.
struct ConfigShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the value of every key and where it was set; secrets are redacted.")

    @OptionGroup var options: ConfigurationOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let listing = ConfigurationListing(loaded: try options.load())
        print(json ? try listing.json() : listing.text)
    }
}
