import FoundationEssentials
import GRDB
import Glibc
import Pipeline

/// The journal's SQLite file, opened so that what is committed survives a crash of the machine.
struct JournalFile {
    let database: DatabaseQueue
    let path: String

    /// Where a file that was damaged has been put; nil when there was none.
    let damaged: String?

    /// Opens or makes the file in `directory`, which exists, and reads what `look` wants of it. One that is damaged, or
    /// was found to be, is moved aside, never deleted, and a new one made.
    static func open<Value>(
        in directory: String, _ look: (Database) throws -> Value
    ) throws(JournalError) -> (JournalFile, Value) {
        let path = path(in: directory)
        do {
            let isKnown = unsafe unlink(mark(in: directory)) == 0
            do {
                return try open(path, look, damaged: isKnown ? try moveAside(path) : nil)
            } catch let error as DatabaseError where error.isDamage {
                return try open(path, look, damaged: try moveAside(path))
            }
        } catch let error as JournalError {
            throw error
        } catch {
            throw .unusable(file: path, reason: (error as? DatabaseError)?.message ?? "\(error)")
        }
    }

    private static func open<Value>(
        _ path: String, _ look: (Database) throws -> Value, damaged: String?
    ) throws -> (JournalFile, Value) {
        let database = try open(path)
        return (JournalFile(database: database, path: path, damaged: damaged), try database.read(look))
    }

    /// Has the next one that opens the file move it aside.
    static func markDamaged(in directory: String) {
        let descriptor = unsafe Glibc.open(mark(in: directory), O_WRONLY | O_CREAT | O_CLOEXEC, 0o640)
        if descriptor >= 0 { close(descriptor) }
    }

    private static func mark(in directory: String) -> String { "\(directory)/journal.damaged" }

    /// How long a commit waits for another process to finish its own.
    private static let busyMilliseconds = 250

    static func path(in directory: String) -> String { "\(directory)/journal.sqlite" }

    /// Opens a file that is there, beside whoever holds the directory: the way it is laid out stays as it is.
    static func beside(_ directory: String, isReadOnly: Bool) throws(JournalError) -> DatabaseQueue {
        let path = path(in: directory)
        guard unsafe access(path, isReadOnly ? R_OK : R_OK | W_OK) == 0 else {
            let code = errno
            if code == ENOENT { throw .missing(directory: directory) }
            throw .unreadable(file: path, reason: SystemError.text(code))
        }
        do {
            var configuration = configuration
            configuration.readonly = isReadOnly
            let database = try DatabaseQueue(path: path, configuration: configuration)
            try database.read { database in
                let migrator = JournalSchema.migrator
                if try migrator.hasBeenSuperseded(database) { throw JournalError.newerSchema(file: path) }
                if try !migrator.hasCompletedMigrations(database) { throw JournalError.olderSchema(file: path) }
            }
            return database
        } catch let error as JournalError {
            throw error
        } catch {
            throw .unreadable(file: path, reason: (error as? DatabaseError)?.message ?? "\(error)")
        }
    }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.label = "warnbell.journal"
        // Nobody waits for an answer yet.
        configuration.busyMode = .timeout(5)
        return configuration
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        // Alerts hold names and addresses: SQLite would make the file as open as the umask has it.
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        if descriptor >= 0 { close(descriptor) }
        let database = try DatabaseQueue(path: path, configuration: configuration)
        try database.writeWithoutTransaction { database in
            // A commit returns once the write-ahead log is on the disk; NORMAL would lose commits with the power.
            // Alerts are a page's quarter and come many at a time: larger pages are fewer writes.
            try database.execute(
                sql: """
                    PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                    PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 67108864
                    """)
            if try JournalSchema.migrator.hasBeenSuperseded(database) { throw JournalError.newerSchema(file: path) }
        }
        try JournalSchema.migrator.migrate(database)
        // From now on whoever waits for a commit waits for this, too; what fails is tried again.
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA busy_timeout = \(busyMilliseconds)") }
        return database
    }

    /// Renames the file and what SQLite keeps beside it.
    private static func moveAside(_ path: String) throws -> String {
        let aside = "\(path).damaged-\(Int(Date().timeIntervalSince1970))"
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.moveItem(atPath: path + suffix, toPath: aside + suffix)
        }
        return aside
    }
}

extension JournalFile {
    /// Bytes of the file that hold something.
    static func bytes(of database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT (page_count - freelist_count) * page_size
                FROM pragma_page_count, pragma_freelist_count, pragma_page_size
                """) ?? 0
    }

    /// What a request is told whose transaction failed: on a full disk time helps.
    static func outcome(of error: any Error) -> AppendOutcome {
        guard let error = error as? DatabaseError else { return .failed(reason: "\(error)") }
        return error.isFull ? .full : .failed(reason: error.message ?? "\(error.resultCode)")
    }
}

extension DatabaseError {
    /// Whether the file is no SQLite file any more.
    var isDamage: Bool { resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB }

    /// Whether time or a person may mend it, and the same work may succeed later: everything but a mistake of ours.
    var isPassing: Bool {
        switch resultCode {
        case .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_MISUSE, .SQLITE_RANGE, .SQLITE_TOOBIG: false
        default: true
        }
    }

    /// Whether time or a person may make room.
    var isFull: Bool { resultCode == .SQLITE_FULL }
}
