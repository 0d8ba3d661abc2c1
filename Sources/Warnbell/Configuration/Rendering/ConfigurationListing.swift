import FoundationEssentials

/// The effective configuration for a person or a program; secrets are redacted.
struct ConfigurationListing {
    let loaded: LoadedConfiguration

    /// Three columns: key, value, and where the value was set.
    var text: String {
        let rows = ConfigurationKey.all.map { ($0.name, value(of: $0), place(of: $0)) }
        let width = (key: rows.map(\.0.count).max() ?? 0, value: min(rows.map(\.1.count).max() ?? 0, 40))
        return rows.map { key, value, place in
            Self.padded(key, to: width.key) + "  " + Self.padded(value, to: width.value) + "  " + place
        }.joined(separator: "\n")
    }

    /// An object by key: `{"listen.port":{"value":8787,"from":"default"},…}`.
    func json() throws -> String {
        let entries = ConfigurationKey.all.map { key in
            (key.name, Entry(value: key.effective(loaded.configuration), from: place(of: key)))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Dictionary(uniqueKeysWithValues: entries)), as: UTF8.self)
    }

    private struct Entry: Encodable {
        let value: ShownValue
        let from: String
    }

    /// The value; where there is none, what that means.
    private func value(of key: ConfigurationKey) -> String {
        let value = key.effective(loaded.configuration)
        return value.raw?.elements.isEmpty ?? true ? "(\(key.unset?.replacing("`", with: "") ?? "none"))" : "\(value)"
    }

    /// Where the value was set: for a secret that was read from a file that is where the file was named.
    private func place(of key: ConfigurationKey) -> String {
        let origin = loaded.origins[key.name] ?? key.rival.flatMap { loaded.origins[$0] }
        return key.show(loaded.configuration) == .none ? "default" : origin.map { "\($0)" } ?? "default"
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
