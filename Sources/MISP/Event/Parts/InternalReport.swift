import IPAddresses
import Pipeline
import Timestamps

/// The report for our own organisation: who was meant, what the alerts said in full, and whom Netflow saw.
struct InternalReport {
    let facts: InternalFacts
    let limits: EventLimits

    var markdown: String {
        var report = MarkdownDocument(limit: limits.reportBytes)
        report.heading("Our own side of \(facts.source.description)")
        report.paragraph("For this organisation only. Warnbell rewrites this report as alerts come in.")
        flows(&report)
        table("Rule descriptions", "Description", facts.descriptions, &report) { $0 }
        table("Agents", "Agent", facts.agents, &report) { $0 }
        table("Our addresses", "Address", facts.hosts, &report, text: \.description)
        table("Users", "User", facts.users, &report) { $0 }
        table("Values that name our side", "Value", facts.indicators, &report, text: \.value)
        table("Rules of the policy that shared it", "Rule", facts.policyRules, &report) { $0 }
        return report.text
    }

    private func table<Value>(
        _ title: MarkdownText, _ column: MarkdownText, _ tallies: Tallies<Value>,
        _ report: inout MarkdownDocument, text: (Value) -> String
    ) {
        guard !tallies.isEmpty else { return }
        report.section(title)
        report.table([column, "Alerts", "First", "Last"], tallies, rows: limits.reportRows) { ["\(text($0))"] }
    }

    private func flows(_ report: inout MarkdownDocument) {
        for findings in facts.flows {
            report.section("Netflow of \(findings.address.description)")
            let summary = FlowSummary(findings)
            let touched = MarkdownText.count(summary.touched, "host of ours was", "hosts of ours were")
            let called = MarkdownText.count(
                summary.callers, "opened connections itself", "opened connections themselves")
            report.paragraph("\(touched) touched; \(summary.answered) answered; \(called).")
            for reason in findings.incomplete { report.paragraph("Incomplete: \(reason)") }
            guard !findings.peers.isEmpty else { continue }
            let sorted = findings.peers.sorted { left, right in
                (left.isCallback ? 0 : 1, -left.answered, -left.conversations, left.peer)
                    < (right.isCallback ? 0 : 1, -right.answered, -right.conversations, right.peer)
            }
            report.table(
                ["Peer", "Service", "Opened by", "Conversations", "Answered", "Sent", "Received", "First", "Last"],
                sorted.prefix(limits.reportRows).map { peer in
                    [
                        "\(peer.peer.description)", "\(service(peer))",
                        peer.initiator == .attacker ? "attacker" : "our side", "\(peer.conversations)",
                        "\(peer.answered)", "\(peer.sent.bytes) B", "\(peer.received.bytes) B", "\(peer.first)",
                        "\(peer.last)",
                    ]
                }, leftOut: max(0, findings.sums.peers - limits.reportRows))
        }
    }

    private func service(_ peer: FlowFindings.Peer) -> String {
        let name = protocolName(peer.transport)
        return peer.port == 0 ? name : "\(name) \(peer.port)"
    }
}
