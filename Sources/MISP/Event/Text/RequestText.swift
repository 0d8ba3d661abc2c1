package import Pipeline

/// A request as an event may show it: without userinfo and fragment, and with as much of the query as is wished.
package struct RequestText: Sendable, Hashable {
    /// Lower case; nil where neither the alert nor the target names one.
    package let scheme: String?

    /// Host with port, lower case, without userinfo; nil where only a path is known.
    package let authority: String?

    /// From the first slash on; `*` or `host:443` for requests that have no path (RFC 9112 section 3.2).
    package let target: String

    /// The target may be in absolute form: then scheme and host are taken from it.
    package init(_ request: Evidence.Request, query: EventSettings.URLQuery) {
        // Bytes, not characters: a delimiter with a combining mark behind it is still a delimiter.
        let whole = MISPText.line(request.target).utf8[...]
        if let (scheme, rest) = Self.absolute(whole) {
            let end = rest.firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
            self.scheme = scheme
            authority = Self.host(rest[..<end])
            target = Self.shortened(rest[end...], query)
        } else {
            authority = request.host.flatMap { Self.host(MISPText.line($0).utf8[...]) }
            scheme = authority == nil ? nil : request.scheme.map { MISPText.line($0).lowercased() }
            target = Self.shortened(whole, query)
        }
    }

    /// `http://shop.example/login`; without a scheme where none is known. Nil without a host.
    package var url: String? {
        guard let authority else { return nil }
        let path = target.isEmpty || isPath || target.utf8.first == UInt8(ascii: "?") ? target : "/" + target
        return (scheme.map { "\($0)://" } ?? "") + authority + path
    }

    /// Whether the target is a path on the server that was asked, and not another server's name.
    package var isPath: Bool { target.utf8.first == UInt8(ascii: "/") }

    /// The host without its port.
    package var host: String? {
        guard let bytes = authority?.utf8 else { return nil }
        if bytes.first == UInt8(ascii: "[") {
            return String(Substring(bytes.dropFirst().prefix { $0 != UInt8(ascii: "]") }))
        }
        return String(Substring(bytes.prefix { $0 != UInt8(ascii: ":") }))
    }

    private typealias Bytes = Substring.UTF8View

    private static func absolute(_ target: Bytes) -> (scheme: String, rest: Bytes)? {
        let scheme = target.prefix { isSchemeByte($0) }
        let rest = target[scheme.endIndex...]
        guard !scheme.isEmpty, rest.starts(with: "://".utf8) else { return nil }
        return (String(Substring(scheme)).lowercased(), rest.dropFirst(3))
    }

    /// RFC 3986 section 3.1.
    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Whatever stands before the last `@` may be a password. Web servers log `-` for no host.
    private static func host(_ authority: Bytes) -> String? {
        let afterUserinfo = authority.lastIndex(of: UInt8(ascii: "@")).map { authority.index(after: $0) }
        let host = String(Substring(authority[(afterUserinfo ?? authority.startIndex)...]))
        return host.isEmpty || host == "-" ? nil : host.lowercased()
    }

    private static func shortened(_ target: Bytes, _ query: EventSettings.URLQuery) -> String {
        let whole = target.prefix { $0 != UInt8(ascii: "#") }
        let path = whole.prefix { $0 != UInt8(ascii: "?") }
        switch query {
        case .drop: return String(Substring(path))
        case .keep: return String(Substring(whole))
        case .names:
            // A part without `=` may be a value as well as a name.
            let names = whole[path.endIndex...].dropFirst()
                .split { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: ";") }
                .compactMap { part in
                    part.firstIndex(of: UInt8(ascii: "=")).map { String(Substring(part[..<$0])) }
                }
            return String(Substring(path)) + (names.isEmpty ? "" : "?" + names.joined(separator: "&"))
        }
    }
}
