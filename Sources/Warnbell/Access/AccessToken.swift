/// A token that lets its bearer in: `name:token` or `name:scope+scope:token`.
struct AccessToken: NamedSecret {
    static let limit = 1000

    /// Characters of a token. Fewer could be guessed; more fit into no header field.
    static let lengths = 16...1024

    static let form = "name:token or name:scope+scope:token"

    /// What is logged and counted, and the user of Basic.
    let name: String
    let scopes: Scopes
    let secret: Secret

    init(name: String, scopes: Scopes = .alerts, token: String) {
        self.name = name
        self.scopes = scopes
        secret = Secret(token)
    }

    init(entry: String) throws(InvalidValue) {
        let parts = entry.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count) else {
            throw InvalidValue("expected \(Self.form), with no colon in the token")
        }
        let name = try SecretName.read(parts[0], in: Self.form)
        guard let scopes = parts.count == 2 ? .alerts : Scopes(parts[1]) else {
            throw InvalidValue("expected \(Self.form), where a scope is one of alerts, feed, metrics, admin")
        }
        let token = parts[parts.count - 1]
        guard token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw InvalidValue("expected a token of printable ASCII characters without blanks")
        }
        guard Self.lengths.contains(token.utf8.count) else {
            throw InvalidValue(
                """
                expected a token of \(Self.lengths.lowerBound) to \(Self.lengths.upperBound) characters, \
                got one of \(token.utf8.count)
                """)
        }
        self.init(name: name, scopes: scopes, token: token)
    }

    var shown: String { "\(name):\(scopes):\(Secret.redacted)" }
}

/// The part of an entry that is logged and counted.
enum SecretName {
    /// `text` if it is a name. The fault does not repeat it.
    static func read(_ text: String, in form: String) throws(InvalidValue) -> String {
        do {
            return try ValueKind.name.read(.text(text))
        } catch {
            throw InvalidValue(
                "expected \(form), where the name is up to 64 letters, digits, dots, hyphens and underscores")
        }
    }
}
