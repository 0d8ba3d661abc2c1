extension IPAddress {
    /// Reads an address that fills `text` exactly; nil for anything else.
    ///
    /// Taken are dotted decimal without leading zeros, and IPv6 of RFC 4291 section 2.2, an embedded IPv4 tail
    /// included. Zone identifiers, prefixes, ports and brackets are not part of an address.
    package init?(_ text: String) {
        var text = text
        let parsed = text.withUTF8 { bytes in
            unsafe Self.parse(bytes.span)
        }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Reads an address that fills `bytes` exactly, by the rules of ``init(_:)``.
    package static func parse(_ bytes: Span<UInt8>) -> IPAddress? {
        guard bytes.count <= 45 else { return nil }
        for index in bytes.indices where bytes[index] == UInt8(ascii: ":") {
            return parseIPv6(bytes).map(IPAddress.init(bits:))
        }
        return parseIPv4(bytes, from: 0).map(IPAddress.init(v4:))
    }

    private static func parseIPv4(_ bytes: Span<UInt8>, from start: Int) -> UInt32? {
        var value: UInt32 = 0
        var octets = 0
        var index = start
        while true {
            var octet: UInt32 = 0
            let first = index
            while index < bytes.count, let digit = decimal(bytes[index]) {
                guard index - first < 3 else { return nil }
                octet = octet * 10 + digit
                index += 1
            }
            let hasLeadingZero = index - first > 1 && bytes[first] == UInt8(ascii: "0")
            guard index > first, octet <= 255, !hasLeadingZero else { return nil }
            value = value << 8 | octet
            octets += 1
            if index == bytes.count { return octets == 4 ? value : nil }
            guard octets < 4, bytes[index] == UInt8(ascii: ".") else { return nil }
            index += 1
        }
    }

    private static func parseIPv6(_ bytes: Span<UInt8>) -> UInt128? {
        let colon = UInt8(ascii: ":")
        var value: UInt128 = 0
        var groups = 0
        var gap: Int?
        var index = 0
        if bytes.count >= 2, bytes[0] == colon, bytes[1] == colon {
            gap = 0
            index = 2
        }
        while index < bytes.count {
            let first = index
            var group: UInt32 = 0
            while index < bytes.count, let digit = hexadecimal(bytes[index]) {
                guard index - first < 4 else { return nil }
                group = group << 4 | digit
                index += 1
            }
            if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
                guard groups <= 6, let tail = parseIPv4(bytes, from: first) else { return nil }
                value = value << 32 | UInt128(tail)
                groups += 2
                break
            }
            guard index > first, groups < 8 else { return nil }
            value = value << 16 | UInt128(group)
            groups += 1
            if index == bytes.count { break }
            guard bytes[index] == colon else { return nil }
            index += 1
            if index < bytes.count, bytes[index] == colon {
                guard gap == nil else { return nil }
                gap = groups
                index += 1
            } else if index == bytes.count {
                return nil
            }
        }
        guard let gap else { return groups == 8 ? value : nil }
        guard groups < 8 else { return nil }
        let tailBits = 16 * (groups - gap)
        let tail = tailBits == 0 ? 0 : value & (UInt128.max >> (128 - tailBits))
        let head = tailBits == 128 ? 0 : value >> tailBits
        return gap == 0 ? tail : head << (128 - 16 * gap) | tail
    }

    private static func decimal(_ byte: UInt8) -> UInt32? {
        let digit = UInt32(byte) &- 48
        return digit < 10 ? digit : nil
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        let lower = UInt32(byte | 0x20)
        if let digit = decimal(byte) { return digit }
        return lower >= 97 && lower <= 102 ? lower - 87 : nil
    }
}
