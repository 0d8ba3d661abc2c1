/// Somebody whom a credential stands for.
struct Principal: Sendable, Equatable {
    /// What is logged and counted; never the secret.
    let name: String
    let scopes: Scopes

    /// Whoever comes where nobody has to prove anything.
    static let anybody = Principal(name: "none", scopes: .all)

    /// Whoever shows a certificate of the trusted authority, where no names are listed.
    static let certificate = Principal(name: "certificate", scopes: .alerts)
}
