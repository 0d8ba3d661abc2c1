package import Wazuh

/// What happens to an alert, and why, so that it can be explained and decided again.
package struct Decision: Sendable, Equatable {
    package let action: PolicyAction

    /// The address that the decision is about; nil where the alert accuses nobody.
    package let attacker: Attacker?
    package let reason: Reason

    package enum Reason: Sendable, Equatable {
        /// The policy rule of this name matched.
        case rule(String)
        /// No policy rule matched.
        case unmatched
        case noAttacker
        /// The alert came from threat intelligence in the first place, or from us.
        case enrichment
        /// The address can't be a host of the Internet: the range's name.
        case specialUse(String)
        /// The rule of this name matched, but one of our own hosts did it.
        case insideHost(rule: String)
        /// One of our own hosts, and no rule that asks for more.
        case ownNetwork
        case never
        /// Somebody said so beside the configuration.
        case neverAdded(NeverList.Entry)
        case scanner
        /// A proxy of ours stands in the alert, and not whom it forwarded.
        case proxy
        /// The rule of this name would share, but the address is a partner's.
        case partner(rule: String)
        /// The rule of this name would share, but someone logged in from there within 30 days.
        case recentLogin(rule: String)
        /// The rule of this name would share, but the alert is older than ``Policy/maxAge``.
        case age(rule: String)
        /// The rule of this name would share, but the alert comes from the future.
        case future(rule: String)
        /// The rule of this name would share, but too many new attackers were named within the hour.
        case budget(rule: String, Budget.Bound)
        /// The rule of this name would share, but a person took back what was shared of the address.
        case revoked(rule: String, Revocation)
    }

    package init(action: PolicyAction, attacker: Attacker?, reason: Reason) {
        self.action = action
        self.attacker = attacker
        self.reason = reason
    }

    /// Whether the address is one that is never named: counted apart from what the policy ignores.
    package var isNever: Bool {
        switch reason {
        case .enrichment, .specialUse, .ownNetwork, .never, .neverAdded, .scanner, .proxy: true
        default: false
        }
    }
}

extension Decision.Reason {
    /// Whether too many attackers were new.
    var isBudget: Bool { if case .budget = self { true } else { false } }
}

extension Decision.Reason: CustomStringConvertible {
    /// The reason as a person reads it in a table or a log line.
    package var description: String {
        switch self {
        case .rule(let name): "rule \(name)"
        case .unmatched: "no policy rule matches"
        case .noAttacker: "no attacker address in the alert"
        case .enrichment: "comes from threat intelligence or from Warnbell itself"
        case .specialUse(let range): "special-use address (\(range))"
        case .insideHost(let rule): "rule \(rule), by a host of ours"
        case .ownNetwork: "a host of ours"
        case .never: "listed in networks.never"
        case .neverAdded(let entry): "never: \(entry)"
        case .scanner: "listed in networks.scanners"
        case .proxy: "listed in networks.proxies, and the alert has no client that it forwarded"
        case .partner(let rule): "rule \(rule), but listed in networks.partners"
        case .recentLogin(let rule): "rule \(rule), but a login from there within 30 days"
        case .age(let rule): "rule \(rule), but of an age beyond policy.max_age"
        case .future(let rule): "rule \(rule), but its time is in the future"
        case .budget(let rule, .perHour): "rule \(rule), but beyond the budget (policy.budget.per_hour)"
        case .budget(let rule, .perRule): "rule \(rule), but beyond the budget (policy.budget.per_rule)"
        case .revoked(let rule, let revocation): "rule \(rule), but \(revocation)"
        }
    }
}
