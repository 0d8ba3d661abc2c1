import ArgumentParser
import Journal

/// `warnbell pause`.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop sharing at once; alerts are still taken and kept.",
        discussion: """
            Nothing goes to MISP or the feed until `warnbell resume`, over restarts as well. What waits then goes out, \
            merged into one change for each attacker.

              warnbell pause --reason "our own scanner is shared"
            """)

    @OptionGroup var desk: DeskRequest

    func run() async throws {
        try await desk.carryOut(.pause)
    }
}

/// `warnbell resume`.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on sharing after `warnbell pause`.")

    @OptionGroup var desk: DeskRequest

    func run() async throws {
        try await desk.carryOut(.resume)
    }
}
