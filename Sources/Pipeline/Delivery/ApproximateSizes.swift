import Wazuh

extension History {
    /// About how many bytes of memory the entry takes: alerts' texts, which attackers write, above all.
    package var approximateBytes: Int {
        let items = items.values.reduce(0) { $0 + 128 + $1.key.utf8.count }
        let peers = flows.reduce(0) { $0 + 256 + $1.peers.count * MemoryLayout<FlowFindings.Peer>.stride }
        return 1024 + evidence.approximateBytes + items + peers
    }
}

extension Outstanding {
    /// About how many bytes of memory it takes.
    package var approximateBytes: Int {
        let waiting = batches.reduce(0) { $0 + 1024 + $1.evidence.approximateBytes }
        guard let delivery else { return waiting }
        return waiting + 1024 + delivery.batch.evidence.approximateBytes + delivery.composition.body.count
            + delivery.composition.items.reduce(0) { $0 + 128 + $1.key.utf8.count }
    }
}

extension Held {
    /// About how many bytes of memory it takes.
    package var approximateBytes: Int {
        1024 + batch.evidence.approximateBytes + reasons.reduce(0) { $0 + 64 + $1.key.utf8.count }
    }
}

extension Evidence {
    fileprivate var approximateBytes: Int {
        let texts = [
            techniques, tactics, userAgents, domains, policyRules, `internal`.agents, `internal`.machines,
            `internal`.users, `internal`.descriptions,
        ]
        return texts.reduce(0) { $0 + $1.approximateBytes { $0.utf8.count } }
            + requests.approximateBytes {
                ($0.host?.utf8.count ?? 0) + $0.target.utf8.count + ($0.userAgent?.utf8.count ?? 0)
            }
            + places.approximateBytes { _ in 256 }
            + rules.approximateBytes { $0.groups.reduce(0) { $0 + 16 + $1.utf8.count } }
            + hashes.approximateBytes { $0.hexadecimal.utf8.count } + attackers.approximateBytes { _ in 0 }
            + `internal`.hosts.approximateBytes { _ in 0 }
            + lists.reduce(0) { $0 + 64 + $1.list.utf8.count + $1.matched.utf8.count }
    }
}

extension Tallies {
    fileprivate func approximateBytes(_ text: (Value) -> Int) -> Int {
        values.keys.reduce(0) { $0 + 2 * MemoryLayout<(Value, Tally)>.stride + text($1) }
    }
}
