import Configuration

/// One of the places that values come from. Of several the first that has a value decides.
struct ConfigurationLayer: Sendable {
    private let provider: any ConfigProvider
    private let origin: @Sendable (ConfigurationKey) -> ConfigurationOrigin

    init(_ environment: ConfigurationEnvironment) {
        provider = EnvironmentVariablesProvider(environmentVariables: environment.variables)
            .prefixKeys(with: "warnbell")
        origin = { .environment($0.environmentName) }
    }

    init(_ file: ConfigurationFile) {
        let (path, lines) = (file.path, file.lines)
        provider = Self.provider(file.values)
        origin = { .file(path: path, line: lines[$0.name] ?? 1) }
    }

    /// The names of the script that Warnbell replaces.
    init(legacy values: [String: String]) {
        provider = Self.provider(values.mapValues { .text($0) })
        origin = { .environment(ConfigurationEnvironment.legacyName(of: $0.name)) }
    }

    /// The value this layer has of a key, with its place.
    func value(of key: ConfigurationKey) -> (value: RawValue, origin: ConfigurationOrigin)? {
        let type: ConfigType = key.isList ? .stringArray : .string
        // Every value is kept in its key's own shape, so that no provider has anything to convert.
        let found = try? provider.value(forKey: Self.absolute(key.name), type: type).value?.content
        switch found {
        case .string(let text): return (.text(text), origin(key))
        case .stringArray(let elements): return (.list(elements), origin(key))
        default: return nil
        }
    }

    private static func provider(_ values: [String: RawValue]) -> InMemoryProvider {
        let values = values.map { name, value in
            let content: ConfigContent =
                switch value {
                case .text(let text): .string(text)
                case .list(let elements): .stringArray(elements)
                }
            let isSecret = ConfigurationKey.byName[name]?.isSecret ?? false
            return (absolute(name), ConfigValue(content, isSecret: isSecret))
        }
        return InMemoryProvider(values: Dictionary(uniqueKeysWithValues: values))
    }

    private static func absolute(_ name: String) -> AbsoluteConfigKey {
        AbsoluteConfigKey(name.split(separator: ".").map(String.init))
    }
}
