/// A client certificate that counts as a credential, by one of its names: `name` or `name:scope+scope`.
struct ClientName: Sendable, Equatable {
    /// A DNS name or the common name of the subject; case does not matter.
    let name: String
    let scopes: Scopes
}

extension ValueKind<ClientName> {
    static let clientName = ValueKind(
        Expectation("the name of a client certificate", hint: "name or name:scope+scope"),
        parse: { text in
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count <= 2, (1...255).contains(parts[0].utf8.count), LineText.isPlain(parts[0]),
                let scopes = parts.count == 1 ? .alerts : Scopes(parts[1])
            else { return nil }
            return ClientName(name: parts[0], scopes: scopes)
        },
        show: { .text("\($0.name):\($0.scopes)") })
}
