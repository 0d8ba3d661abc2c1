import FoundationEssentials

extension ValueKind<String> {
    /// The address of a server, to which paths are added. Slashes at its end are dropped.
    static func url(example: String) -> ValueKind {
        let expected: Expectation = "a URL such as \(example)"
        return ValueKind(expected, show: { .text($0) }) { text throws(InvalidValue) in
            // A password in it must not come back in the error.
            guard !text.contains("@") else {
                throw InvalidValue("expected \(expected), got one with a user or password in it: they have own keys")
            }
            guard let url = serverURL(text) else {
                throw InvalidValue("expected \(expected), got \(quoted(text))")
            }
            return url
        }
    }

    /// `text` without the slashes at its end if it has a scheme of HTTP, a host, and neither query nor fragment.
    private static func serverURL(_ text: String) -> String? {
        let isPrintable = text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        guard isPrintable, let parts = URLComponents(string: text), parts.query == nil, parts.fragment == nil,
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.port.map({ (1...65535).contains($0) }) ?? true
        else { return nil }
        var url = text[...]
        while url.hasSuffix("/") { url.removeLast() }
        return String(url)
    }
}
