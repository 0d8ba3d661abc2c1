extension IPAddress {
    /// The address as the host of a URL: IPv6 stands in brackets (RFC 3986 section 3.2.2).
    package var urlHost: String { isIPv4 ? "\(self)" : "[\(self)]" }
}
