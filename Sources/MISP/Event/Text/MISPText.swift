/// Text as MISP can store it.
///
/// Its database takes no characters above U+FFFF (a whole request fails over one) and columns of 65,535 bytes.
package enum MISPText {
    /// What a value, a comment or a report may have at most.
    package static let maximumBytes = 65_535

    /// Keeps newlines and tabs; every other control character and every character above U+FFFF becomes U+FFFD.
    /// The result has at most `bytes` bytes and ends on a whole character.
    package static func clean(_ text: String, bytes: Int = maximumBytes) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.lazy.map { isStorable($0) ? $0 : replacement })
        return cut(String(scalars), bytes: min(bytes, maximumBytes))
    }

    /// As ``clean(_:bytes:)``, on one line and without spaces at its ends.
    package static func line(_ text: String, bytes: Int = maximumBytes) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.lazy.map { isSpace($0) ? " " : $0 })
        let cleaned = clean(trimmed(Substring(String(scalars))), bytes: bytes)
        return trimmed(Substring(cleaned))
    }

    private static let replacement: Unicode.Scalar = "\u{fffd}"

    private static func isStorable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a: true
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0xfffe...: false
        default: true
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a, 0x0d: true
        default: false
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { $0 != " " }),
            let last = scalars.lastIndex(where: { $0 != " " })
        else { return "" }
        return String(scalars[first...last])
    }

    private static func cut(_ text: String, bytes: Int) -> String {
        let utf8 = text.utf8
        guard utf8.count > bytes else { return text }
        var end = utf8.index(utf8.startIndex, offsetBy: bytes)
        while end > utf8.startIndex, utf8[end] & 0xc0 == 0x80 { end = utf8.index(before: end) }
        return String(text.unicodeScalars[..<end])
    }
}
