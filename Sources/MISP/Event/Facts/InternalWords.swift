import IPAddresses
import Pipeline
import Wazuh

/// The names and addresses of our own side, for keeping values apart that hold one of them.
struct InternalWords: Sendable {
    /// Words by their first three bytes: a text is gone through once, however many there are.
    private let words: [[UInt8]: Set<NameWord>]
    private let addresses: Set<IPAddress>
    private let ownNetworks: IPBlockSet

    /// Whether more of our names were seen than were kept: then no text can be said to hold none.
    let areIncomplete: Bool

    init(_ evidence: Evidence.Internal, hosts: [String], peers: [IPAddress], ownNetworks: IPBlockSet) {
        var words = Set(
            (Array(evidence.agents.values.keys) + evidence.machines.values.keys + hosts).flatMap {
                NameWord.words(ofHost: $0)
            })
        words.formUnion(evidence.users.values.keys.flatMap { NameWord.words(ofUser: $0) })
        words.formUnion(evidence.descriptions.values.keys.map { NameWord($0) })
        words.formUnion(evidence.hosts.values.keys.map { NameWord("\($0)") })
        self.words = Dictionary(grouping: words.filter { $0.bytes.count >= NameWord.shortest }) {
            Array($0.bytes.prefix(NameWord.shortest))
        }.mapValues(Set.init)
        addresses = Set(evidence.hosts.values.keys).union(peers)
        self.ownNetworks = ownNetworks
        areIncomplete =
            evidence.agents.overflow > 0 || evidence.machines.overflow > 0 || evidence.users.overflow > 0
            || evidence.hosts.overflow > 0
    }

    /// Whether `text` holds one of the names or addresses, or any address of a private network or of our own, in any
    /// letter case and behind percent signs too.
    func occur(in text: String) -> Bool {
        PercentEncoding.readings(of: Array(text.utf8)).contains { reading in
            let bytes = Array(String(decoding: reading, as: UTF8.self).lowercased().utf8)
            return holdsWord(bytes) || AddressScan.holds(bytes, where: isOurs)
        }
    }

    private func isOurs(_ address: IPAddress) -> Bool {
        addresses.contains(address) || SpecialUse.of(address)?.kind == .local || ownNetworks.contains(address)
    }

    private func holdsWord(_ bytes: [UInt8]) -> Bool {
        guard !words.isEmpty, bytes.count >= NameWord.shortest else { return false }
        return (0...bytes.count - NameWord.shortest).contains { start in
            words[Array(bytes[start..<start + NameWord.shortest])]?.contains { $0.stands(in: bytes, at: start) }
                ?? false
        }
    }
}
