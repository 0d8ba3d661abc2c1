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
            let reason = unsafe access("\(directory)/.", F_OK) == 0 ? "it can't be made" : SystemError.text(errno)
            throw .unusable(file: directory, reason: reason)
        }
        let file = "\(directory)/lock"
        let opened = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard opened >= 0 else { throw .unusable(file: file, reason: SystemError.text(errno)) }
        guard Self.lock(opened, Self.setLock) != nil else {
            let reason = errno
            close(opened)
            throw reason == EAGAIN || reason == EACCES
                ? .inUse(directory: directory) : .unusable(file: file, reason: SystemError.text(reason))
        }
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }

    /// Whether a process holds the directory. Looking takes no lock, not even for a moment.
    static func isHeld(_ directory: String) -> Bool {
        let opened = unsafe open("\(directory)/lock", O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return false }
        defer { close(opened) }
        return lock(opened, getLock).map { $0 != F_UNLCK } ?? false
    }

    // Locks that belong to the opened file, as those of flock(2) do, and can be asked for without being taken; glibc
    // declares them for _GNU_SOURCE only.
    private static let getLock: Int32 = 36
    private static let setLock: Int32 = 37

    /// Sets a lock on the whole file, or asks for one that would be in its way; the lock's type, nil with `errno` when
    /// that failed.
    private static func lock(_ descriptor: Int32, _ command: Int32) -> Int32? {
        var lock = Glibc.flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        return unsafe fcntl(descriptor, command, &lock) == 0 ? Int32(lock.l_type) : nil
    }
}
