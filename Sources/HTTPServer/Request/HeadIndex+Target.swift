extension HeadIndex {
    /// Reads the request target in the form its method asks for (RFC 9112 section 3.2).
    mutating func readTarget(_ bytes: Span<UInt8>, _ target: Range<Int>) -> Rejection? {
        self.target = target
        if method == .connect {
            // authority-form, port included
            let hasPort =
                bytes[target.upperBound - 1].isDigit && bytes.firstIndex(of: UInt8(ascii: ":"), in: target) != nil
            return hasPort && Authority.isValid(bytes, target) ? nil : .target
        }
        if target.count == 1, bytes[target.lowerBound] == UInt8(ascii: "*") {
            path = target
            // An unknown method is refused as such later.
            return method == .options || method == nil ? nil : .target
        }
        var pathStart = target.lowerBound
        if bytes[pathStart] != UInt8(ascii: "/") {
            guard let authority = Self.authority(bytes, target), Authority.isValid(bytes, authority) else {
                return .target
            }
            pathStart = authority.upperBound
        }
        guard Self.isWellFormed(bytes, pathStart..<target.upperBound) else { return .target }
        let mark = bytes.firstIndex(of: UInt8(ascii: "?"), in: pathStart..<target.upperBound)
        query = mark.map { $0 + 1..<target.upperBound }
        path = pathStart..<(mark ?? target.upperBound)
        if path.isEmpty {
            // No path means the root: the slash before the authority stands in for it.
            let slash = bytes.firstIndex(of: UInt8(ascii: "/"), in: target) ?? target.lowerBound
            path = slash..<slash + 1
        }
        return nil
    }

    /// Whether all characters may stand in path and query, and each percent sign has its two digits.
    private static func isWellFormed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        bytes.end(of: .target, from: range.lowerBound, before: range.upperBound) == range.upperBound
            && bytes.isPercentEncoded(range)
    }

    /// The authority of an absolute-form target of `http` or `https`.
    private static func authority(_ bytes: Span<UInt8>, _ target: Range<Int>) -> Range<Int>? {
        for scheme: StaticString in ["http://", "https://"] {
            let start = target.lowerBound + scheme.utf8CodeUnitCount
            guard start < target.upperBound, bytes.equals(target.lowerBound..<start, ignoringCase: scheme) else {
                continue
            }
            var end = start
            while end < target.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
            return start..<end
        }
        return nil
    }
}
