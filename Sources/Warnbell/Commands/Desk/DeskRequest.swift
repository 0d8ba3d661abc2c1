import ArgumentParser
import FoundationEssentials
import Glibc
import Journal
import Pipeline
import Timestamps

/// Has something done that changes what the server works on: by the server, or here where none runs.
struct DeskRequest: ParsableArguments {
    @OptionGroup var options: ConfigurationOptions

    @Option(help: ArgumentHelp("Why, for whoever looks at it later.", valueName: "text"))
    var reason: String?

    /// Characters of a reason.
    private static let limit = 500

    func validate() throws {
        guard reason?.count ?? 0 <= Self.limit else {
            throw ValidationError("--reason: expected up to \(Self.limit) characters.")
        }
    }

    /// How long the outcome is waited for.
    static let patience = Duration.seconds(15)
    static let pause = Duration.milliseconds(50)

    /// Asks, and tells what came of it.
    ///
    /// - Throws: ``ExitStatus`` where it was not done.
    func carryOut(_ request: Intent.Request) async throws {
        var isFine = true
        try await carryOut([request]) { isFine = tell($0) && isFine }
        if !isFine { throw ExitStatus.failed }
    }

    /// Asks for several things, and hands over what came of each, in their order.
    ///
    /// - Throws: ``ExitStatus`` where one was not done in time.
    func carryOut(_ requests: [Intent.Request], each: (Intent.Outcome) -> Void) async throws {
        let configuration = try options.load().configuration
        try Self.checkMode(configuration)
        let box = try IntentBox(in: configuration.data.directory)
        let now = Timestamp.now()
        let ids = try requests.map { try box.add($0, by: Self.actor, reason: reason, at: now) }
        var left = ids[...]
        var end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            while let id = left.first, let outcome = try box.outcome(of: id) {
                each(outcome)
                left.removeFirst()
                end = ContinuousClock.now + Self.patience
            }
            if left.isEmpty { return }
            if !box.isServed { try await work(configuration) } else { try await Task.sleep(for: Self.pause) }
        }
        StandardError.write(
            "warnbell: the server has not done it within \(Age.text(Self.patience)); it stays asked for, and "
                + "`warnbell status` tells whether it was done")
        throw ExitStatus.incomplete
    }

    /// What people ask for, and look into, is the journal's file.
    static func checkMode(_ configuration: Configuration) throws(ExitStatus) {
        guard configuration.journal.mode == .memory else { return }
        StandardError.write(
            "warnbell: the journal is in the server's memory (journal.mode: memory): there is no file to look into")
        throw .failed
    }

    /// Does what is asked for in the server's place.
    private func work(_ configuration: Configuration) async throws {
        var limits = DurableJournal.Limits(configuration)
        limits.identities = 0
        do {
            let journal = try DurableJournal(in: configuration.data.directory, limits: limits) { notice in
                StandardError.write("warnbell: the journal: \(notice)")
            }
            let policy = try PolicyFile.policyWithAdditions(for: configuration)
            let executor = IntentExecutor(
                journal: journal, sinks: Sinks.names(for: configuration), pipeline: nil,
                mayShare: { policy.verdict(on: $0, $1, known: AddressBook(), at: .now()) }, carriedOut: { _, _ in })
            await executor.work()
        } catch JournalError.inUse {
            // A server has started meanwhile, or another command was quicker: it does it.
        }
    }

    /// Tells a person; whether it is fine.
    func tell(_ outcome: Intent.Outcome) -> Bool {
        let text = LineText.escaped(outcome.text)
        if outcome.isFine { print(text) } else { StandardError.write("warnbell: \(text)") }
        return outcome.isFine
    }

    /// Who asks: the user behind sudo, else the process's own.
    private static var actor: String {
        if let user = ProcessInfo.processInfo.environment["SUDO_USER"], !user.isEmpty { return String(user.prefix(64)) }
        let user = unsafe getpwuid(getuid())
        return unsafe user.map { unsafe String(cString: $0.pointee.pw_name) } ?? "user \(getuid())"
    }
}
