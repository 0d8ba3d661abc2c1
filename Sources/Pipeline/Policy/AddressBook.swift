package import IPAddresses
package import Timestamps
package import Wazuh

/// What earlier alerts taught about addresses: where our agents are, and from where people logged in.
///
/// Both memories reach back 30 days and are bounded; when one is full, the oldest half goes.
package struct AddressBook: Sendable {
    private var agents: Memory
    private var logins: Memory

    /// - Parameter limit: addresses kept of each kind.
    package init(limit: Int = 100_000) {
        agents = Memory(limit: limit)
        logins = Memory(limit: limit)
    }

    /// Takes note of the agent's public address, and of a successful login's source.
    package mutating func learn(from alert: Alert, at moment: Timestamp) {
        learn(from: alert, isLogin: alert.isLogin, at: moment)
    }

    /// The same for a caller that knows whether the alert tells of a login.
    mutating func learn(from alert: Alert, isLogin: Bool, at moment: Timestamp) {
        if let agent = alert.agentAddress, agent.isPublic { agents.add(agent, at: moment) }
        if let attacker = alert.attacker, isLogin { logins.add(attacker.address, at: moment) }
    }

    /// Whether one of our agents had the address within 30 days before `moment`.
    package func isAgent(_ address: IPAddress, at moment: Timestamp) -> Bool {
        agents.holds(address, at: moment)
    }

    /// Whether a login from the address succeeded within 30 days before `moment`.
    package func hadLogin(_ address: IPAddress, at moment: Timestamp) -> Bool {
        logins.holds(address, at: moment)
    }

    private struct Memory {
        private static let horizon = Duration.seconds(30 * 86_400)
        private var seen: [IPAddress: Timestamp] = [:]
        private let limit: Int

        init(limit: Int) {
            self.limit = limit
        }

        mutating func add(_ address: IPAddress, at moment: Timestamp) {
            seen[address] = max(moment, seen[address] ?? moment)
            guard seen.count > limit else { return }
            let kept = seen.sorted { $0.value > $1.value }.prefix(limit / 2)
            seen = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
        }

        func holds(_ address: IPAddress, at moment: Timestamp) -> Bool {
            guard !seen.isEmpty, let last = seen[address] else { return false }
            return moment - last <= Self.horizon
        }
    }
}

extension Alert {
    /// Wazuh's group for a login that succeeded.
    var isLogin: Bool { groups.contains("authentication_success") }
}
