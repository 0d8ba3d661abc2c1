import ArgumentParser
import Testing

@testable import Warnbell

struct CommandTests {
    @Test("Errors become the exit status that tells what kind they are")
    func statuses() {
        #expect(ExitStatus(ConfigurationError(problems: [])) == .wrongUsage)
        #expect(ExitStatus(ValidationError("no")) == .wrongUsage)
        #expect(ExitStatus(CleanExit.helpRequest()) == .fine)
        #expect(ExitStatus(ExitStatus.incomplete) == .incomplete)
        #expect(ExitStatus(CancellationError()) == .failed)
    }

    @Test(
        "The program says what it did by its exit status",
        arguments: [
            (["--version"], 0, "0.1.0\n", ""),
            (["version"], 0, "0.1.0\n", ""),
            (["--nonsense"], 2, "", "Unknown option '--nonsense'"),
            (["nonsense"], 2, "", "Unexpected argument 'nonsense'"),
            (["config", "check", "--config"], 2, "", "Missing value for '--config <file>'"),
            (
                ["config", "check", "--config", "/nonexistent.yaml"], 2, "",
                "warnbell: the configuration has 1 problem:\n  cannot read /nonexistent.yaml: No such file or directory\n"
            ),
            (
                ["config", "check", "--config", "/dev/null"], 0, "The configuration is fine (/dev/null, 0 keys set).\n",
                ""
            ),
            (["config", "show", "--config", "/dev/null"], 0, "listen.host ", ""),
            (["config", "show", "--json", "--config", "/dev/null"], 0, "{\n  \"auth.allow\"", ""),
            (["config", "reference"], 0, "\n\n| Key | Default | Value | Meaning |\n", ""),
            (["config", "example"], 0, "# Warnbell's configuration.", ""),
        ] as [([String], Int32, String, String)])
    func program(arguments: [String], status: Int32, output: String, error: String) throws {
        let result = try Program.run(arguments)
        #expect(result.status == status)
        // A part of what is written, or nothing at all.
        #expect(output.isEmpty ? result.output == "" : result.output.contains(output), "\(result.output)")
        #expect(error.isEmpty ? result.error == "" : result.error.contains(error), "\(result.error)")
    }

    @Test("A variable of our own that sets nothing is told on standard error")
    func warning() throws {
        let result = try Program.run(
            ["config", "check", "--config", "/dev/null"], environment: ["WARNBELL_PORT": "tcp://192.0.2.1:8787"])
        #expect(result.status == 0)
        #expect(result.error == "warnbell: warning: environment variable WARNBELL_PORT: it sets no key\n")
    }
}
