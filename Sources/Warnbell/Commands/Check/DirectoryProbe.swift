import Glibc

/// Looks whether a directory can be written to, or made.
enum DirectoryProbe {
    /// Says so in words; throws when it can't.
    static func check(_ path: String) throws(FileFailure) -> String {
        var existing = path
        // The dot: neither a file nor a link that leads nowhere has one.
        while unsafe access("\(existing)/.", W_OK | X_OK) != 0 {
            let code = errno
            guard code == ENOENT, !isThere(existing), let parent = parent(of: existing) else {
                throw .noDirectory(code, path: existing)
            }
            existing = parent
        }
        return existing == path ? path : "\(path) (does not exist yet)"
    }

    /// Whether there is anything of that name, a link that leads nowhere included.
    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }

    /// Nil for what has none to look at.
    private static func parent(of path: String) -> String? {
        guard path != "/", path != "." else { return nil }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
