import FoundationEssentials
import Glibc
import Timestamps

/// Files that are there whole or not at all, also after the power fails.
enum AtomicFile {
    /// Writes `bytes` beside `path`, brings them to the disk and renames them into place, readable for everybody.
    static func write(_ bytes: [UInt8], to path: String) throws(FeedError) {
        let temporary = path + ".new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(call: "open", file: temporary, code: errno) }
        do throws(FeedError) {
            try fill(descriptor, bytes, temporary)
            try check(fchmod(descriptor, 0o644), "fchmod", temporary)
            try check(fsync(descriptor), "fsync", temporary)
        } catch {
            close(descriptor)
            unsafe unlink(temporary)
            throw error
        }
        try check(close(descriptor), "close", temporary)
        try check(unsafe rename(temporary, path), "rename", path)
        try syncDirectory(of: path)
    }

    /// Reads a file; nil if there is none.
    static func read(_ path: String) throws(FeedError) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system(call: "open", file: path, code: errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += chunk[..<count]
            } else if errno != EINTR {
                throw .system(call: "read", file: path, code: errno)
            }
        }
    }

    /// The names in a directory; none where there is no such directory.
    static func names(in path: String) throws(FeedError) -> [String] {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return [] }
            throw .system(call: "open", file: path, code: errno)
        }
        close(descriptor)
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw .system(call: "readdir", file: path, code: EIO)
        }
    }

    /// When a file was written last; nil if there is none.
    static func modified(_ path: String) -> Timestamp? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Timestamp(
            milliseconds: Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000)
    }

    /// Removes a file; none is fine.
    static func remove(_ path: String) throws(FeedError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw .system(call: "unlink", file: path, code: errno)
        }
    }

    /// Makes a directory and those above it, readable for everybody, where they are missing.
    static func makeDirectory(_ path: String) throws(FeedError) {
        if try makeOneDirectory(path) { return }
        let parent = Self.parent(of: path)
        guard parent != path else { throw .system(call: "mkdir", file: path, code: ENOENT) }
        try makeDirectory(parent)
        guard try makeOneDirectory(path) else { throw .system(call: "mkdir", file: path, code: ENOENT) }
    }

    /// Makes a directory where it is missing; false when there is none above it.
    private static func makeOneDirectory(_ path: String) throws(FeedError) -> Bool {
        if unsafe mkdir(path, 0o755) == 0 {
            // The mode that was asked for, whatever the umask says.
            try check(unsafe chmod(path, 0o755), "chmod", path)
            return true
        }
        switch errno {
        case EEXIST:
            // So do a file and a link that leads nowhere.
            try check(unsafe access("\(path)/.", F_OK), "mkdir", path)
            return true
        case ENOENT: return false
        default: throw .system(call: "mkdir", file: path, code: errno)
        }
    }

    private static func fill(_ descriptor: Int32, _ bytes: [UInt8], _ path: String) throws(FeedError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw .system(call: "write", file: path, code: errno)
            }
        }
    }

    /// A rename is on the disk when its directory is.
    private static func syncDirectory(of path: String) throws(FeedError) {
        let directory = parent(of: path)
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(call: "open", file: directory, code: errno) }
        defer { close(descriptor) }
        try check(fsync(descriptor), "fsync", directory)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func check(_ result: Int32, _ call: String, _ path: String) throws(FeedError) {
        guard result == 0 else { throw .system(call: call, file: path, code: errno) }
    }
}

/// What the system says of an error.
enum SystemError {
    /// `No space left on device`.
    static func text(of code: Int32) -> String {
        unsafe String(cString: strerror(code))
    }
}
