import FoundationEssentials

/// A secret that a sender signs its requests with: `name:secret`.
struct WebhookSecret: NamedSecret {
    /// Each may cost a hash over the body of somebody who is not known yet.
    static let limit = 20

    /// Characters of a secret.
    static let lengths = 16...1024

    static let form = "name:secret"

    /// What begins a secret of Standard Webhooks 1.0.
    private static let prefix = "whsec_"

    /// How many bytes its base64 stands for.
    private static let keyLengths = 24...64

    let name: String
    let secret: Secret

    init(entry: String) throws(InvalidValue) {
        guard let colon = entry.firstIndex(of: ":") else { throw InvalidValue("expected \(Self.form)") }
        name = try SecretName.read(String(entry[..<colon]), in: Self.form)
        let text = String(entry[entry.index(after: colon)...])
        guard LineText.isPlain(text) else {
            throw InvalidValue("expected \(Self.form), got something with control characters in it")
        }
        guard Self.lengths.contains(text.utf8.count) else {
            throw InvalidValue(
                """
                expected a secret of \(Self.lengths.lowerBound) to \(Self.lengths.upperBound) characters, \
                got one of \(text.utf8.count)
                """)
        }
        secret = Secret(text)
        guard !text.hasPrefix(Self.prefix) || standardKey != nil else {
            throw InvalidValue(
                """
                expected \(Self.prefix) with base64 of \(Self.keyLengths.lowerBound) to \
                \(Self.keyLengths.upperBound) bytes, or a secret that begins otherwise
                """)
        }
    }

    /// The key of Standard Webhooks; nil for a secret that has none.
    var standardKey: [UInt8]? {
        guard secret.text.hasPrefix(Self.prefix),
            let key = Data(base64Encoded: String(secret.text.dropFirst(Self.prefix.count))),
            Self.keyLengths.contains(key.count)
        else { return nil }
        return Array(key)
    }

    var shown: String { "\(name):\(Secret.redacted)" }
}
