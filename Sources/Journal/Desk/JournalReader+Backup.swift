import FoundationEssentials
import GRDB
import Glibc

/// Why a journal could not be copied.
package enum BackupError: Error, Equatable, CustomStringConvertible {
    /// There is something of that name already.
    case exists(file: String)
    case failed(file: String, reason: String)

    package var description: String {
        switch self {
        case .exists(let file): "\(file) exists; expected the name of a new file"
        case .failed(let file, let reason): "\(file): \(reason); no backup was made"
        }
    }
}

extension JournalReader {
    /// Copies the journal into a new file, as it is at one moment, and checks the copy. A server that runs is not kept
    /// waiting.
    ///
    /// - Returns: bytes of the copy.
    package func backUp(to path: String) throws(BackupError) -> Int {
        // Alerts are for nobody else to read.
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .exists(file: path) : .failed(file: path, reason: SystemError.text(errno))
        }
        defer { close(descriptor) }
        do {
            let bytes = try copy(to: path)
            guard fsync(descriptor) == 0 else { throw BackupError.failed(file: path, reason: SystemError.text(errno)) }
            try Self.makeNameLasting(path)
            return bytes
        } catch {
            // Half a copy is worse than none; whether it can be removed changes nothing in what went wrong.
            unsafe unlink(path)
            if let error = error as? BackupError { throw error }
            throw .failed(file: path, reason: (error as? DatabaseError)?.message ?? "\(error)")
        }
    }

    private func copy(to path: String) throws -> Int {
        let copy = try DatabaseQueue(path: path)
        try database.backup(to: copy)
        let findings = try copy.writeWithoutTransaction { database in
            // One file, with nothing beside it that must not be forgotten.
            try database.execute(sql: "PRAGMA journal_mode = DELETE")
            return try String.fetchAll(database, sql: "PRAGMA integrity_check(1)")
        }
        guard findings == ["ok"] else {
            throw BackupError.failed(file: path, reason: "the copy is damaged: \(findings.joined())")
        }
        let bytes = try copy.read { try JournalFile.bytes(of: $0) }
        try copy.close()
        return bytes
    }

    /// The directory's entry is on the disk, too.
    private static func makeNameLasting(_ path: String) throws(BackupError) {
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = unsafe Glibc.open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .failed(file: path, reason: SystemError.text(errno)) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .failed(file: path, reason: SystemError.text(errno)) }
    }
}
