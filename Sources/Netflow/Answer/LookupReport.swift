import FoundationEssentials
package import Pipeline
import Timestamps

/// The answer of a look-up as `lookup` prints it: JSON for programs, a table for people.
package struct LookupReport: Sendable {
    package let answers: [LookupAnswer]

    package init(_ findings: [FlowFindings]) {
        answers = findings.map(LookupAnswer.init)
    }

    /// Whether nothing is known to be missing of any address.
    package var isComplete: Bool { answers.allSatisfy(\.isComplete) }

    /// One object for one address, an array for several; keys in alphabetical order.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let data = if answers.count == 1 { try encoder.encode(answers[0]) } else { try encoder.encode(answers) }
            return String(decoding: data, as: UTF8.self)
        } catch {
            preconditionFailure("an answer always encodes: \(error)")
        }
    }

    /// For each address a line that says the most, what is missing, and its peers; those that matter most first.
    ///
    /// - Parameter peerLimit: how many peers are shown of an address; the others are counted.
    package func text(peerLimit: Int = 50) -> String {
        answers.map { Self.text($0.findings, peerLimit) }.joined(separator: "\n\n")
    }

    private static func text(_ findings: FlowFindings, _ peerLimit: Int) -> String {
        var lines = ["\(findings.address): \(FlowSummary(findings))"]
        lines += findings.incomplete.map { "  incomplete: \($0)" }
        guard !findings.peers.isEmpty else { return lines.joined(separator: "\n") }
        let shown = findings.peers.sorted { weight($1) < weight($0) }.prefix(peerLimit)
        lines += TextTable(header: header, rows: shown.map(row)).lines.map { "  \($0)" }
        let hidden = findings.peers.count - shown.count
        if hidden > 0 { lines.append("  and \(hidden) more; --json shows all") }
        return lines.joined(separator: "\n")
    }

    /// Callers first, then who answered, then by bytes.
    private static func weight(_ peer: FlowFindings.Peer) -> (Int, Int, Int) {
        (peer.isCallback ? 1 : 0, peer.answered > 0 ? 1 : 0, (peer.sent.bytes / 2) + (peer.received.bytes / 2))
    }

    private static let header: [TextTable.Cell] = [
        .left("PEER"), .left("PROTO"), .right("PORT"), .left("OPENED BY"), .right("CONVERSATIONS"), .right("ANSWERED"),
        .right("BYTES TO PEER"), .right("BYTES FROM PEER"), .left("FIRST"), .left("LAST"),
    ]

    private static func row(_ peer: FlowFindings.Peer) -> [TextTable.Cell] {
        [
            .left("\(peer.peer)"), .left(TransportNumber.name(of: peer.transport)),
            .right(peer.isICMP ? "-" : "\(peer.port)"),
            .left(peer.initiator == .attacker ? "attacker" : "the peer"), .right("\(peer.conversations)"),
            .right("\(peer.answered)"), .right("\(peer.sent.bytes)"), .right("\(peer.received.bytes)"),
            .left(peer.first.iso8601), .left(peer.last.iso8601),
        ]
    }
}
