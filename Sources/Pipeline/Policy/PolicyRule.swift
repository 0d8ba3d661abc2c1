package import IPAddresses
package import Wazuh

/// One rule of the policy: what it looks at, and what must happen then.
///
/// Every matcher that is set must hold; in a list, one entry is enough. A rule without matchers matches everything.
package struct PolicyRule: Sendable {
    package let name: String
    package let action: PolicyAction

    /// Alert levels, 0 to 16.
    package var levels: ClosedRange<Int>?

    /// `rule.groups`, whole names.
    package var groups: Set<String>?

    /// `rule.id`.
    package var ruleIDs: Set<String>?

    /// ATT&CK techniques; a technique also stands for its sub-techniques.
    package var mitre: Techniques?

    package var format: Alert.Format?

    /// `decoder.name`.
    package var decoders: Set<String>?

    /// Agent names or ids.
    package var agents: Set<String>?

    /// `location`, whole.
    package var locations: Set<String>?

    /// Dotted paths into the alert, each with the values that are wanted there.
    package var fields: [String: Set<String>]?

    /// Blocks that the attacker's address must lie in.
    package var sources: IPBlockSet?

    package enum Techniques: Sendable {
        /// The alert names a technique, whichever.
        case any
        case ids(Set<String>)
    }

    package init(name: String, action: PolicyAction) {
        self.name = name
        self.action = action
    }
}

extension PolicyRule {
    /// Whether the matchers hold that look at no more than level, id, groups and format: what all alerts of one Wazuh
    /// rule share.
    func matchesRule(of alert: Alert) -> Bool {
        if let levels, !levels.contains(alert.level) { return false }
        if let format, format != alert.format { return false }
        if let ruleIDs, !ruleIDs.contains(alert.ruleID) { return false }
        if let groups, groups.isDisjoint(with: alert.groups) { return false }
        return true
    }

    /// Whether the other matchers hold.
    func matchesAlert(_ alert: Alert, attacker: Attacker) -> Bool {
        if let decoders, !decoders.contains(alert.decoder) { return false }
        if let agents, !agents.contains(alert.agentName), !agents.contains(alert.agentID) { return false }
        if let locations, !locations.contains(alert.location) { return false }
        if let sources, !sources.contains(attacker.address) { return false }
        if let mitre, !mitre.holds(for: alert.techniques) { return false }
        return (fields ?? [:]).allSatisfy { path, wanted in !wanted.isDisjoint(with: alert.values(at: path)) }
    }
}

extension PolicyRule.Techniques {
    fileprivate func holds(for techniques: [String]) -> Bool {
        switch self {
        case .any: !techniques.isEmpty
        case .ids(let wanted):
            techniques.contains { id in
                wanted.contains(id) || id.firstIndex(of: ".").map { wanted.contains(String(id[..<$0])) } == true
            }
        }
    }
}
