import FoundationEssentials
import Glibc
import Timestamps

/// A file of a flow directory.
struct FlowFile: Sendable {
    let path: String

    /// The path below the directory, for messages.
    let name: String

    let modified: Timestamp

    /// The flow files in a directory and below it, the one last written to first.
    ///
    /// Those are regular files, or links to some, whose names end in `.ndjson`, `.jsonl` or `.json`, or in that and
    /// `.gz`. Hidden files and files in hidden directories are left out.
    static func list(in directory: String) throws(FlowDirectoryError) -> [FlowFile] {
        let names: [String]
        do {
            names = try FileManager.default.subpathsOfDirectory(atPath: directory)
        } catch {
            throw .unreadable(directory: directory)
        }
        return names.filter(isFlowFile)
            .compactMap { FlowFile(path: "\(directory)/\($0)", name: $0) }
            .sorted { ($1.modified, $1.name) < ($0.modified, $0.name) }
    }

    /// Nil for what is no regular file.
    private init?(path: String, name: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.path = path
        self.name = name
        let time = status.st_mtim
        modified = Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    private static func isFlowFile(_ name: String) -> Bool {
        guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { return false }
        let plain = name.hasSuffix(".gz") ? name.dropLast(3) : name[...]
        return [".ndjson", ".jsonl", ".json"].contains { plain.hasSuffix($0) }
    }
}
