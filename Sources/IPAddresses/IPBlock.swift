/// A CIDR block (RFC 4632, RFC 4291 section 2.3): all addresses that share a prefix.
package struct IPBlock: Hashable, Sendable {
    /// The lowest address of the block; its host bits are zero.
    package let first: IPAddress

    /// How many of the 128 bits are the prefix; an IPv4 `/24` counts 120 here.
    let prefixBits: Int

    /// The block of `address` with this prefix length, in the address's own family: up to 32 for IPv4, up to 128
    /// for IPv6. Host bits are cleared. Nil when the length is out of range.
    package init?(_ address: IPAddress, prefix: Int) {
        let base = address.isIPv4 ? 96 : 0
        guard prefix >= 0, base + prefix <= 128 else { return nil }
        prefixBits = base + prefix
        first = IPAddress(bits: address.bits & Self.mask(prefixBits))
    }

    /// The block that holds this address alone.
    package init(_ address: IPAddress) {
        first = address
        prefixBits = 128
    }

    /// The block that stands for the one host at `address`: an IPv4 address alone, or the /64 of an IPv6 address, within
    /// which a host changes its address at will (RFC 8981).
    package init(hostOf address: IPAddress) {
        prefixBits = address.isIPv4 ? 128 : 64
        first = IPAddress(bits: address.bits & Self.mask(prefixBits))
    }

    /// Reads `address/prefix`, or an address alone for the block of one. Nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self.init(address)
            return
        }
        guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let prefix = Int(parts[1]) else { return nil }
        self.init(address, prefix: prefix)
    }

    /// The prefix length in the block's own family.
    package var prefix: Int { first.isIPv4 && prefixBits >= 96 ? prefixBits - 96 : prefixBits }

    /// The highest address of the block.
    package var last: IPAddress { IPAddress(bits: first.bits | ~Self.mask(prefixBits)) }

    /// Whether the block holds one address only.
    package var isSingle: Bool { prefixBits == 128 }

    /// Whether `address` lies in the block.
    package func contains(_ address: IPAddress) -> Bool {
        address.bits & Self.mask(prefixBits) == first.bits
    }

    /// Whether the two have an address in common: one lies in the other then.
    package func overlaps(_ other: IPBlock) -> Bool { contains(other.first) || other.contains(first) }

    private static func mask(_ bits: Int) -> UInt128 {
        bits == 0 ? 0 : UInt128.max << (128 - bits)
    }
}

extension IPBlock: CustomStringConvertible {
    /// `203.0.113.0/24`, or the bare address for a block of one.
    package var description: String { isSingle ? "\(first)" : "\(first)/\(prefix)" }
}
