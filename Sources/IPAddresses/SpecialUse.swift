/// The ranges that name no host of the public Internet: IANA's special-purpose registries (RFC 6890 and its
/// successors), multicast, and IPv6 space that was never given out.
package struct SpecialUse: Sendable {
    /// What the range is for, in words: `private use`, `loopback`, `documentation`.
    package let name: String

    /// What a receiver may do with such an address.
    package let kind: Kind

    let block: IPBlock

    package enum Kind: Sendable {
        /// A network's own hosts: RFC 1918, RFC 4193, shared address space, link-local.
        case local
        /// RFC 5737, RFC 3849, RFC 9637: examples and tests, never a real host.
        case documentation
        /// Everything else that can't be the other end of a connection.
        case reserved
    }

    /// The range that `address` lies in; nil for a public address.
    package static func of(_ address: IPAddress) -> SpecialUse? {
        // Most addresses that anyone asks about begin like none of the ranges.
        if let v4 = address.v4, !hasRanges[Int(v4 >> 24)] { return nil }
        if let range = (address.isIPv4 ? v4 : v6).first(where: { $0.block.contains(address) }) { return range }
        // RFC 4291 section 2.4 and IANA's allocations: global unicast comes from 2000::/3 only.
        return address.isIPv4 || address.bits >> 125 == 1 ? nil : unallocated
    }

    /// For each first octet of an IPv4 address whether a range begins with it.
    private static let hasRanges: [Bool] = (0...255).map { octet in
        v4.contains { range in
            let octets = [range.block.first, range.block.last].map { Int(($0.v4 ?? 0) >> 24) }
            return octets[0] <= octet && octet <= octets[1]
        }
    }

    private static let unallocated = SpecialUse("::/0", "unallocated IPv6", .reserved)

    private static let v4: [SpecialUse] = [
        SpecialUse("10.0.0.0/8", "private use", .local),
        SpecialUse("172.16.0.0/12", "private use", .local),
        SpecialUse("192.168.0.0/16", "private use", .local),
        SpecialUse("127.0.0.0/8", "loopback", .reserved),
        SpecialUse("100.64.0.0/10", "shared address space", .local),
        SpecialUse("169.254.0.0/16", "link-local", .local),
        SpecialUse("192.0.2.0/24", "documentation", .documentation),
        SpecialUse("198.51.100.0/24", "documentation", .documentation),
        SpecialUse("203.0.113.0/24", "documentation", .documentation),
        SpecialUse("0.0.0.0/8", "this network", .reserved),
        SpecialUse("192.0.0.0/24", "IETF protocol assignments", .reserved),
        SpecialUse("192.31.196.0/24", "AS112", .reserved),
        SpecialUse("192.52.193.0/24", "AMT relays", .reserved),
        SpecialUse("192.88.99.0/24", "6to4 relays", .reserved),
        SpecialUse("192.175.48.0/24", "AS112", .reserved),
        SpecialUse("198.18.0.0/15", "benchmarking", .reserved),
        SpecialUse("224.0.0.0/4", "multicast", .reserved),
        SpecialUse("240.0.0.0/4", "reserved", .reserved),
    ]

    private static let v6: [SpecialUse] = [
        SpecialUse("fc00::/7", "unique local", .local),
        SpecialUse("fe80::/10", "link-local", .local),
        SpecialUse("fec0::/10", "site-local", .local),
        SpecialUse("::1/128", "loopback", .reserved),
        SpecialUse("2001:db8::/32", "documentation", .documentation),
        SpecialUse("3fff::/20", "documentation", .documentation),
        SpecialUse("::/128", "unspecified", .reserved),
        SpecialUse("64:ff9b::/96", "IPv4 translation", .reserved),
        SpecialUse("64:ff9b:1::/48", "IPv4 translation", .reserved),
        SpecialUse("100::/64", "discard only", .reserved),
        SpecialUse("2001::/23", "IETF protocol assignments", .reserved),
        SpecialUse("2002::/16", "6to4", .reserved),
        SpecialUse("2620:4f:8000::/48", "AS112", .reserved),
        SpecialUse("5f00::/16", "segment routing", .reserved),
        SpecialUse("ff00::/8", "multicast", .reserved),
    ]

    private init(_ block: String, _ name: String, _ kind: Kind) {
        guard let block = IPBlock(block) else { preconditionFailure("\(block) is no block") }
        self.block = block
        self.name = name
        self.kind = kind
    }
}

extension IPAddress {
    /// Whether the address is set aside for examples: the path that tests and demonstrations take.
    package var isDocumentation: Bool { SpecialUse.of(self)?.kind == .documentation }

    /// Whether the address can be a stranger's: a public one, or one set aside for examples, which count like it.
    package var mayBeForeign: Bool {
        guard let range = SpecialUse.of(self) else { return true }
        return range.kind == .documentation
    }

    /// Whether the address is one of a network's own.
    package var isLocal: Bool { SpecialUse.of(self)?.kind == .local }
}
