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

    /// How far back an agent or a login counts.
    package static let horizon = Duration.seconds(30 * 86_400)

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

    /// Takes up what an earlier process knew.
    package mutating func recall(_ sightings: [AddressSighting]) {
        for sighting in sightings {
            switch sighting.kind {
            case .agent: agents.recall(sighting)
            case .login: logins.recall(sighting)
            case .attacker: break
            }
        }
    }

    /// What is worth keeping for the next start, and was not given out before: who is new, or was seen a day later than
    /// when it was given out last.
    package mutating func takeNews() -> [AddressSighting] {
        agents.takeNews(.agent) + logins.takeNews(.login)
    }

    private struct Memory {
        private static let day = Duration.seconds(86_400)

        private struct Entry {
            var seen: Timestamp
            /// As of when it was given out to be kept.
            var kept: Timestamp?
        }

        private var entries: [SourceKey: Entry] = [:]
        private var news: Set<SourceKey> = []
        private let limit: Int

        init(limit: Int) {
            self.limit = limit
        }

        mutating func add(_ source: SourceKey, at moment: Timestamp) {
            var entry = entries[source] ?? Entry(seen: moment)
            entry.seen = max(moment, entry.seen)
            if entry.kept.map({ entry.seen - $0 >= Self.day }) ?? true { news.insert(source) }
            entries[source] = entry
            removeOldest()
        }

        mutating func recall(_ sighting: AddressSighting) {
            entries[sighting.source] = Entry(seen: sighting.seen, kept: sighting.seen)
            removeOldest()
        }

        mutating func takeNews(_ kind: AddressSighting.Kind) -> [AddressSighting] {
            guard !news.isEmpty else { return [] }
            defer { news = [] }
            return news.compactMap { source in
                guard let seen = entries[source]?.seen else { return nil }
                entries[source]?.kept = seen
                return AddressSighting(kind, source, seen: seen)
            }
        }

        func holds(_ address: IPAddress, at moment: Timestamp) -> Bool {
            guard !entries.isEmpty, let entry = entries[SourceKey(address)] else { return false }
            return moment - entry.seen <= AddressBook.horizon
        }

        private mutating func removeOldest() {
            guard entries.count > limit else { return }
            let kept = entries.sorted { $0.value.seen > $1.value.seen }.prefix(max(1, limit / 2))
            entries = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
            news = news.filter { entries[$0] != nil }
        }
    }
}

extension Alert {
    /// Wazuh's group for a login that succeeded.
    var isLogin: Bool { groups.contains("authentication_success") }
}
