import GRDB
package import Timestamps

/// Where a command leaves what a person asks for, beside whoever holds the data directory.
package final class IntentBox: Sendable {
    private let database: DatabaseQueue
    private let directory: String

    package init(in directory: String) throws(JournalError) {
        database = try JournalFile.beside(directory, isReadOnly: false)
        self.directory = directory
    }

    /// Whether a server runs that will look.
    package var isServed: Bool { DirectoryLock.isHeld(directory) }

    /// - Returns: the intent's number.
    package func add(
        _ request: Intent.Request, by actor: String, reason: String?, at moment: Timestamp
    ) throws -> Int64 {
        try database.write { try IntentRows.insert(request, by: actor, reason: reason, at: moment, into: $0) }
    }

    /// What came of an intent; nil while it is not carried out.
    package func outcome(of id: Int64) throws -> Intent.Outcome? {
        try database.read { try IntentRows.outcome(of: id, in: $0) }
    }
}
