import Timestamps
package import Wazuh

extension Evidence {
    /// Counts what one alert says; its own count and times are the caller's business.
    ///
    /// Texts are cut to ``Limits/textBytes``.
    /// - Parameters:
    ///   - attacker: whom the policy accuses, which need not be the address that stands first in the alert.
    ///   - moment: the alert's own time, as a count of one, with whether detection systems may act on what it says.
    ///   - policyRule: the policy rule that let it through.
    package mutating func add(_ alert: Alert, _ attacker: Attacker, at moment: Tally, policyRule: String?) {
        let details = alert.details
        let limit = textBytes
        attackers.add(AttackerAddress(address: attacker.address, role: attacker.role), moment)
        let groups = alert.groups.prefix(Self.mostGroups).map { $0.cut(toBytes: Self.longestName) }
        rules.add(Rule(id: alert.ruleID.cut(toBytes: Self.longestName), level: alert.level, groups: groups), moment)
        highestLevel = max(highestLevel, alert.level)
        mayDetect = mayDetect || moment.mayDetect
        if let policyRule { policyRules.add(policyRule, moment) }
        for technique in details.techniques { techniques.add(technique.cut(toBytes: Self.longestName), moment) }
        for tactic in details.tactics { tactics.add(tactic.cut(toBytes: Self.longestName), moment) }
        let agents = details.userAgents.map { $0.cut(toBytes: limit) }
        for request in details.requests {
            requests.add(
                Request(
                    method: request.method, scheme: request.scheme?.cut(toBytes: limit),
                    host: request.host?.cut(toBytes: limit), target: request.target.cut(toBytes: limit),
                    role: attacker.role, userAgent: agents.count == 1 ? agents[0] : nil), moment)
        }
        for userAgent in agents { userAgents.add(userAgent, moment) }
        for hash in details.hashes { hashes.add(hash, moment) }
        for domain in details.domains { domains.add(domain, moment) }
        if attacker.address == alert.attacker?.address, let place = details.place { places.add(place, moment) }
        if !details.agentName.isEmpty { `internal`.agents.add(details.agentName.cut(toBytes: limit), moment) }
        for machine in details.machines { `internal`.machines.add(machine.cut(toBytes: limit), moment) }
        for target in details.targets { `internal`.hosts.add(target, moment) }
        for user in details.users { `internal`.users.add(user.cut(toBytes: limit), moment) }
        if !alert.ruleDescription.isEmpty {
            `internal`.descriptions.add(alert.ruleDescription.cut(toBytes: limit), moment)
        }
    }

    /// Counts an accepted alert into what was counted before it, if anything was; its own time says when it happened.
    static func count(
        _ entry: JournalEntry, _ attacker: Attacker, mayDetect: Bool, policyRule: String?, _ limits: Limits,
        into evidence: inout Evidence?
    ) {
        let moment = Tally(entry.alert.timestamp ?? entry.received, mayDetect: mayDetect)
        if evidence == nil {
            evidence = Evidence(alerts: moment, limits: limits)
        } else {
            evidence?.alerts.add(moment)
        }
        evidence?.add(entry.alert, attacker, at: moment, policyRule: policyRule)
    }

    /// Groups of a rule, and bytes of what a site's own rules name: more is no name.
    private static let mostGroups = 64
    private static let longestName = 256
}

extension String {
    /// The text up to so many bytes, ending on a whole character of Unicode.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end > utf8.startIndex, utf8[end] & 0xc0 == 0x80 { end = utf8.index(before: end) }
        return String(unicodeScalars[..<end])
    }
}
