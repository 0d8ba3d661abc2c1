package import Wazuh

extension Evidence {
    /// What was asked for: a host where the alert names one, and path with query as the alert writes it.
    package struct Request: Sendable, Codable {
        package let method: String?
        package let scheme: String?
        package let host: String?
        package let target: String
        package let role: Attacker.Role

        /// What the first who asked so called itself. Not part of what makes two requests the same: who changes it each
        /// time would leave no room for other requests.
        package let userAgent: String?

        package init(
            method: String? = nil, scheme: String?, host: String?, target: String, role: Attacker.Role,
            userAgent: String? = nil
        ) {
            self.method = method
            self.scheme = scheme
            self.host = host
            self.target = target
            self.role = role
            self.userAgent = userAgent
        }
    }
}

extension Evidence.Request: Hashable, Comparable {
    package static func == (left: Self, right: Self) -> Bool {
        left.target == right.target && left.host == right.host && left.method == right.method
            && left.scheme == right.scheme && left.role == right.role
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(method)
        hasher.combine(host)
        hasher.combine(target)
    }

    package static func < (left: Self, right: Self) -> Bool { left.order < right.order }

    private var order: (String, String, String, String, String) {
        (host ?? "", target, method ?? "", scheme ?? "", role.rawValue)
    }
}
