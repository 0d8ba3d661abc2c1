import ArgumentParser
import Glibc
import Journal
import MISP

/// The program `warnbell`.
@main
struct Warnbell: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "warnbell",
        abstract: "Tells MISP of the attackers that Wazuh sees, and asks the Netflow logs whom else they touched.",
        discussion: """
            Exit status: 0 fine, 1 failed, 2 wrong usage or configuration, 3 the answer is incomplete.
            """,
        version: Version.current,
        subcommands: [
            ServeCommand.self, CheckCommand.self, SendCommand.self, ExplainCommand.self, LookupCommand.self,
            StatusCommand.self, PauseCommand.self, ResumeCommand.self, HeldCommand.self,
            RevokeCommand.self, NeverCommand.self, WhyCommand.self, DeadLettersCommand.self, BackupCommand.self,
            PolicyCommand.self, ConfigCommand.self, VersionCommand.self,
        ])

    /// Off the main actor, to which the entry point would be bound otherwise: commands may run long.
    @concurrent static func main() async {
        do {
            var command = try await asyncParseAsRoot(nil)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            end(error)
        }
    }

    /// Tells what is wrong, or what was asked for in the case of `--help` and `--version`, and ends the process.
    private static func end(_ error: any Error) -> Never {
        let status = ExitStatus(error)
        switch error {
        case is ExitStatus: break
        case is ConfigurationError, is PolicyFile.Faults, is InvalidSetting, is JournalError, is BackupError:
            StandardError.write("warnbell: \(error)")
        default:
            let message = fullMessage(for: error)
            if status == .fine { print(message) } else if !message.isEmpty { StandardError.write(message) }
        }
        Glibc.exit(status.rawValue)
    }
}
