import Pipeline

extension PolicyFile {
    /// Bytes of a policy file at most.
    private static let sizeLimit = 1 << 20

    /// The policy that the configuration asks for: its file's rules, or the built-in ones, and its networks.
    static func policy(for configuration: Configuration) throws -> Policy {
        var networks = Networks()
        networks.own = configuration.networks.own.addresses
        networks.never = configuration.networks.never.addresses
        networks.scanners = configuration.networks.scanners.addresses
        networks.partners = configuration.networks.partners.addresses
        networks.proxies = configuration.networks.proxies.addresses
        let name = configuration.policy.file ?? "built-in policy"
        var policy = Policy(rules: try rules(in: text(for: configuration), name: name), networks: networks)
        policy.maxAge = configuration.policy.maxAge
        return policy
    }

    /// The text of the policy that applies.
    static func text(for configuration: Configuration) throws -> String {
        guard let file = configuration.policy.file else { return DefaultPolicy.yaml + "\n" }
        return try FileReading.text(of: file, limit: sizeLimit)
    }
}
