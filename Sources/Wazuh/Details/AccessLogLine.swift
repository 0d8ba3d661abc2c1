/// A line of a web server's log in the combined format of NCSA, Apache and nginx, with or without more fields after.
///
/// `192.0.2.1 - - [24/Nov/2026:06:11:42 +0000] "GET / HTTP/1.1" 200 4523 "https://referrer/" "User agent"`
struct AccessLogLine {
    let request: Alert.Request?
    let userAgent: String?

    /// Nil where the line has no request in quotes before a status.
    init?(_ line: String) {
        let quoted = Self.quotedParts(line)
        guard let request = quoted.firstIndex(where: { Self.isBeforeStatus($0.after) }) else { return nil }
        let words = quoted[request].text.split(separator: " ")
        self.request =
            words.count == 3 && words[2].hasPrefix("HTTP/")
            ? Alert.Request(scheme: nil, host: nil, target: String(words[1]), method: String(words[0])) : nil
        // The referrer stands between them.
        let agent = quoted.indices.contains(request + 2) ? String(quoted[request + 2].text) : ""
        userAgent = agent.isEmpty || agent == "-" ? nil : agent
    }

    /// What stands in quotes, and the rest of the line after each. A backslash takes the next character's meaning.
    private static func quotedParts(_ line: String) -> [(text: Substring, after: Substring)] {
        var parts: [(text: Substring, after: Substring)] = []
        var rest = line[...]
        while parts.count < longest, let open = rest.firstIndex(of: "\"") {
            let start = rest.index(after: open)
            var end = start
            while end < rest.endIndex, rest[end] != "\"" {
                if rest[end] == "\\" { rest.formIndex(after: &end) }
                if end < rest.endIndex { rest.formIndex(after: &end) }
            }
            guard end < rest.endIndex else { break }
            let after = rest[rest.index(after: end)...]
            parts.append((rest[start..<end], after))
            rest = after
        }
        return parts
    }

    /// No format has more fields in quotes than this.
    private static let longest = 16

    private static func isBeforeStatus(_ rest: Substring) -> Bool {
        let status = rest.utf8.dropFirst().prefix(3)
        let isNumber = status.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return rest.utf8.first == UInt8(ascii: " ") && status.count == 3 && isNumber
    }
}
