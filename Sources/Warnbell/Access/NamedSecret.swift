/// An entry of a list of secrets: a name that may be shown, and a secret that may not.
protocol NamedSecret: Sendable, Equatable {
    /// Entries of a list.
    static var limit: Int { get }

    /// How an entry is written, for those who got it wrong.
    static var form: String { get }

    /// Reads an entry. The fault never repeats any of it: who mixes the parts up has the secret in front.
    init(entry: String) throws(InvalidValue)

    var secret: Secret { get }

    /// The entry with the secret left out.
    var shown: String { get }
}

/// Secrets with names, given as they are or in a file with one a line.
struct SecretList<Entry: NamedSecret>: Sendable, Equatable {
    var entries: [Entry] = []

    /// The file they were read from, if they were.
    var file: String?

    var isEmpty: Bool { entries.isEmpty }
}
