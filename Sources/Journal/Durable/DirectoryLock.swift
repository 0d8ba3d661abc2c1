import FoundationEssentials
import Glibc

/// Holds a directory for this process; it is free again when the lock goes, or the process does.
struct DirectoryLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock of `directory`, which is made where it is missing.
    init(_ directory: String) throws(JournalError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            // The system's own words, where it has any.
            let reason = unsafe access("\(directory)/.", F_OK) == 0 ? "it can't be made" : Self.text(errno)
            throw .unusable(file: directory, reason: reason)
        }
        let file = "\(directory)/lock"
        let opened = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard opened >= 0 else { throw .unusable(file: file, reason: Self.text(errno)) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(opened)
            throw reason == EWOULDBLOCK
                ? .inUse(directory: directory) : .unusable(file: file, reason: Self.text(reason))
        }
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }

    private static func text(_ errno: Int32) -> String {
        unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    }
}
