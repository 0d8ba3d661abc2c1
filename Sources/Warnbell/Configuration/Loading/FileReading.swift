import Glibc

/// A file that can't be used.
enum FileFailure: Error, Equatable {
    /// What could not be done, and the system's error number.
    case system(Verb, Int32, path: String)
    /// The system's error number when a directory was looked for to write to.
    case noDirectory(Int32, path: String)
    case tooLarge(limit: Int, path: String)
    case notUTF8(path: String)

    enum Verb: String { case read, write }

    var isMissing: Bool {
        if case .system(_, ENOENT, _) = self { true } else { false }
    }
}

extension FileFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .system(let verb, let number, let path): "cannot \(verb) \(path): \(Self.text(of: number))"
        case .noDirectory(let number, let path):
            "\(path): expected a directory that can be written to (\(Self.text(of: number)))"
        case .tooLarge(let limit, let path): "\(path) is larger than \(Unit.text(bytes: limit))"
        case .notUTF8(let path): "\(path) is not UTF-8 text"
        }
    }

    private static func text(of number: Int32) -> String { unsafe String(cString: strerror(number)) }
}

/// Reads small files whole.
enum FileReading {
    /// Whether the file could be read.
    static func check(_ path: String) throws(FileFailure) {
        _ = try bytes(of: path, upTo: 1)
    }

    /// The text of a file of at most `limit` bytes.
    static func text(of path: String, limit: Int) throws(FileFailure) -> String {
        let bytes = try bytes(of: path, upTo: limit + 1)
        guard bytes.count <= limit else { throw .tooLarge(limit: limit, path: path) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(path: path) }
        return text
    }

    private static func bytes(of path: String, upTo limit: Int) throws(FileFailure) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.read, errno, path: path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < limit {
            let wanted = min(chunk.count, limit - bytes.count)
            let count = unsafe read(descriptor, &chunk, wanted)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .system(.read, errno, path: path) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }
}
