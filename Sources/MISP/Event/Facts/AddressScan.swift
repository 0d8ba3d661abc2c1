import IPAddresses

/// Finds addresses in text, whatever stands around them: `node10.20.0.5.conf`, `ip-10-20-0-5`, `x[fd00::1]:80`.
///
/// What can be read as an address in more than one way is read in all of them: one address too many keeps a value at
/// home, one too few tells it to others.
enum AddressScan {
    /// Whether one of the addresses in `bytes`, whose letters are lower case, satisfies the condition.
    static func holds(_ bytes: [UInt8], where condition: (IPAddress) -> Bool) -> Bool {
        bytes.indices.contains { start in
            isQuad(bytes, start, condition) || isIPv6(bytes, start, condition)
        }
    }

    /// Four numbers of at most three digits, leading zeros or not, with the same separator between them. No digit
    /// stands before or after them.
    private static func isQuad(_ bytes: [UInt8], _ start: Int, _ condition: (IPAddress) -> Bool) -> Bool {
        guard digit(bytes, start) != nil, start == 0 || digit(bytes, start - 1) == nil else { return false }
        var value: UInt32 = 0
        var separator: UInt8?
        var index = start
        for position in 0..<4 {
            if position > 0 {
                guard index < bytes.count, separators.contains(bytes[index]), bytes[index] == separator ?? bytes[index]
                else { return false }
                separator = bytes[index]
                index += 1
            }
            let first = index
            var octet: UInt32 = 0
            while let digit = digit(bytes, index), index - first < 4 {
                octet = octet * 10 + digit
                index += 1
            }
            guard (1...3).contains(index - first), octet <= 255 else { return false }
            value = value << 8 | octet
        }
        return condition(IPAddress(v4: value))
    }

    private static let separators: Set<UInt8> = [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")]

    /// RFC 4291 section 2.2, from `start` to each place at which it may end. A tail in dotted decimal is a quad.
    private static func isIPv6(_ bytes: [UInt8], _ start: Int, _ condition: (IPAddress) -> Bool) -> Bool {
        var groups: [UInt16] = []
        var gap: Int?
        var index = start
        if isColon(bytes, index) {
            // Behind a group it belongs to an address that begins earlier.
            guard isColon(bytes, index + 1), start == 0 || group(bytes, start - 1) == nil else { return false }
            gap = 0
            index += 2
        } else {
            guard let (_, end) = group(bytes, index), isColon(bytes, end) else { return false }
        }
        while groups.count < 8, let (group, end) = group(bytes, index) {
            groups.append(group)
            index = end
            if let address = address(groups, gap), condition(address) { return true }
            guard isColon(bytes, index) else { return false }
            index += 1
            if isColon(bytes, index) {
                guard gap == nil else { return false }
                gap = groups.count
                index += 1
                if let address = address(groups, gap), condition(address) { return true }
            }
        }
        return false
    }

    /// Up to four hexadecimal digits from `index` on, and where they end.
    private static func group(_ bytes: [UInt8], _ index: Int) -> (UInt16, end: Int)? {
        var value: UInt16 = 0
        var end = index
        while end < bytes.count, end - index < 4, let digit = hexadecimal(bytes[end]) {
            value = value << 4 | digit
            end += 1
        }
        return end > index ? (value, end) : nil
    }

    private static func address(_ groups: [UInt16], _ gap: Int?) -> IPAddress? {
        guard groups.count == 8 || gap != nil && groups.count < 8 else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - groups.count)
        let all = groups[..<(gap ?? 0)] + zeros + groups[(gap ?? 0)...]
        return IPAddress(bits: all.reduce(0) { $0 << 16 | UInt128($1) })
    }

    private static func isColon(_ bytes: [UInt8], _ index: Int) -> Bool {
        index < bytes.count && bytes[index] == UInt8(ascii: ":")
    }

    private static func digit(_ bytes: [UInt8], _ index: Int) -> UInt32? {
        guard index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else { return nil }
        return UInt32(bytes[index] - UInt8(ascii: "0"))
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}
