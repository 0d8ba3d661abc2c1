/// What environment variables set.
///
/// A variable that is empty is not set: `WARNBELL_MISP_URL=${MISP:-}` says nothing.
struct ConfigurationEnvironment: Sendable {
    static let prefix = "WARNBELL_"

    /// Variables that name a key.
    let variables: [String: String]

    /// Values from the names of the script that Warnbell replaces, by the names of keys.
    private let legacy: [String: String]

    /// Variables that somebody meant as a key.
    let problems: [ConfigurationProblem]

    /// Other variables with our prefix. They may belong to somebody else: Kubernetes sets `WARNBELL_PORT` for a
    /// service called warnbell.
    let warnings: [ConfigurationProblem]

    init(_ environment: [String: String]) {
        let given = environment.filter { !$0.value.isEmpty }
        let names = Set(ConfigurationKey.all.map(\.environmentName))
        variables = given.filter { names.contains($0.key) }
        legacy = given.reduce(into: [:]) { values, variable in
            if let key = Self.legacyNames[variable.key] { values[key] = Self.modern(variable.value, of: variable.key) }
        }
        let known = names.union([SendCommand.tokenVariable])
        let unknown = given.keys.filter { $0.hasPrefix(Self.prefix) && !known.contains($0) }.sorted()
        problems = unknown.filter(Self.meansKey).map(Self.report)
        warnings = unknown.filter { !Self.meansKey($0) }.map(Self.report)
    }

    /// The values from the older names, which everything else goes before: an API key, too, takes the place of user
    /// and password.
    func legacy(below layers: [ConfigurationLayer]) -> [String: String] {
        let keys = ["api_key", "api_key_file"].compactMap { ConfigurationKey.byName["netflow.elasticsearch.\($0)"] }
        let hasKey = layers.contains { layer in keys.contains { layer.value(of: $0) != nil } }
        return hasKey ? legacy.filter { !["ES_USER", "ES_PASS"].contains(Self.legacyName(of: $0.key)) } : legacy
    }

    /// The older names and their keys.
    static let legacyNames = [
        "MISP_URL": "misp.url",
        "MISP_KEY": "misp.key",
        "ES_HOST": "netflow.elasticsearch.url",
        "ES_USER": "netflow.elasticsearch.user",
        "ES_PASS": "netflow.elasticsearch.password",
    ]

    /// The name of the variable that set a key in the older way.
    static func legacyName(of key: String) -> String {
        legacyNames.first { $0.value == key }?.key ?? key
    }

    /// `ES_HOST` may be a host alone.
    private static func modern(_ value: String, of name: String) -> String {
        guard name == "ES_HOST", !value.contains("://") else { return value }
        return value.contains(":") ? "https://\(value)" : "https://\(value):9200"
    }

    /// Whether a variable without a key starts like one or looks like one.
    private static func meansKey(_ name: String) -> Bool {
        let isInSection = ConfigurationKey.sections.contains { section in
            name.hasPrefix("\(prefix)\(section.uppercased())_")
        }
        return isInSection || nearest(name) != nil
    }

    private static func nearest(_ name: String) -> String? {
        Nearest.match(name, in: ConfigurationKey.all.map(\.environmentName))
    }

    private static func report(_ name: String) -> ConfigurationProblem {
        let suggestion = nearest(name).map { " (did you mean \($0)?)" } ?? ""
        return ConfigurationProblem(origin: .environment(name), key: nil, text: "it sets no key\(suggestion)")
    }
}
