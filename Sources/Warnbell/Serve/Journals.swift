import Glibc
import Journal
import Pipeline

/// The journal that a configuration asks for.
enum Journals {
    /// Opens it.
    /// - Throws: ``JournalError`` when the durable one can't be used.
    static func journal(for configuration: Configuration, reporter: Reporter) throws -> any AlertJournal {
        switch configuration.journal.mode {
        case .memory:
            return MemoryJournal(limits: MemoryJournal.Limits(configuration.journal))
        case .durable:
            return try DurableJournal(
                in: configuration.data.directory, limits: DurableJournal.Limits(configuration)
            ) { notice in
                reporter.report(notice)
                // Nothing can be promised any more. What was accepted lies in the file.
                if case .damaged = notice { exit(ExitStatus.failed.rawValue) }
            }
        }
    }
}
