/// A phase of MISP's taxonomy `kill-chain`.
enum KillChainPhase: String, Sendable, Comparable, CaseIterable {
    case reconnaissance = "Reconnaissance"
    case weaponization = "Weaponization"
    case delivery = "Delivery"
    case exploitation = "Exploitation"
    case installation = "Installation"
    case control = "Command and Control"
    case actions = "Actions on Objectives"

    /// The phase that an ATT&CK tactic belongs to; nil for tactics that say nothing of how far an attacker has come.
    /// Of somebody who knocks from outside nothing beyond exploitation is known, though Wazuh's rules for failed logins
    /// name tactics up to impact.
    init?(tactic: String) {
        switch tactic.lowercased() {
        case "reconnaissance", "discovery": self = .reconnaissance
        case "resource development": self = .weaponization
        case "initial access": self = .delivery
        case "execution", "credential access": self = .exploitation
        case "persistence": self = .installation
        case "command and control": self = .control
        case "collection", "exfiltration", "impact": self = .actions
        default: return nil
        }
    }

    var tag: Tag { Tag(name: "kill-chain:\(rawValue)") }

    /// In the order in which an attack goes through them.
    static func < (left: Self, right: Self) -> Bool { left.order < right.order }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
