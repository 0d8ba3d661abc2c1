import ArgumentParser
import FoundationEssentials

/// The options of every command that needs the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The configuration file (default: \(ConfigurationLoader.usualFile), if it exists).", valueName: "file"))
    var config: String?

    /// The configuration; what is odd about it is told on standard error.
    func load() throws(ConfigurationError) -> LoadedConfiguration {
        let loaded = try reload()
        for warning in loaded.warnings { StandardError.write("warnbell: warning: \(warning)") }
        return loaded
    }

    /// The configuration as it is now.
    func reload() throws(ConfigurationError) -> LoadedConfiguration {
        try ConfigurationLoader(environment: ProcessInfo.processInfo.environment).load(config)
    }
}
