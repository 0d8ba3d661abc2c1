/// A configuration that was checked, and where each value came from.
struct LoadedConfiguration: Sendable {
    let configuration: Configuration

    /// Where keys that were set were set, by name.
    let origins: [String: ConfigurationOrigin]

    /// What a person should know although the configuration is taken.
    let warnings: [ConfigurationProblem]

    /// The file that was read, if one was.
    let file: String?
}
