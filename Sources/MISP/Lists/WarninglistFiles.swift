import Glibc

/// The files of a directory of warninglists: a clone of the misp-warninglists repository, its `lists`, or files of one's own.
struct WarninglistFiles {
    /// Files, and bytes of one: more is no such directory.
    static let most = 5000
    static let mostBytes = 64 << 20

    /// Entries of all lists together that are addresses.
    static let mostEntries = 4_000_000

    let directory: String

    /// Their paths: `lists/NAME/list.json` where there is a directory `lists`, else `NAME/list.json` and `*.json`.
    func paths() throws(WarninglistFaults) -> [String] {
        let lists = "\(directory)/lists"
        let root = Self.kind(of: lists) == S_IFDIR ? lists : directory
        let names: [String]
        do throws(FeedError) {
            guard Self.kind(of: root) == S_IFDIR else {
                throw FeedError.system(call: "open", file: root, code: ENOTDIR)
            }
            names = try AtomicFile.names(in: root).sorted()
        } catch {
            throw WarninglistFaults("lists.directory: expected a directory of warninglists: \(error)")
        }
        var paths: [String] = []
        for name in names where !name.hasPrefix(".") {
            let path = "\(root)/\(name)"
            if name.hasSuffix(".json") {
                paths.append(path)
            } else if Self.kind(of: "\(path)/list.json") != nil {
                paths.append("\(path)/list.json")
            }
        }
        guard !paths.isEmpty else {
            throw WarninglistFaults(
                "\(root): expected warninglists in it, as NAME/list.json or NAME.json, and there is none")
        }
        guard paths.count <= Self.most else {
            throw WarninglistFaults("\(root): expected at most \(Self.most) lists, got \(paths.count)")
        }
        return paths
    }

    static func read(_ path: String) throws(WarninglistFaults) -> [UInt8] {
        var status = stat()
        let isThere = unsafe stat(path, &status) == 0
        guard !isThere || status.st_mode & S_IFMT == S_IFREG else {
            throw WarninglistFaults("\(path): expected a file")
        }
        guard !isThere || status.st_size <= mostBytes else {
            throw WarninglistFaults("\(path): expected at most \(mostBytes >> 20) MiB, got \(status.st_size >> 20) MiB")
        }
        do throws(FeedError) {
            guard let bytes = try AtomicFile.read(path) else {
                throw FeedError.system(call: "open", file: path, code: ENOENT)
            }
            return bytes
        } catch {
            throw WarninglistFaults("\(error)")
        }
    }

    /// The kind of file that `path` leads to; nil where there is none.
    private static func kind(of path: String) -> mode_t? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
