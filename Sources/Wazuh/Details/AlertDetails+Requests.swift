extension AlertDetails {
    /// What was asked for over HTTP.
    package var requests: [Alert.Request] {
        switch format {
        case .alert: (webRequests + suricataRequests).withoutDoubles
        case .finding: findingRequests
        }
    }

    /// Browsers and tools as they called themselves.
    package var userAgents: [String] {
        switch format {
        case .alert: (texts(at: Self.userAgentPaths) + [accessLog?.userAgent].compactMap(\.self)).withoutDoubles
        case .finding: texts(at: ["user_agent.original"]).withoutDoubles
        }
    }

    /// Requests of web server and proxy logs. There `data.protocol` is the method.
    private var webRequests: [Alert.Request] {
        let method = Self.method(text(at: "data.protocol"))
        // GLPI's decoder keeps the request under `route`, and under `url` the page that led there.
        if let route = text(at: "data.route"), isGLPI {
            return [
                Alert.Request(scheme: nil, host: nil, target: route, method: Self.method(text(at: "data.operation")))
            ]
        }
        if isGLPI {
            guard let request = accessLog?.request else { return [] }
            return [request]
        }
        let host = text(at: "data.hostname").flatMap(Self.domain)
        return texts(at: ["data.url"]).map { Self.request($0, host: host, method: method) }
    }

    private var isGLPI: Bool {
        text(at: "decoder.name") == "web-accesslog-glpi"
            || text(at: "data.route") != nil && text(at: "data.http_version") != nil
    }

    /// Suricata's HTTP records: cleartext, hence `http`.
    private var suricataRequests: [Alert.Request] {
        let host = text(at: "data.http.hostname")
        let method = Self.method(text(at: "data.http.http_method"))
        return texts(at: ["data.http.url"]).map {
            Self.request($0, scheme: host == nil ? nil : "http", host: host, method: method)
        }
    }

    private var findingRequests: [Alert.Request] {
        let path = text(at: "url.path").map { path in path + (text(at: "url.query").map { "?\($0)" } ?? "") }
        guard let target = text(at: "url.original") ?? text(at: "url.full") ?? path else { return [] }
        let method = Self.method(text(at: "http.request.method")?.uppercased())
        return [Self.request(target, scheme: text(at: "url.scheme"), host: text(at: "url.domain"), method: method)]
    }

    /// The web server's own line, where the alert comes from one.
    private var accessLog: AccessLogLine? {
        let names = texts(at: ["decoder.name", "decoder.parent"])
        guard
            names.contains(where: { $0.hasPrefix("web-accesslog") }) || texts(at: ["rule.groups"]).contains("accesslog")
        else { return nil }
        return text(at: "full_log").flatMap(AccessLogLine.init)
    }

    /// A target as logs write it: a whole URL counts before what is known of scheme and host otherwise.
    private static func request(
        _ target: String, scheme: String? = nil, host: String?, method: String?
    ) -> Alert.Request {
        guard let colon = target.firstRange(of: "://"), isScheme(target[..<colon.lowerBound]) else {
            let host = target.hasPrefix("/") ? host : nil
            return Alert.Request(scheme: host == nil ? nil : scheme, host: host, target: target, method: method)
        }
        let rest = target[colon.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let host = rest[..<end].split(separator: "@", omittingEmptySubsequences: false).last.map(String.init)
        let path = String(rest[end...])
        return Alert.Request(
            scheme: target[..<colon.lowerBound].lowercased(), host: host, target: path.isEmpty ? "/" : path,
            method: method)
    }

    /// RFC 3986 section 3.1.
    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter, text.count <= 20 else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }

    /// A method of RFC 9110 or of WebDAV; logs keep other things in the same places.
    private static func method(_ text: String?) -> String? {
        let methods: Set = [
            "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "PROPPATCH",
            "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH",
        ]
        return text.flatMap { methods.contains($0) ? $0 : nil }
    }

    private static let userAgentPaths = [
        "data.http.http_user_agent", "data.user_agent", "data.browser", "data.userAgent", "data.aws.userAgent",
        "data.office365.UserAgent", "data.gcp.protoPayload.requestMetadata.callerSuppliedUserAgent",
        "data.barracuda.waf.custom_header.user_agent",
    ]
}
