import Glibc

/// The lines of a file, or of standard input, one after the other.
final class LineReader {
    private static let chunkSize = 1 << 20

    private let path: String
    private let limit: Int
    private let descriptor: Int32

    /// What was read; the bytes before `start` are given out.
    private var bytes: [UInt8] = []
    private var start = 0

    /// - Parameters:
    ///   - path: the file; `-` is standard input.
    ///   - limit: bytes of a line, or of all that ``rest()`` gives.
    init(_ path: String, limit: Int) throws(FileFailure) {
        self.path = path
        self.limit = limit
        descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.read, errno, path: path) }
    }

    deinit {
        if descriptor > STDIN_FILENO { close(descriptor) }
    }

    /// The next line without its end; nil when there is none any more.
    func next() throws(FileFailure) -> [UInt8]? {
        var searched = start
        while true {
            if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { start = end + 1 }
                return Array(bytes[start..<end])
            }
            searched = bytes.count - start
            if try !readMore() { break }
        }
        defer { start = bytes.count }
        return start < bytes.count ? Array(bytes[start...]) : nil
    }

    /// All that was not given out.
    func rest() throws(FileFailure) -> [UInt8] {
        while try readMore() {}
        return bytes
    }

    /// Reads on, and lets go of what was given out; false at the end.
    private func readMore() throws(FileFailure) -> Bool {
        bytes.removeSubrange(..<start)
        start = 0
        guard bytes.count <= limit else { throw .tooLarge(limit: limit, path: path) }
        var chunk = [UInt8](repeating: 0, count: Self.chunkSize)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system(.read, errno, path: path) }
            bytes += chunk[..<count]
            return count > 0
        }
    }
}
