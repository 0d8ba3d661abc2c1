/// Who may post alerts, in a line.
enum AccessSummary {
    static func of(_ configuration: Configuration) -> (CheckReport.Verdict, String) {
        let auth = configuration.auth
        if auth.mode == .none { return (.warning, "auth.mode is none: anybody who reaches it may post alerts") }
        guard configuration.hasCredentials else {
            return (.note, "no credential is configured: whoever is on this machine may post alerts, nobody else")
        }
        let counts = [
            (auth.tokens.entries.count, "tokens"), (auth.webhookSecrets.entries.count, "webhook secrets"),
        ]
        var parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if configuration.listen.tls.clientCA != nil {
            let names = auth.clientNames.isEmpty ? "all" : "\(auth.clientNames.count) names"
            parts.append("client certificates (\(names))")
        }
        return (.fine, parts.joined(separator: ", "))
    }
}
