package import IPAddresses
import JSON

extension Alert {
    /// Everything else the alert says, read once. Where several questions are asked, ask them here.
    package var details: AlertDetails { AlertDetails(self) }

    /// The rule's number, or in a finding its identifier.
    package var ruleID: String { texts(parts.ruleID).first ?? "" }

    /// The rule's description with its values filled in, or a finding's title.
    package var ruleDescription: String { texts(parts.ruleDescription).first ?? "" }

    /// The rule's groups, or a finding's tags.
    package var groups: [String] { texts(parts.groups) }

    /// The name of the decoder, or the first one of a finding.
    package var decoder: String { texts(parts.decoder).first ?? "" }

    /// Where the event was read: a path, `journald`, `EventChannel`.
    package var location: String { texts(parts.location).first ?? "" }

    package var managerName: String { texts(parts.managerName).first ?? "" }
    package var agentName: String { value(parts.agent)?["name"]?.text ?? "" }
    package var agentID: String { value(parts.agent)?["id"]?.text ?? "" }

    /// The agent's address; nil for the manager itself and for agents registered with `any`.
    package var agentAddress: IPAddress? {
        guard let agent = value(parts.agent) else { return nil }
        return agent.addresses(at: format == .alert ? "ip" : "host.ip").first
    }

    /// ATT&CK ids as the rule gives them, sub-techniques included: `T1110.001`.
    package var techniques: [String] {
        let paths = format == .alert ? ["id"] : ["technique.id", "subtechnique.id"]
        return mitre(paths)
    }

    /// ATT&CK technique names. Wazuh removes doubles from ids and names apart: the n-th name is not the n-th id's.
    package var techniqueNames: [String] {
        let paths = format == .alert ? ["technique"] : ["technique.name", "subtechnique.name"]
        return mitre(paths)
    }

    /// ATT&CK tactic names; what was said of ``techniqueNames`` holds for them too.
    package var tactics: [String] { mitre(format == .alert ? ["tactic"] : ["tactic.name"]) }

    /// Everything at a dotted path, scalars as text and arrays flattened; nulls are left out.
    package func values(at path: String) -> [String] { details.values(at: path) }

    package var requests: [Request] { details.requests }
    package var userAgents: [String] { details.userAgents }
    package var hashes: [FileHash] { details.hashes }
    package var domains: [String] { details.domains }
    package var users: [String] { details.users }
    package var targets: [IPAddress] { details.targets }

    /// Hands over the rule's id and its groups as they stand in the alert, the groups as JSON: cheap, and together
    /// with ``level`` enough to know a rule again.
    package func withRuleBytes<Result>(_ body: (_ id: Span<UInt8>, _ groups: Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(parts.ruleID.range), bytes.span.extracting(parts.groups.range))
    }

    private func mitre(_ paths: [String]) -> [String] {
        guard let mitre = value(parts.mitre) else { return [] }
        return paths.flatMap { mitre.texts(at: $0) }
    }

    private func texts(_ part: ByteRange) -> [String] { value(part)?.texts(at: "") ?? [] }

    private func value(_ part: ByteRange) -> JSONValue? {
        guard !part.isEmpty else { return nil }
        // The decoder has read these bytes without an error.
        return try? JSONDocument(bytes, valueAt: Int(part.start)).root
    }
}

extension JSONValue {
    /// What ``values(at:)`` gives, as text; containers and nulls are left out.
    func texts(at path: String) -> [String] {
        values(at: path).compactMap { $0.isNull ? nil : $0.text }
    }

    /// The addresses at a path; whatever else stands there is left out.
    func addresses(at path: String) -> [IPAddress] {
        texts(at: path).compactMap { AddressText.parse(Array($0.utf8).span) }
    }
}
