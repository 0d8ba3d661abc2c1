package import FoundationEssentials
import GRDB
package import Pipeline

/// Looks into the journal of a data directory, whether a server runs there or not; changes nothing.
package final class JournalReader: Sendable {
    let database: DatabaseQueue
    private let directory: String

    package init(in directory: String) throws(JournalError) {
        database = try JournalFile.beside(directory, isReadOnly: true)
        self.directory = directory
    }

    /// Whether a server runs there.
    package var isServed: Bool { DirectoryLock.isHeld(directory) }

    /// Whether somebody paused sharing.
    package var isPaused: Bool {
        get throws { try database.read { try FactRows.value(Pause.self, of: FactRows.pause, from: $0) != nil } }
    }

    /// The dead letters that came last, the newest first, and how many there are.
    package func deadLetters(limit: Int) throws -> (letters: [DeadLetter], count: Int) {
        try database.read { database in
            (
                try DeadLetterRows.newest(limit: limit, from: database),
                try DeadLetterRows.count(in: database)
            )
        }
    }

    /// A dead letter with the event as it was sent; nil where there is none of that number.
    package func deadLetter(_ id: Int64) throws -> (letter: DeadLetter, event: Data)? {
        try database.read { try DeadLetterRows.read(id, from: $0) }.map { ($0.letter, $0.body) }
    }
}
