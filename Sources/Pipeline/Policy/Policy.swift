package import IPAddresses
package import Timestamps
package import Wazuh

/// Whom we name: an ordered list of rules behind the addresses that are never named.
///
/// Deciding is a pure function of the alert, the policy, the networks and what is known of the address.
package struct Policy: Sendable {
    package let rules: [PolicyRule]
    package let networks: Networks

    /// Further addresses that are never named.
    package var additions = NeverList()

    /// How old an alert may be, by its own time, that is shared; nil for any age. Tests may have any.
    package var maxAge: Duration?

    /// How far ahead of our clock an alert's own time may be where ``maxAge`` is set.
    package static let mostAhead = Duration.seconds(300)

    package init(rules: [PolicyRule], networks: Networks) {
        self.rules = rules
        self.networks = networks
    }

    /// What happens to `alert`, and why.
    package func decide(_ alert: Alert, known: AddressBook, at moment: Timestamp) -> Decision {
        let candidates = rules.indices.filter { rules[$0].matchesRule(of: alert) }
        return decide(alert, known: known, at: moment, candidates: candidates).0
    }

    /// The same for a caller that knows already which rules match as far as Wazuh's rule goes; tells the index of
    /// the rule that decided.
    func decide(
        _ alert: Alert, known: AddressBook, at moment: Timestamp, candidates: [Int]
    ) -> (Decision, rule: Int?) {
        if alert.isEnrichment { return (Decision(action: .ignore, attacker: nil, reason: .enrichment), nil) }
        guard let named = alert.attacker else {
            return (Decision(action: .ignore, attacker: nil, reason: .noAttacker), nil)
        }
        guard let attacker = accused(in: alert) else {
            return (Decision(action: .ignore, attacker: named, reason: .proxy), nil)
        }
        let special = SpecialUse.of(attacker.address)
        if let reason = never(attacker.address, special) {
            return (Decision(action: .ignore, attacker: attacker, reason: reason), nil)
        }
        let match = candidates.first { rules[$0].matchesAlert(alert, attacker: attacker) }
        let decision =
            isInside(attacker.address, special, known, at: moment)
            ? decideInside(match, attacker)
            : decideOutside(
                match, attacker, hadLogin: known.hadLogin(attacker.address, at: moment), age: age(of: alert, at: moment)
            )
        return (decision, match)
    }

    /// Why an address is never named, whatever it did.
    private func never(_ address: IPAddress, _ special: SpecialUse?) -> Decision.Reason? {
        if let special, special.kind == .reserved { return .specialUse(special.name) }
        if networks.never.contains(address) { return .never }
        if let entry = additions.entry(for: address) { return .neverAdded(entry) }
        if networks.scanners.contains(address) { return .scanner }
        return nil
    }

    /// Whether the address is one of our own hosts.
    private func isInside(
        _ address: IPAddress, _ special: SpecialUse?, _ known: AddressBook, at moment: Timestamp
    ) -> Bool {
        special?.kind == .local || networks.own.contains(address) || known.isAgent(address, at: moment)
    }

    /// Whether a source may still be told of that was to be shared when its alerts came; `addresses` are those that
    /// they accuse.
    ///
    /// Who logged in meanwhile is no reason: an attack that succeeds ends with a login.
    package func verdict(
        on source: SourceKey, _ addresses: [IPAddress], known: AddressBook, at moment: Timestamp
    ) -> Verdict {
        let accused = [source.block.first] + addresses
        for address in accused {
            let special = SpecialUse.of(address)
            if let reason = never(address, special) { return .never(reason: "\(reason)") }
            if isInside(address, special, known, at: moment) {
                return .never(reason: "\(Decision.Reason.ownNetwork)")
            }
            if networks.proxies.contains(address) { return .never(reason: "listed in networks.proxies") }
        }
        guard accused.contains(where: { networks.partners.contains($0) }) else { return .share }
        return .hold(reason: "listed in networks.partners")
    }

    /// How old the alert is, where that counts.
    private func age(of alert: Alert, at moment: Timestamp) -> Duration? {
        guard maxAge != nil, let time = alert.timestamp else { return nil }
        return moment - time
    }

    private func decideOutside(_ match: Int?, _ attacker: Attacker, hadLogin: Bool, age: Duration?) -> Decision {
        guard let match else { return Decision(action: .ignore, attacker: attacker, reason: .unmatched) }
        // A rule as a whole takes long to copy.
        let (name, action) = (rules[match].name, rules[match].action)
        if case .share = action {
            if networks.partners.contains(attacker.address) {
                return Decision(action: .hold, attacker: attacker, reason: .partner(rule: name))
            }
            if hadLogin { return Decision(action: .hold, attacker: attacker, reason: .recentLogin(rule: name)) }
            if let age, let maxAge, !SourceKey(attacker.address).isTest {
                if age > maxAge { return Decision(action: .hold, attacker: attacker, reason: .age(rule: name)) }
                if age < .zero - Self.mostAhead {
                    return Decision(action: .hold, attacker: attacker, reason: .future(rule: name))
                }
            }
        }
        return Decision(action: action, attacker: attacker, reason: .rule(name))
    }

    /// A host of ours that attacks is what lateral movement looks like: never shared, always looked into.
    private func decideInside(_ match: Int?, _ attacker: Attacker) -> Decision {
        guard let match, rules[match].action != .context, rules[match].action != .ignore else {
            return Decision(action: .ignore, attacker: attacker, reason: .ownNetwork)
        }
        return Decision(action: .investigate, attacker: attacker, reason: .insideHost(rule: rules[match].name))
    }

    /// Whom the alert accuses: the address it names, or whom that address forwarded where it is a proxy's; nil where
    /// only proxies are known.
    ///
    /// Each proxy appends the address it heard from. So the client is the last one that is no proxy of ours: what stands
    /// to its left is only what it claimed.
    func accused(in alert: Alert) -> Attacker? {
        guard let named = alert.attacker, networks.proxies.contains(named.address) else { return alert.attacker }
        guard named.role == .source else { return nil }
        let (list, field) = alert.forwardedFor
        let last = list.last { $0.map { !networks.proxies.contains($0) } ?? true }
        guard case .some(.some(let client)) = last else { return nil }
        return Attacker(address: client, role: .source, field: field)
    }
}
