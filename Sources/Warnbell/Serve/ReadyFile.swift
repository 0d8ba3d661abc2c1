import Glibc

/// Tells whoever started the receiver that it listens, and where: a file, or a pipe with a name.
enum ReadyFile {
    /// Writes the URL and a line feed in one go.
    static func write(_ url: String, to path: String) throws(FileFailure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(.write, errno, path: path) }
        defer { close(descriptor) }
        let line = Array("\(url)\n".utf8)
        let count = unsafe line.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == line.count else { throw .system(.write, errno, path: path) }
    }
}
