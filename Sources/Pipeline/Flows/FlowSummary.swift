package import Timestamps

/// The first thing a person wants to know of flow findings.
package struct FlowSummary: Sendable, Equatable {
    /// When the first flow began; nil without flows.
    package let firstContact: Timestamp?

    /// Hosts that the address opened conversations with.
    package let touched: Int

    /// Those of them that answered at least one.
    package let answered: Int

    /// Hosts that opened a conversation with the address themselves, over anything but ICMP: a host that reports a
    /// closed port, or that sends the answer to a ping which was not logged, has called nobody.
    package let callers: Int

    package init(_ findings: FlowFindings) {
        let hosts = findings.sums.summary
        firstContact = findings.first
        touched = hosts.touched
        answered = hosts.answered
        callers = hosts.callers
    }

    /// The hosts among peers.
    struct Hosts: Sendable, Equatable, Codable {
        let touched: Int
        let answered: Int
        let callers: Int

        init(_ peers: [FlowFindings.Peer]) {
            let opened = peers.filter { $0.initiator == .attacker }
            touched = Set(opened.map(\.peer)).count
            answered = Set(opened.filter { $0.answered > 0 }.map(\.peer)).count
            callers = Set(peers.filter(\.isCallback).map(\.peer)).count
        }
    }
}

extension FlowFindings.Peer {
    /// Whether the protocol is ICMP, of IPv4 or IPv6, which has no ports.
    package var isICMP: Bool { FlowFindings.isICMP(transport) }

    /// Whether the peer called the address. ICMP never counts as a call.
    package var isCallback: Bool {
        initiator == .internal && !isICMP
    }

    /// What a person should see first: who called the address, then who answered it, then what moved the most.
    package var strength: (Int, Int, Int) {
        (isCallback ? 1 : 0, answered, sent.bytes + received.bytes)
    }
}

extension FlowFindings {
    /// Whether a protocol number is that of ICMP (1) or ICMPv6 (58).
    package static func isICMP(_ transport: Int) -> Bool {
        transport == 1 || transport == 58
    }
}

extension FlowSummary: CustomStringConvertible {
    /// `first contact 2026-11-20T08:00:00.050Z; 254 inside hosts touched, 31 answered, 1 opened connections itself`
    package var description: String {
        guard let firstContact else { return "no flows" }
        let callers = callers == 1 ? "1 opened connections itself" : "\(callers) opened connections themselves"
        return "first contact \(firstContact.iso8601); \(touched) inside host\(touched == 1 ? "" : "s") touched, "
            + "\(answered) answered, \(callers)"
    }
}
