extension AlertDetails {
    /// What was asked for over HTTP.
    package var requests: [Alert.Request] { (webRequests + suricataRequests + findingRequests).withoutDoubles }

    /// Browsers and tools as they called themselves.
    package var userAgents: [String] {
        (texts(.userAgents) + [accessLog?.userAgent].compactMap(\.self)).map(Self.unquoted).withoutDoubles
    }

    /// The text without quotes around it, escaped ones included: some decoders keep them.
    private static func unquoted(_ text: String) -> String {
        let isQuote: (UInt8) -> Bool = { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        guard let first = text.utf8.first, isQuote(first), let last = text.utf8.last, isQuote(last) else { return text }
        let inner = text.utf8.drop(while: isQuote)
        return String(Substring(inner.prefix(inner.count - inner.reversed().prefix(while: isQuote).count)))
    }

    /// Requests of web server and proxy logs. There `data.protocol` is the method.
    private var webRequests: [Alert.Request] {
        if isGLPI {
            guard let route = text(.route) else { return [accessLog?.request].compactMap(\.self) }
            return [Alert.Request(route, method: text(.routeMethod))]
        }
        let host = text(.host).flatMap(DomainName.normalized)
        return texts(.url).map { Alert.Request($0, host: host, method: text(.method)) }
    }

    /// Whether GLPI's decoder was at work: it keeps the request under `route`, and under `url` the page that led
    /// there.
    private var isGLPI: Bool {
        texts(.decoderNames).contains("web-accesslog-glpi") || text(.route) != nil && text(.httpVersion) != nil
    }

    /// Suricata's HTTP records: cleartext, hence `http`.
    private var suricataRequests: [Alert.Request] {
        texts(.suricataURL).map {
            Alert.Request($0, scheme: "http", host: text(.suricataHost), method: text(.suricataMethod))
        }
    }

    private var findingRequests: [Alert.Request] {
        let path = text(.findingPath).map { path in path + (text(.findingQuery).map { "?\($0)" } ?? "") }
        guard let target = text(.findingURL) ?? text(.findingFullURL) ?? path else { return [] }
        return [
            Alert.Request(
                target, scheme: text(.findingScheme), host: text(.findingHost),
                method: text(.findingMethod)?.uppercased())
        ]
    }

    /// The web server's own line, where the alert comes from one.
    private var accessLog: AccessLogLine? {
        guard
            texts(.decoderNames).contains(where: { $0.hasPrefix("web-accesslog") })
                || texts(.groups).contains("accesslog")
        else { return nil }
        return text(.fullLog).flatMap(AccessLogLine.init)
    }
}
