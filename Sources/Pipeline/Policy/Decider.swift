import IPAddresses
package import Timestamps
package import Wazuh

/// The policy at work: what it decides, and what it learns about addresses from each alert.
package struct Decider {
    private var policy: Policy
    private var known = AddressBook()
    private var memo = RuleMemo()

    package init(policy: Policy) {
        self.policy = policy
    }

    /// What happens to the alert, and the index of the policy rule that says so (-1 where none does).
    ///
    /// Where our agents are is learned first, from this alert too; that somebody logged in is learned afterwards, since
    /// it says something of what else comes from there.
    package mutating func decide(_ alert: Alert, received: Timestamp) -> (Decision, rule: Int32) {
        let rules = policy.rules
        let outcome = memo.outcome(for: alert) { alert in
            RuleMemo.Outcome(
                candidates: rules.indices.filter { rules[$0].matchesRule(of: alert) }, isLogin: alert.isLogin)
        }
        known.learnAgent(of: alert, at: received)
        let (decision, rule) = policy.decide(alert, known: known, at: received, candidates: outcome.candidates)
        if outcome.isLogin, let source = policy.accused(in: alert) { known.learnLogin(from: source, at: received) }
        return (decision, Int32(rule ?? -1))
    }

    /// Whether a source may be told of by now, whatever was decided when its alerts came.
    func verdict(on source: SourceKey, _ addresses: [IPAddress], at moment: Timestamp) -> Verdict {
        policy.verdict(on: source, addresses, known: known, at: moment)
    }

    /// The addresses that are never named beside those of the configuration.
    var additions: NeverList {
        get { policy.additions }
        set { policy.additions = newValue }
    }

    /// Takes up what an earlier process knew of addresses.
    mutating func recall(_ sightings: [AddressSighting]) {
        known.recall(sightings)
    }

    /// What alerts taught about addresses and is to be kept for the next start.
    mutating func takeNews() -> [AddressSighting] {
        known.takeNews()
    }

    /// The name of a policy rule by its index.
    func ruleName(_ rule: Int32) -> String? {
        policy.rules.indices.contains(Int(rule)) ? policy.rules[Int(rule)].name : nil
    }

    /// Whether detection systems may act on what a policy rule lets through.
    func mayDetect(_ rule: Int32) -> Bool {
        guard policy.rules.indices.contains(Int(rule)) else { return false }
        return policy.rules[Int(rule)].action == .share(mayDetect: true)
    }

    /// Whom the policy accuses of an alert that it let through.
    func attacker(of alert: Alert) -> Attacker? {
        policy.accused(in: alert)
    }
}
