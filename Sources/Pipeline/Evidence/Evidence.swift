package import IPAddresses
package import Wazuh

/// What the alerts of one source say, counted, so that an event can be composed without them.
///
/// Every list is bounded by ``Limits``. Public and internal facts are kept apart: what stands under ``internal``
/// names our own people and machines and never leaves the organisation.
package struct Evidence: Sendable, Equatable, Codable {
    /// Alerts counted, and their first and last own time.
    package var alerts: Tally

    /// The source's addresses in their roles: one for IPv4, possibly several of an IPv6 /64.
    package var attackers: Tallies<AttackerAddress>

    /// Rules that fired.
    package var rules: Tallies<Rule>

    /// The highest level among them (0 to 16).
    package var highestLevel: Int

    /// ATT&CK technique ids as Wazuh gives them: `T1110.001`.
    package var techniques: Tallies<String>

    /// ATT&CK tactic names: `Credential Access`.
    package var tactics: Tallies<String>

    package var requests: Tallies<Request>
    package var userAgents: Tallies<String>
    package var hashes: Tallies<Alert.FileHash>

    /// Names of the attacker's side (destination role): `evil.example`.
    package var domains: Tallies<String>

    /// Where the alerts say that the attacker's addresses are.
    package var places: Tallies<Alert.Place>

    /// The policy rules that let the alerts through, for people who ask why.
    package var policyRules: Tallies<String>

    /// Whether one of the decisions said that detection systems may act on what was seen. On what, each tally tells.
    package var mayDetect: Bool

    package var `internal`: Internal

    /// The lists that named the source when it was told of, or held.
    package internal(set) var lists: [ListMatch]

    /// Where alerts' texts are cut; ``Limits/textBytes``.
    let textBytes: Int

    /// A rule of Wazuh's as public parts may name it, with its groups.
    package struct Rule: Hashable, Comparable, Sendable, Codable {
        package let id: String
        package let level: Int
        package let groups: [String]

        package init(id: String, level: Int, groups: [String]) {
            self.id = id
            self.level = level
            self.groups = groups
        }

        package static func < (left: Rule, right: Rule) -> Bool { (left.id, left.level) < (right.id, right.level) }
    }

    /// An address of the source, and which end of the connection it was.
    package struct AttackerAddress: Hashable, Comparable, Sendable, Codable {
        package let address: IPAddress
        package let role: Attacker.Role

        package init(address: IPAddress, role: Attacker.Role) {
            self.address = address
            self.role = role
        }

        package static func < (left: Self, right: Self) -> Bool {
            (left.address, left.role.rawValue) < (right.address, right.role.rawValue)
        }
    }

    /// Facts about our own side.
    package struct Internal: Sendable, Equatable, Codable {
        /// Agent names.
        package var agents: Tallies<String>
        /// Other names of our machines; they are kept to know them again.
        package var machines: Tallies<String>
        /// Our addresses that were attacked or that connected out.
        package var hosts: Tallies<IPAddress>
        package var users: Tallies<String>
        /// Rule descriptions with the values that Wazuh put into them.
        package var descriptions: Tallies<String>

        package init(limits: Limits = Limits()) {
            agents = Tallies(limit: limits.names)
            machines = Tallies(limit: limits.names)
            hosts = Tallies(limit: limits.names)
            users = Tallies(limit: limits.names)
            descriptions = Tallies(limit: limits.names)
        }
    }

    /// How many different values of a kind are kept, and how much of each.
    package struct Limits: Sendable, Equatable {
        package var attackers = 64
        package var rules = 64
        package var requests = 200
        package var names = 64
        package var places = 8

        /// Bytes of a text. More than the 4,096 that an event shows: a name of our own side is known also where an
        /// event would cut it in two.
        package var textBytes = 4096 + 1024

        package init() {}
    }

    /// Nothing but one moment: the start of a count.
    package init(alerts: Tally, limits: Limits = Limits()) {
        self.alerts = alerts
        attackers = Tallies(limit: limits.attackers)
        rules = Tallies(limit: limits.rules)
        highestLevel = 0
        techniques = Tallies(limit: limits.names)
        tactics = Tallies(limit: limits.names)
        requests = Tallies(limit: limits.requests)
        userAgents = Tallies(limit: limits.names)
        hashes = Tallies(limit: limits.names)
        domains = Tallies(limit: limits.names)
        places = Tallies(limit: limits.places)
        policyRules = Tallies(limit: limits.names)
        mayDetect = false
        lists = []
        `internal` = Internal(limits: limits)
        textBytes = limits.textBytes
    }

    /// Adds what another count of the same source says.
    package mutating func merge(_ other: Evidence) {
        alerts.add(other.alerts)
        attackers.merge(other.attackers)
        rules.merge(other.rules)
        highestLevel = max(highestLevel, other.highestLevel)
        techniques.merge(other.techniques)
        tactics.merge(other.tactics)
        requests.merge(other.requests)
        userAgents.merge(other.userAgents)
        hashes.merge(other.hashes)
        domains.merge(other.domains)
        places.merge(other.places)
        policyRules.merge(other.policyRules)
        mayDetect = mayDetect || other.mayDetect
        add(other.lists)
        `internal`.agents.merge(other.`internal`.agents)
        `internal`.machines.merge(other.`internal`.machines)
        `internal`.hosts.merge(other.`internal`.hosts)
        `internal`.users.merge(other.`internal`.users)
        `internal`.descriptions.merge(other.`internal`.descriptions)
    }
}
