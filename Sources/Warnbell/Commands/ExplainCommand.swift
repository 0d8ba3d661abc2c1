import ArgumentParser
import Pipeline
import Wazuh

/// `warnbell explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tell what would happen to alerts, and why. Sends nothing.",
        discussion: """
            Takes what Wazuh writes or sends: an alerts.json, one alert, an array, or the body of a webhook.

            As if each alert had come at its own time, and without the brakes: the budget of new attackers and the age
            beyond which alerts are held.

              warnbell explain /var/ossec/logs/alerts/alerts.json
              zcat ossec-alerts-19.json.gz | warnbell explain -
            """)

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: "The file with the alerts; - is standard input.")
    var file: String

    @Flag(help: "Tell of each alert as well.")
    var each = false

    @OptionGroup var lines: LineLimit

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let policy = try PolicyFile.policyWithAdditions(for: try options.load().configuration)
        var explanation = Explanation(policy: policy)
        let tellsEach = each && !json
        try await AlertFile.forEachPiece(of: file) { piece in
            explanation.add(piece) { alert, decision in
                guard tellsEach else { return }
                let source = decision.attacker.map { "\($0.address)" } ?? "-"
                let what = "rule \(alert.ruleID) level \(alert.level)"
                print("\(decision.action.name)  \(source)  \(what): \(decision.reason)")
            }
        }
        if tellsEach { print() }
        print(
            json ? try explanation.json() : explanation.text(limit: lines.most, width: StandardOutput.width))
        if explanation.alerts == 0 { throw ExitStatus.failed }
        if explanation.rejected > 0 { throw ExitStatus.incomplete }
    }
}
