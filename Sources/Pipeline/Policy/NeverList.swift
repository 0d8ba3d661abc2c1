package import IPAddresses
package import Timestamps

/// Addresses that are never named because somebody said so beside the configuration.
package struct NeverList: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let block: IPBlock
        package let added: Timestamp

        /// The user's name, and what the user said about it.
        package let actor: String
        package let reason: String?

        package init(block: IPBlock, added: Timestamp, actor: String, reason: String?) {
            self.block = block
            self.added = added
            self.actor = actor
            self.reason = reason
        }
    }

    package let entries: [Entry]
    private let blocks: IPBlockSet

    package init(_ entries: [Entry] = []) {
        self.entries = entries
        blocks = IPBlockSet(entries.map(\.block))
    }

    /// The entry that names the address, the narrowest where several do.
    package func entry(for address: IPAddress) -> Entry? {
        guard blocks.contains(address) else { return nil }
        return entries.filter { $0.block.contains(address) }.max { $0.block.prefix < $1.block.prefix }
    }
}

extension NeverList.Entry: CustomStringConvertible {
    /// `added by root 2026-11-24T03:02:11Z: our own scanner`
    package var description: String {
        "added by \(actor) \(added.iso8601.prefix(19))Z" + (reason.map { ": \($0)" } ?? "")
    }
}
