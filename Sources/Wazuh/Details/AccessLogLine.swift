/// A line of a web server's log in the combined format of NCSA, Apache and nginx, with or without more fields after.
///
/// `192.0.2.1 - - [24/Nov/2026:06:11:42 +0000] "GET / HTTP/1.1" 200 4523 "https://referrer/" "User agent"`
struct AccessLogLine {
    let request: Alert.Request?
    let userAgent: String?

    /// Nil where the line has no request in quotes before a status.
    init?(_ line: String) {
        let quoted = Self.quotedParts(line.utf8)
        guard let index = quoted.firstIndex(where: { Self.isBeforeStatus($0.after) }) else { return nil }
        let words = quoted[index].text.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
        request =
            words.count == 3 && words[2].hasPrefix("HTTP/") ? Alert.Request(words[1], method: words[0]) : nil
        // The referrer stands between request and user agent.
        let agent = index + 2 < quoted.count ? String(Substring(quoted[index + 2].text)) : "-"
        userAgent = agent.isEmpty || agent == "-" ? nil : agent
    }

    private typealias Bytes = Substring.UTF8View

    /// What stands in quotes, and the rest of the line after each. A backslash takes the next character's meaning.
    private static func quotedParts(_ line: String.UTF8View) -> [(text: Bytes, after: Bytes)] {
        var parts: [(text: Bytes, after: Bytes)] = []
        var rest = line[...]
        while parts.count < mostParts, let open = rest.firstIndex(of: UInt8(ascii: "\"")) {
            let start = rest.index(after: open)
            var end = start
            while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") {
                if rest[end] == UInt8(ascii: "\\") { rest.formIndex(after: &end) }
                if end < rest.endIndex { rest.formIndex(after: &end) }
            }
            guard end < rest.endIndex else { break }
            let text = rest[start..<end]
            rest = rest[rest.index(after: end)...]
            parts.append((text, rest))
        }
        return parts
    }

    /// No format has more fields in quotes than this.
    private static let mostParts = 16

    /// Whether ` 404 ` comes next.
    private static func isBeforeStatus(_ rest: Bytes) -> Bool {
        let space = UInt8(ascii: " ")
        let status = rest.dropFirst().prefix { $0 != space }
        return rest.first == space && status.count == 3
            && status.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
