import ArgumentParser
import IPAddresses
import Journal
import Pipeline

/// `warnbell why`.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Tell all that is known of an address: why it was shared, or was not.",
        discussion: """
            Its alerts as far as the journal still has them, with what the policy of today says of each; what MISP and the \
            feed hold; what waits; and what people did about it. Exit status 1 where nothing is known.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: "The address.")
    var address: String

    @OptionGroup var lines: LineLimit

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws { _ = try parsed() }

    func run() throws {
        let configuration = try options.load().configuration
        try DeskRequest.checkMode(configuration)
        let story = try SourceStory(
            of: try parsed(), in: try JournalReader(in: configuration.data.directory),
            policy: try PolicyFile.policyWithAdditions(for: configuration), limit: lines.most)
        guard !story.isEmpty || json else {
            StandardError.write("warnbell: nothing is known of \(address)")
            throw ExitStatus.failed
        }
        print(json ? try DeskJSON.text(story.json) : story.text(width: StandardOutput.width))
        if story.isEmpty { throw ExitStatus.failed }
    }

    private func parsed() throws -> IPAddress {
        guard let address = IPAddress(address) ?? SourceKey(address)?.block.first else {
            throw ValidationError("'\(address)' is no address.")
        }
        return address
    }
}
