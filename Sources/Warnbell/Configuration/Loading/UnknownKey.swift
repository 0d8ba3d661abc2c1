/// Tells people what they may have meant by a key that does not exist.
enum UnknownKey {
    /// `unknown key lisen.port (did you mean listen.port?)`.
    static func message(_ name: String) -> String {
        let suggestion = suggestion(for: name).map { " (did you mean \($0)?)" } ?? ""
        return "unknown key \(LineText.escaped(name))\(suggestion)"
    }

    /// The key or section closest to `name`; else the only key that ends in its last part, as `port` does.
    private static func suggestion(for name: String) -> String? {
        let names = ConfigurationKey.all.map(\.name) + ConfigurationKey.sections
        if let near = Nearest.match(name, in: names) { return near }
        let last = name.split(separator: ".").last.map(String.init)
        let alike = ConfigurationKey.all.filter { $0.path.last == last }
        return alike.count == 1 ? alike.first?.name : nil
    }
}

extension ConfigurationKey {
    /// What stands in front of the dots of names: `listen`, `netflow`, `netflow.elasticsearch`.
    static let sections: Set<String> = Set(
        all.flatMap { key in (1..<key.path.count).map { key.path[..<$0].joined(separator: ".") } })
}
