import Glibc

/// A file of alerts, or standard input, in pieces that the decoder takes.
///
/// A file that is small enough is one piece, so it may be one alert over many lines, an array or NDJSON; a larger
/// one, an `alerts.json` above all, is cut at line ends.
enum AlertFile {
    /// Bytes of a piece at most, unless a single line is longer.
    private static let pieceSize = 1 << 20

    /// Bytes of a line at most.
    private static let lineLimit = 8 << 20

    /// Runs `body` with each piece of `path`; `-` is standard input.
    static func forEachPiece(of path: String, _ body: ([UInt8]) async throws -> Void) async throws {
        let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure.system(errno, path: path) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var pending: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: pieceSize)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileFailure.system(errno, path: path) }
            if count == 0 { break }
            pending += chunk[..<count]
            guard pending.count > pieceSize else { continue }
            guard let end = pending.lastIndex(of: UInt8(ascii: "\n")) else {
                guard pending.count <= lineLimit else { throw FileFailure.tooLarge(limit: lineLimit, path: path) }
                continue
            }
            try await body(Array(pending[...end]))
            pending.removeSubrange(...end)
        }
        if !pending.isEmpty { try await body(pending) }
    }
}
