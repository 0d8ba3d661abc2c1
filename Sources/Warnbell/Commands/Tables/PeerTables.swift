import Netflow
import Pipeline
import Timestamps

/// The answers of a look-up for a person: for each address a line that says the most, what is missing, and its peers,
/// those that matter most first.
struct PeerTables {
    let findings: [FlowFindings]

    /// - Parameters:
    ///   - peerLimit: how many peers are shown of an address; the others are counted.
    ///   - width: that of the terminal, if it is one.
    func text(peerLimit: Int = 50, width: Int? = nil) -> String {
        findings.map { Self.text($0, peerLimit, width) }.joined(separator: "\n\n")
    }

    private static func text(_ findings: FlowFindings, _ peerLimit: Int, _ width: Int?) -> String {
        var lines = ["\(findings.address): \(FlowSummary(findings))"]
        lines += findings.incomplete.map { "  incomplete: \($0)" }
        guard !findings.peers.isEmpty else { return lines.joined(separator: "\n") }
        let shown = findings.peers.sorted { weight($1) < weight($0) }.prefix(peerLimit)
        lines += table(of: shown).lines(within: width.map { $0 - 2 }).map { "  \($0)" }
        let hidden = findings.peers.count - shown.count
        if hidden > 0 { lines.append("  and \(hidden) more; --json shows all") }
        return lines.joined(separator: "\n")
    }

    /// Callers first, then who answered, then by bytes.
    private static func weight(_ peer: FlowFindings.Peer) -> (Int, Int, Int) {
        (peer.isCallback ? 1 : 0, peer.answered > 0 ? 1 : 0, (peer.sent.bytes / 2) + (peer.received.bytes / 2))
    }

    private static func table(of peers: some Sequence<FlowFindings.Peer>) -> TextTable {
        var table = TextTable(
            "PEER", "PROTO", "PORT", "OPENED BY", "CONVERSATIONS", "ANSWERED", "BYTES TO PEER", "BYTES FROM PEER",
            "FIRST", "LAST")
        for peer in peers {
            table.add(
                "\(peer.peer)", TransportNumber.name(of: peer.transport), peer.isICMP ? "-" : "\(peer.port)",
                peer.initiator == .attacker ? "attacker" : "the peer", "\(peer.conversations)", "\(peer.answered)",
                "\(peer.sent.bytes)", "\(peer.received.bytes)", peer.first.iso8601, peer.last.iso8601)
        }
        return table
    }
}
