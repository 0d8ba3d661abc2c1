/// Puts a configuration together: environment over file over the older names over defaults.
struct ConfigurationLoader: Sendable {
    /// Read when no file is named, if it is there.
    static let usualFile = "/etc/warnbell/warnbell.yaml"

    let environment: [String: String]

    /// ``usualFile``, unless a test has another.
    var usualFile = Self.usualFile

    /// Reads `path`, or the usual file, and the environment.
    ///
    /// - Throws: all problems at once.
    func load(_ path: String?) throws(ConfigurationError) -> LoadedConfiguration {
        let environment = ConfigurationEnvironment(environment)
        var assembly = Assembly(problems: environment.problems, warnings: environment.warnings)
        let file = assembly.read(path, orElse: usualFile)
        var layers = [ConfigurationLayer(environment)] + (file.map { [ConfigurationLayer($0)] } ?? [])
        layers.append(ConfigurationLayer(legacy: environment.legacy(below: layers)))
        for key in ConfigurationKey.all { assembly.set(key, from: layers) }
        return try assembly.finish(file: file?.path)
    }
}

/// A configuration in the making.
private struct Assembly {
    private var configuration = Configuration()
    private var origins: [String: ConfigurationOrigin] = [:]
    private var problems: [ConfigurationProblem]
    private var warnings: [ConfigurationProblem]

    init(problems: [ConfigurationProblem], warnings: [ConfigurationProblem]) {
        self.problems = problems
        self.warnings = warnings
    }

    mutating func read(_ path: String?, orElse usual: String) -> ConfigurationFile? {
        do {
            let text = try FileReading.text(of: path ?? usual, limit: ConfigurationFile.limit)
            let file = ConfigurationFile(text, path: path ?? usual)
            problems += file.problems
            return file
        } catch {
            if path != nil || !error.isMissing {
                problems.append(ConfigurationProblem(origin: nil, key: nil, text: "\(error)"))
            }
            return nil
        }
    }

    /// Takes the key's value from the first layer that has one, unless its rival stands in that layer or above.
    mutating func set(_ key: ConfigurationKey, from layers: [ConfigurationLayer]) {
        let rival = key.rival.flatMap { ConfigurationKey.byName[$0] }
        for layer in layers {
            let found = layer.value(of: key)
            if let rival, let other = layer.value(of: rival) {
                // Both are in the table: the first of them to come tells.
                if let found, origins[rival.name] == nil {
                    problems.append(
                        ConfigurationProblem(
                            origin: found.origin, key: key.name,
                            text: "\(rival.name) is set as well (\(other.origin)); only one of them can be"))
                    origins[key.name] = found.origin
                }
                return
            }
            guard let found else { continue }
            assign(found.value, to: key, found.origin)
            return
        }
    }

    private mutating func assign(_ value: RawValue, to key: ConfigurationKey, _ origin: ConfigurationOrigin) {
        origins[key.name] = origin
        do {
            try key.assign(value, &configuration)
        } catch {
            problems += error.faults.map { ConfigurationProblem(origin: origin, key: key.name, text: $0) }
        }
    }

    /// The configuration if nothing is wrong with it.
    consuming func finish(file: String?) throws(ConfigurationError) -> LoadedConfiguration {
        var rules = ConfigurationRules(configuration, origins, faulty: Set(problems.compactMap(\.key)))
        rules.check()
        problems += rules.problems
        warnings += rules.warnings
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return LoadedConfiguration(
            configuration: configuration, origins: origins, warnings: warnings, file: file)
    }
}
