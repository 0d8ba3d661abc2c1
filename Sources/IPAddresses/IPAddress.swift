/// An IPv4 or IPv6 address as one 128-bit number.
///
/// IPv4 is kept in its mapped form (`::ffff:a.b.c.d`, RFC 4291 section 2.5.5.2), so an address that a log writes
/// either way is the same value, sorts and compares as a number, and reads back as plain IPv4.
package struct IPAddress: Hashable, Comparable, Sendable {
    /// The address in network order, most significant bit first.
    package let bits: UInt128

    /// What an IPv4 address carries in front of its own 32 bits.
    static let mappedPrefix: UInt128 = 0xffff << 32

    /// Takes the number as it is; `::ffff:0:0/96` is IPv4.
    package init(bits: UInt128) {
        self.bits = bits
    }

    /// The IPv4 address with these 32 bits, most significant first.
    package init(v4 bits: UInt32) {
        self.bits = Self.mappedPrefix | UInt128(bits)
    }

    /// Whether the address is IPv4, mapped ones included.
    package var isIPv4: Bool { bits >> 32 == 0xffff }

    /// The 32 bits of an IPv4 address; nil for IPv6.
    package var v4: UInt32? { isIPv4 ? UInt32(truncatingIfNeeded: bits) : nil }

    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        left.bits < right.bits
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal for IPv4, the canonical text of RFC 5952 for IPv6.
    package var description: String {
        if let v4 {
            return "\(v4 >> 24).\(v4 >> 16 & 255).\(v4 >> 8 & 255).\(v4 & 255)"
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)) }
        guard let gap = Self.longestZeroRun(groups) else {
            return groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        let before = groups[..<gap.lowerBound].map { String($0, radix: 16) }.joined(separator: ":")
        let after = groups[gap.upperBound...].map { String($0, radix: 16) }.joined(separator: ":")
        return "\(before)::\(after)"
    }

    /// The groups that `::` stands for: the first of the longest runs of zeros, if it is at least two long
    /// (RFC 5952 section 4.2).
    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > max(1, best?.count ?? 0) { best = start..<index }
            start = index + 1
        }
        return best
    }
}
