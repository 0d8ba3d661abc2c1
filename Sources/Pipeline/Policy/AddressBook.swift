package import IPAddresses
package import Timestamps
package import Wazuh

/// What alerts taught about addresses: where our agents are, and from where people logged in.
///
/// An IPv6 address stands for its /64, as everywhere: a host there has many. Both memories reach back 30 days and are
/// bounded; when one is full, the oldest half goes.
package struct AddressBook: Sendable {
    private var agents: Memory
    private var logins: Memory

    /// - Parameter limit: sources kept of each kind.
    package init(limit: Int = 100_000) {
        agents = Memory(limit: limit)
        logins = Memory(limit: limit)
    }

    /// Takes note of the agent's addresses that could be taken for a stranger's.
    package mutating func learnAgent(of alert: Alert, at moment: Timestamp) {
        // Where an agent has any such address, this is one.
        guard let agent = alert.agentAddress, agent.mayBeForeign else { return }
        for address in alert.agentAddresses where address.mayBeForeign {
            agents.add(SourceKey(address), at: moment)
        }
    }

    /// Takes note of who logged in.
    package mutating func learnLogin(from source: Attacker, at moment: Timestamp) {
        logins.add(SourceKey(source.address), at: moment)
    }

    /// Whether one of our agents was there within 30 days before `moment`.
    package func isAgent(_ address: IPAddress, at moment: Timestamp) -> Bool {
        agents.holds(address, at: moment)
    }

    /// Whether a login from there succeeded within 30 days before `moment`.
    package func hadLogin(_ address: IPAddress, at moment: Timestamp) -> Bool {
        logins.holds(address, at: moment)
    }

    private struct Memory {
        private static let horizon = Duration.seconds(30 * 86_400)
        private var seen: [SourceKey: Timestamp] = [:]
        private let limit: Int

        init(limit: Int) {
            self.limit = limit
        }

        mutating func add(_ source: SourceKey, at moment: Timestamp) {
            seen[source] = max(moment, seen[source] ?? moment)
            guard seen.count > limit else { return }
            let kept = seen.sorted { $0.value > $1.value }.prefix(max(1, limit / 2))
            seen = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
        }

        func holds(_ address: IPAddress, at moment: Timestamp) -> Bool {
            guard !seen.isEmpty, let last = seen[SourceKey(address)] else { return false }
            return moment - last <= Self.horizon
        }
    }
}

extension Alert {
    /// Wazuh's group for a login that succeeded.
    var isLogin: Bool { groups.contains("authentication_success") }
}
