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

    /// Reads the last address of a list as proxies keep it (`client, proxy, proxy`) that may be a foreign one, or
    /// else the last address at all.
    ///
    /// Each proxy appends the address it heard from, so what stands further left is only what the client claimed.
    static func parseForwarded(_ text: Span<UInt8>) -> IPAddress? {
        var last: IPAddress?
        var end = text.count
        while end >= 0 {
            var start = end
            while start > 0, text[start - 1] != UInt8(ascii: ",") { start -= 1 }
            if let address = parse(text.extracting(start..<end)) {
                if address.mayBeForeign { return address }
                last = last ?? address
            }
            end = start - 1
        }
        return last
    }

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

extension IPAddress {
    /// Whether the address can be a stranger's: a public one, or one set aside for examples, which count like it.
    var mayBeForeign: Bool {
        guard let range = SpecialUse.of(self) else { return true }
        return range.kind == .documentation
    }

    /// Whether the address is one of a network's own.
    var isLocal: Bool { SpecialUse.of(self)?.kind == .local }
}
