extension Alert {
    /// A request that an alert tells of.
    package struct Request: Hashable, Sendable {
        /// In lower case; nil where the alert doesn't say, and without a host.
        package let scheme: String?

        /// The host that was asked, with its port where one is named, without user and password.
        package let host: String?

        /// Path and query as the log has them; a web server's log has nothing else.
        package let target: String

        /// A method of RFC 9110 or of WebDAV; nil for whatever else logs keep in that place.
        package let method: String?

        /// The request for a target as logs write it. A whole URL counts before what is known of scheme and host
        /// otherwise; a target that is no path gets no host.
        init(_ target: String, scheme: String? = nil, host: String? = nil, method: String?) {
            self.method = method.flatMap { Self.methods.contains($0) ? $0 : nil }
            if let url = Self.url(target) {
                self.scheme = url.scheme
                self.host = url.host
                self.target = url.target
            } else {
                self.host = target.hasPrefix("/") ? host : nil
                self.scheme = self.host == nil ? nil : scheme
                self.target = target
            }
        }

        /// The parts of a whole URL (RFC 3986 section 3), the fragment left at the target; nil for anything else.
        private static func url(_ text: String) -> (scheme: String, host: String, target: String)? {
            let text = text.utf8
            guard let colon = text.firstIndex(of: UInt8(ascii: ":")), isScheme(text[..<colon]) else { return nil }
            let slashes = text[colon...].dropFirst().prefix(2)
            guard slashes.elementsEqual("//".utf8) else { return nil }
            let rest = text[slashes.endIndex...]
            let end = rest.firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
            let host = rest[..<end].split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last ?? rest
            guard !host.isEmpty else { return nil }
            let target = end < rest.endIndex ? String(Substring(rest[end...])) : "/"
            return (Substring(text[..<colon]).lowercased(), String(Substring(host)), target)
        }

        /// The request in one line: `https://www.example.org/path`, or the target alone.
        package var text: String {
            guard let host else { return target }
            return scheme.map { "\($0)://\(host)\(target)" } ?? "\(host)\(target)"
        }

        /// RFC 3986 section 3.1.
        private static func isScheme(_ text: Substring.UTF8View) -> Bool {
            guard let first = text.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first | 0x20) else {
                return false
            }
            return text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        }

        private static let methods: Set = [
            "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "PROPPATCH",
            "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH",
        ]
    }
}
