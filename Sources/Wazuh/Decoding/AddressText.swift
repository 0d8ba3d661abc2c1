import IPAddresses

/// Addresses as logs write them.
enum AddressText {
    /// Reads an address with what may stick to it: spaces around it, brackets, a port, a zone (RFC 4007).
    ///
    /// `203.0.113.9`, `203.0.113.9:22`, `[2001:db8::1]:443`, `fe80::1%eth0`. Nil for host names, `-`, placeholders
    /// and everything else.
    static func parse(_ text: Span<UInt8>) -> IPAddress? {
        if let address = IPAddress.parse(text) { return address }
        var start = 0
        var end = text.count
        while start < end, text[start] <= 0x20 { start += 1 }
        while end > start, text[end - 1] <= 0x20 { end -= 1 }
        guard start < end, end - start <= longest else { return nil }

        if text[start] == UInt8(ascii: "[") {
            guard let close = first("]", in: text, start..<end), isPort(text, close + 1..<end) else { return nil }
            return bare(text, start + 1..<close)
        }
        if let colon = first(":", in: text, start..<end), first(":", in: text, colon + 1..<end) == nil {
            return isPort(text, colon..<end) ? IPAddress.parse(text.extracting(start..<colon)) : nil
        }
        return bare(text, start..<end)
    }

    /// Reads a list of addresses as proxies keep it: `client, proxy, proxy`. Nil stands for an entry that is none;
    /// blank entries are skipped (RFC 9110 section 5.6.1), and `-` alone is no list.
    static func parseList(_ text: String) -> [IPAddress?] {
        let entries = text.utf8.split(separator: UInt8(ascii: ",")).filter { !$0.allSatisfy { $0 <= 0x20 } }
        if entries.count == 1, entries[0].elementsEqual("-".utf8) { return [] }
        return entries.suffix(longestList).map { parse(Array($0).span) }
    }

    /// How many entries of a list are looked at, counted from its end: more proxies in a row are nobody's.
    static let longestList = 32

    /// Brackets, 45 characters of address, a zone and a port fit easily.
    private static let longest = 128

    /// An address without brackets or port, its zone cut off.
    private static func bare(_ text: Span<UInt8>, _ range: Range<Int>) -> IPAddress? {
        let end = first("%", in: text, range) ?? range.upperBound
        let address = IPAddress.parse(text.extracting(range.lowerBound..<end))
        // Only IPv6 has zones.
        return end < range.upperBound && first(":", in: text, range) == nil ? nil : address
    }

    /// Whether the range is empty, or a colon and a port number.
    private static func isPort(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let colon = range.first else { return true }
        guard text[colon] == UInt8(ascii: ":"), (2...6).contains(range.count) else { return false }
        var port = 0
        for index in range.dropFirst() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[index]) else { return false }
            port = port * 10 + Int(text[index] - 48)
        }
        return port <= 65_535
    }

    private static func first(_ character: Unicode.Scalar, in text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        for index in range where text[index] == UInt8(ascii: character) { return index }
        return nil
    }
}
