extension Alert {
    /// A request that an alert tells of.
    package struct Request: Hashable, Sendable {
        /// `http` or `https`, in lower case; nil where the alert doesn't say.
        package let scheme: String?

        /// The host that was asked, with its port where one is named, without user and password.
        package let host: String?

        /// Path and query as the log has them; a web server's log has nothing else.
        package let target: String

        package let method: String?

        package init(scheme: String?, host: String?, target: String, method: String?) {
            self.scheme = scheme
            self.host = host
            self.target = target
            self.method = method
        }

        /// The request in one line: `https://www.example.org/path`, or the target alone.
        package var text: String {
            guard let host else { return target }
            return scheme.map { "\($0)://\(host)\(target)" } ?? "\(host)\(target)"
        }
    }
}
