import Timestamps
package import Wazuh

extension Evidence {
    /// Counts what one alert says; its own count and times are the caller's business.
    ///
    /// - Parameters:
    ///   - attacker: whom the policy accuses, which need not be the address that stands first in the alert.
    ///   - moment: the alert's own time, as a count of one.
    ///   - policyRule: the policy rule that let it through.
    package mutating func add(
        _ alert: Alert, _ attacker: Attacker, at moment: Tally, policyRule: String?, mayDetect: Bool
    ) {
        let details = alert.details
        attackers.add(AttackerAddress(address: attacker.address, role: attacker.role), moment)
        rules.add(Rule(id: alert.ruleID, level: alert.level, groups: alert.groups), moment)
        highestLevel = max(highestLevel, alert.level)
        self.mayDetect = self.mayDetect || mayDetect
        if let policyRule { policyRules.add(policyRule, moment) }
        for technique in alert.techniques { techniques.add(technique, moment) }
        for tactic in alert.tactics { tactics.add(tactic, moment) }
        for request in details.requests {
            requests.add(
                Request(scheme: request.scheme, host: request.host, target: request.target, role: attacker.role), moment
            )
        }
        for userAgent in details.userAgents { userAgents.add(userAgent, moment) }
        for hash in details.hashes {
            guard let algorithm = FileHash.Algorithm(rawValue: hash.algorithm.rawValue) else { continue }
            hashes.add(FileHash(algorithm: algorithm, hexadecimal: hash.hexadecimal), moment)
        }
        for domain in details.domains { domains.add(domain, moment) }
        if !alert.agentName.isEmpty { `internal`.agents.add(alert.agentName, moment) }
        for target in details.targets { `internal`.hosts.add(target, moment) }
        for user in details.users { `internal`.users.add(user, moment) }
        if !alert.ruleDescription.isEmpty { `internal`.descriptions.add(alert.ruleDescription, moment) }
    }
}
