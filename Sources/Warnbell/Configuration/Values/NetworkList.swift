import IPAddresses

/// Blocks of addresses as they were configured: each entry is a block, or a file with one block a line.
struct NetworkList: Sendable, Equatable {
    /// Bytes of a file of blocks.
    static let fileLimit = 4 << 20

    /// The entries as written, for people to read.
    let entries: [String]

    /// The addresses they stand for.
    let addresses: IPBlockSet

    init(entries: [String] = [], blocks: [IPBlock] = []) {
        self.entries = entries
        addresses = IPBlockSet(blocks)
    }

    static func == (left: NetworkList, right: NetworkList) -> Bool {
        left.entries == right.entries && left.addresses.blocks == right.addresses.blocks
    }

    /// Private use of RFC 1918 and RFC 4193.
    static let privateRanges: NetworkList = {
        let entries = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
        return NetworkList(entries: entries, blocks: entries.compactMap { IPBlock($0) })
    }()
}
