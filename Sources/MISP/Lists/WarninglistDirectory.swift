package import IPAddresses
import Isolation
package import Pipeline

/// The warninglists of a directory, held in memory.
package final class WarninglistDirectory: AddressLists {
    private let files: WarninglistFiles
    private let content: Locked<Content>

    private struct Content {
        var files = 0
        var lists: [Warninglist] = []
    }

    /// What a directory holds, for people.
    package struct Summary: Sendable, Equatable, CustomStringConvertible {
        /// Files in all, those among them that name addresses, and how many addresses and blocks they name.
        package let files: Int
        package let lists: Int
        package let entries: Int

        package var description: String {
            "\(lists) \(lists == 1 ? "list" : "lists") of addresses with \(entries) entries, of \(files) warninglists"
        }
    }

    /// Reads all of the directory.
    package init(_ directory: String) throws(WarninglistFaults) {
        files = WarninglistFiles(directory: directory)
        content = Locked(try Self.read(files))
    }

    /// Reads all of it again. What was read before stays where something is wrong.
    package func reload() throws(WarninglistFaults) {
        let next = try Self.read(files)
        content.withLock { $0 = next }
    }

    package var summary: Summary {
        content.withLock { content in
            Summary(
                files: content.files, lists: content.lists.count,
                entries: content.lists.reduce(0) { $0 + $1.entries })
        }
    }

    /// A list names a source where they have an address in common: any of an IPv6 /64.
    package func matches(of source: SourceKey, _ addresses: [IPAddress]) async throws(ListsUnanswered) -> [ListMatch] {
        content.withLock { $0.lists }.compactMap { list in
            guard list.blocks.overlaps(source.block) else { return nil }
            let block = list.blocks.blocks.first { $0.overlaps(source.block) } ?? source.block
            return ListMatch(list: list.name, matched: "\(block)")
        }
    }

    private static func read(_ files: WarninglistFiles) throws(WarninglistFaults) -> Content {
        var content = Content()
        var faults: [String] = []
        var entries = 0
        for path in try files.paths() {
            content.files += 1
            do throws(WarninglistFaults) {
                guard let list = try Warninglist.read(try WarninglistFiles.read(path), file: path) else { continue }
                entries += list.entries
                content.lists.append(list)
            } catch {
                faults += error.faults
            }
            guard entries <= WarninglistFiles.mostEntries else {
                throw WarninglistFaults(
                    "\(files.directory): expected at most \(WarninglistFiles.mostEntries) addresses and blocks in all lists"
                )
            }
        }
        let shown = 5
        if faults.count > shown { faults[shown...] = ["\(faults.count - shown) more files can't be used"] }
        guard faults.isEmpty else { throw WarninglistFaults(faults) }
        guard !content.lists.isEmpty else {
            throw WarninglistFaults(
                "\(files.directory): expected a list of addresses (type cidr), and none of its \(content.files) is one")
        }
        return content
    }
}
