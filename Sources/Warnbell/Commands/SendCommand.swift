import ArgumentParser
import FoundationEssentials
import IPAddresses
import Timestamps
import Wazuh

/// `warnbell send`.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Post alerts to a receiver and tell what became of each.",
        discussion: """
            One request an alert, as a Wazuh manager does. The built-in samples use documentation addresses and the \
            present time: they show that the way is open and end in events that are marked TEST. In a feed those are only \
            with feed.include_tests.

              warnbell send --sample
              warnbell send --to http://127.0.0.1:8787 alerts.json

            Where the receiver wants a token, it is looked for in --token, in WARNBELL_TOKEN, and, unless --to names \
            another receiver, in the configured auth.tokens.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Argument(help: "The file with the alerts; - is standard input.")
    var file: String?

    @Flag(help: "Send the built-in samples.")
    var sample = false

    @Option(help: ArgumentHelp("The receiver (default: the configured address).", valueName: "url"))
    var to: String?

    @Option(help: "The token to show; others on this machine can read it here, but not in WARNBELL_TOKEN.")
    var token: String?

    @Flag(help: "Tell the totals only.")
    var quiet = false

    func validate() throws {
        if sample == (file != nil) { throw ValidationError("Name a file (or - for standard input), or --sample.") }
    }

    func run() async throws {
        let receiver = try receiver()
        let sender = AlertSender(url: receiver.url + "/webhooks/wazuh", token: receiver.token)
        defer { sender.close() }
        var totals = Totals()
        if let file {
            try await AlertFile.forEachPiece(of: file) { try await send($0, by: sender, &totals) }
        } else {
            for alert in SampleAlerts.all(at: .now()) {
                try await send(AlertFile.Piece(bytes: Array(alert.utf8)), by: sender, &totals)
            }
        }
        print(totals)
        if totals.refused + totals.notSent > 0 { throw ExitStatus.failed }
    }

    /// Where the receiver is, and the token to show it.
    private func receiver() throws -> (url: String, token: String?) {
        let given = token ?? ProcessInfo.processInfo.environment[Self.tokenVariable]
        if let to { return (to.hasSuffix("/") ? String(to.dropLast()) : to, given) }
        let configuration = try options.load().configuration
        let configured = configuration.auth.tokens.entries.first { $0.scopes.contains(.alerts) }?.secret.text
        return (configuration.listen.url, given ?? configured)
    }

    /// The environment variable with the token.
    static let tokenVariable = "WARNBELL_TOKEN"

    private func send(_ piece: AlertFile.Piece, by sender: AlertSender, _ totals: inout Totals) async throws {
        var decoder = AlertDecoder(limits: AlertFile.limits)
        let decoded: DecodedBody
        do {
            decoded = try decoder.decode(piece.bytes.span)
        } catch {
            tell("not sent", piece.fault(error))
            totals.notSent += 1
            return
        }
        for entry in decoded.rejected { tell("not sent", piece.fault(entry)) }
        totals.notSent += decoded.rejected.count
        for alert in decoded.alerts {
            let outcome = try await sender.send(alert.bytes)
            totals.count(outcome)
            let source = alert.attacker.map { "\($0.address)" } ?? "-"
            var text = alert.ruleDescription
            if case .refused(let reason) = outcome { text = reason }
            tell(outcome.name, "rule \(alert.ruleID)  \(source)  \(text)")
        }
    }

    private func tell(_ outcome: String, _ text: String) {
        guard !quiet else { return }
        let gap = String(repeating: " ", count: max(1, 10 - outcome.count))
        print(TextTable.fitted(outcome + gap + LineText.escaped(text), to: StandardOutput.width))
    }

    /// How many alerts went which way.
    private struct Totals: CustomStringConvertible {
        var accepted = 0
        var duplicates = 0
        var refused = 0
        var notSent = 0

        mutating func count(_ outcome: AlertSender.Outcome) {
            switch outcome {
            case .accepted: accepted += 1
            case .duplicate: duplicates += 1
            case .refused: refused += 1
            }
        }

        var description: String {
            "\(accepted) accepted, \(duplicates) duplicate, \(refused) refused, \(notSent) not sent"
        }
    }
}
