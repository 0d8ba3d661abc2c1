/// Where a value was set.
enum ConfigurationOrigin: Sendable, Hashable {
    case file(path: String, line: Int)
    case environment(String)
}

extension ConfigurationOrigin: CustomStringConvertible {
    /// `/etc/warnbell/warnbell.yaml:12`, `environment variable WARNBELL_LISTEN_PORT`.
    var description: String {
        switch self {
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let name): "environment variable \(LineText.escaped(name))"
        }
    }
}

/// One fault of a configuration, in words for the person who wrote it. It never holds a secret.
struct ConfigurationProblem: Sendable, Equatable {
    /// Nil for what is missing.
    let origin: ConfigurationOrigin?

    /// The key that is meant; nil when the whole file is.
    let key: String?

    let text: String
}

extension ConfigurationProblem: CustomStringConvertible {
    /// `warnbell.yaml:3: listen.port: expected a whole number from 0 to 65535, got "http"`.
    var description: String {
        [origin.map { "\($0)" }, key, text].compactMap { $0 }.joined(separator: ": ")
    }
}

/// All that is wrong with a configuration.
struct ConfigurationError: Error, Equatable {
    let problems: [ConfigurationProblem]
}

extension ConfigurationError: CustomStringConvertible {
    /// One line for each problem, below a line that counts them.
    var description: String {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        return (["the configuration has \(count):"] + problems.map { "  \($0)" }).joined(separator: "\n")
    }
}
