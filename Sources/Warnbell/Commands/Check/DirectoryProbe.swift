import Glibc

/// Looks whether a directory can be written to, or made.
enum DirectoryProbe {
    /// Says so in words; throws when it can't.
    static func check(_ path: String) throws(FileFailure) -> String {
        if unsafe access(path, W_OK | X_OK) == 0 { return path }
        guard errno == ENOENT else { throw .system(errno, path: path) }
        var parent = path
        repeat {
            let end = parent.lastIndex(of: "/")
            parent = end.map { $0 == parent.startIndex ? "/" : String(parent[..<$0]) } ?? "."
        } while unsafe access(parent, F_OK) != 0 && parent != "/" && parent != "."
        guard unsafe access(parent, W_OK | X_OK) == 0 else { throw .system(errno, path: parent) }
        return "\(path) (does not exist yet)"
    }
}
