/// One thing that can be set: its name, which values it takes, and which field of ``Configuration`` it fills.
///
/// Reading, showing, the reference, the example file and the search for unknown keys all come from ``all``.
struct ConfigurationKey: Sendable {
    /// The dotted name: `listen.max_body`.
    let name: String

    /// What it decides, in one sentence of Markdown.
    let summary: String

    let expected: Expectation

    let isList: Bool

    /// Whether a value may not be shown.
    let isSecret: Bool

    /// What the example file shows where there is no default.
    let example: String?

    /// What happens when the key is not set, where the default is more than a value.
    let unset: String?

    /// The key that sets the same field in another way; both at once make no sense.
    let rival: String?

    let assign: @Sendable (RawValue, inout Configuration) throws(InvalidValue) -> Void
    let show: @Sendable (Configuration) -> ShownValue

    /// What applies, where that follows from other keys when this one is not set.
    let effective: @Sendable (Configuration) -> ShownValue

    /// Whether two configurations have different values of it; unlike ``show`` it tells secrets apart.
    let differs: @Sendable (Configuration, Configuration) -> Bool

    init<Value: Equatable>(
        _ name: String, _ field: any WritableKeyPath<Configuration, Value> & Sendable, _ kind: ValueKind<Value>,
        isSecret: Bool = false, example: String? = nil, unset: String? = nil, rival: String? = nil,
        effective: (@Sendable (Configuration) -> ShownValue)? = nil, _ summary: String
    ) {
        self.name = name
        self.summary = summary
        expected = kind.expected
        isList = kind.isList
        self.isSecret = isSecret
        self.example = example
        self.unset = unset
        self.rival = rival
        assign = { raw, configuration throws(InvalidValue) in configuration[keyPath: field] = try kind.read(raw) }
        let show: @Sendable (Configuration) -> ShownValue = { kind.show($0[keyPath: field]) }
        self.show = show
        self.effective = effective ?? show
        differs = { $0[keyPath: field] != $1[keyPath: field] }
    }

    /// The parts of the name: `listen`, `max_body`.
    var path: [String] { name.split(separator: ".").map(String.init) }

    /// The environment variable that sets it: `WARNBELL_LISTEN_MAX_BODY`.
    var environmentName: String {
        ConfigurationEnvironment.prefix + name.uppercased().replacing(".", with: "_")
    }

    /// The value when nobody sets it.
    var standard: ShownValue { show(Configuration()) }
}

extension ConfigurationKey {
    /// A secret, given as it is or as a file that holds it.
    static func secret(
        _ name: String, _ field: any WritableKeyPath<Configuration, Secret?> & Sendable, _ summary: String
    ) -> [ConfigurationKey] {
        [
            ConfigurationKey(
                name, field, .secret, isSecret: true, example: "secret", rival: "\(name)_file", summary),
            ConfigurationKey(
                "\(name)_file", field, .secretFile, example: "/run/secrets/\(name.replacing(".", with: "-"))",
                rival: name,
                "A file that holds `\(name)`; a line break at its end does not count."),
        ]
    }

    /// Secrets with names, given as they are or as a file with one a line.
    static func secrets<Entry>(
        _ name: String, _ field: any WritableKeyPath<Configuration, SecretList<Entry>> & Sendable, example: String,
        _ summary: String
    ) -> [ConfigurationKey] {
        [
            ConfigurationKey(name, field, .secrets(), isSecret: true, example: example, rival: "\(name)_file", summary),
            ConfigurationKey(
                "\(name)_file", field, .secretsFile(), example: "/run/secrets/\(name.replacing(".", with: "-"))",
                rival: name,
                "A file that holds `\(name)`, one a line; lines that begin with `#` do not count."),
        ]
    }

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
