package import IPAddresses

/// What batches, windows and events are kept by: an IPv4 address, or the /64 of an IPv6 address.
///
/// One IPv6 host may change its address within its /64 at will (RFC 8981), so the network is the attacker.
package struct SourceKey: Hashable, Sendable {
    package let block: IPBlock

    package init(_ address: IPAddress) {
        block = IPBlock(hostOf: address)
    }

    /// The source that ``description`` names; nil for anything else.
    package init?(_ text: String) {
        guard let block = IPBlock(text) else { return nil }
        self.init(block.first)
        guard self.block == block else { return nil }
    }

    /// The prefix length follows from the family, so the first address tells sources apart.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(block.first.bits)
    }

    /// Whether this is an example (RFC 5737, RFC 3849): everything runs, nothing is published.
    package var isTest: Bool { block.first.isDocumentation }
}

extension SourceKey: CustomStringConvertible {
    /// `203.0.113.9` or `2001:db8::/64`.
    package var description: String { block.description }
}

extension SourceKey: Codable {
    /// Reads any address of the source.
    package init(from decoder: any Decoder) throws { self.init(try IPAddress(from: decoder)) }

    /// Writes the first address of the source.
    package func encode(to encoder: any Encoder) throws { try block.first.encode(to: encoder) }
}
