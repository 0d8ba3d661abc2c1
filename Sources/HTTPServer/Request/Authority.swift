import IPAddresses

/// A host and at most a port, as Host and targets name them: `uri-host [":" port]` of RFC 9110 section 7.2.
enum Authority {
    /// Whether these bytes are one. Empty, userinfo, a path, a comma and a bare IPv6 address are not.
    static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return false }
        var end = range.lowerBound
        if bytes[end] == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]"), in: range) else { return false }
            let inside = bytes.extracting(range.lowerBound + 1..<close)
            guard inside.count >= 2, IPAddress.parse(inside) != nil,
                bytes.firstIndex(of: UInt8(ascii: ":"), in: range.lowerBound + 1..<close) != nil
            else { return false }
            end = close + 1
        } else {
            end = bytes.end(of: .registeredName, from: end, before: range.upperBound)
            guard end > range.lowerBound, bytes.isPercentEncoded(range.lowerBound..<end) else { return false }
        }
        guard end < range.upperBound else { return true }
        return bytes[end] == UInt8(ascii: ":") && isPort(bytes, end + 1..<range.upperBound)
    }

    /// Digits up to 65535, or nothing (RFC 3986 section 3.2.3).
    private static func isPort(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var port = 0
        for index in range {
            guard bytes[index].isDigit else { return false }
            port = min(port * 10 + Int(bytes[index] - 48), 65_536)
        }
        return port <= 65_535
    }
}
