import IPAddresses
import Pipeline
import Timestamps
import Wazuh

/// The report for everybody: what happened and when, in the words of rules and techniques, and how it was decided.
struct PublicReport {
    let facts: PublicFacts
    let limits: EventLimits

    func markdown(window: Range<Timestamp>) -> String {
        var report = MarkdownDocument(limit: limits.reportBytes)
        report.heading("What Warnbell saw of \(facts.source.description)")
        if facts.source.isTest {
            report.paragraph("TEST: an address set aside for documentation (RFC 5737, RFC 3849). Nothing happened.")
        }
        let alerts = MarkdownText.count(facts.alerts.count, "alert", "alerts")
        let time: MarkdownText =
            facts.alerts.first == facts.alerts.last
            ? "at \(facts.alerts.first)" : "between \(facts.alerts.first) and \(facts.alerts.last)"
        report.paragraph("Wazuh raised \(alerts) \(time), the highest of level \(facts.highestLevel) of 16.")
        addresses(&report)
        rules(&report)
        techniques(&report)
        requests(&report)
        flows(&report)
        decision(window, &report)
        return report.text
    }

    private func addresses(_ report: inout MarkdownDocument) {
        report.section("Addresses")
        report.table(
            ["Address", "Role", "Alerts", "First", "Last"], facts.attackers, rows: limits.reportRows
        ) { attacker in
            ["\(attacker.address.description)", attacker.role == .source ? "came to us" : "was connected to"]
        }
        guard !facts.locations.isEmpty else { return }
        report.list(facts.locations.prefix(limits.reportRows).map { $0.markdown(of: facts.source) })
    }

    private func requests(_ report: inout MarkdownDocument) {
        guard !facts.requests.isEmpty else { return }
        report.section("Requests")
        report.table(
            ["Method", "Target", "User agent", "Alerts", "First", "Last"],
            facts.requests.prefix(limits.reportRows).map { request in
                [
                    request.method.map { "\($0)" } ?? "", "\(request.target.value)",
                    request.userAgent.map { "\($0)" } ?? "", "\(request.tally.count)", "\(request.tally.first)",
                    "\(request.tally.last)",
                ]
            }, leftOut: max(0, facts.requests.count - limits.reportRows))
    }

    private func rules(_ report: inout MarkdownDocument) {
        guard !facts.rules.isEmpty else { return }
        report.section("Rules")
        report.table(
            ["Rule", "Level", "Groups", "Alerts", "First", "Last"], facts.rules, rows: limits.reportRows
        ) { rule in
            ["\(rule.id)", "\(rule.level)", "\(rule.groups.joined(separator: ", "))"]
        }
    }

    private func techniques(_ report: inout MarkdownDocument) {
        if !facts.techniques.isEmpty {
            report.section("ATT&CK techniques")
            report.table(
                ["Technique", "Name", "Alerts", "First", "Last"], facts.techniques, rows: limits.reportRows
            ) { id in
                ["\(id)", AttackTechniques.name(of: id).map { "\($0)" } ?? "unknown to the table"]
            }
        }
        if !facts.tactics.isEmpty {
            report.section("ATT&CK tactics")
            report.table(["Tactic", "Alerts", "First", "Last"], facts.tactics, rows: limits.reportRows) { ["\($0)"] }
        }
    }

    private func flows(_ report: inout MarkdownDocument) {
        guard !facts.flows.isEmpty else { return }
        report.section("Netflow")
        report.list(
            facts.flows.prefix(limits.reportRows).map { flow in
                guard let first = flow.first, let last = flow.last else {
                    return "\(flow.address.description): no flows\(completeness(flow))"
                }
                return """
                    \(flow.address.description): \(flow.flowRecords) flow records from \(first) to \(last); \
                    \(flow.hosts) hosts in \(flow.conversations) conversations, \(flow.answered) answered; \
                    sent \(flow.sent.bytes) bytes in \(flow.sent.packets) packets, \
                    received \(flow.received.bytes) bytes in \(flow.received.packets) packets\(completeness(flow))
                    """
            })
    }

    private func completeness(_ flow: FlowNumbers) -> MarkdownText {
        flow.isComplete ? "." : ". The logs may hold more: the answer was incomplete."
    }

    private func decision(_ window: Range<Timestamp>, _ report: inout MarkdownDocument) {
        report.section("How this was decided")
        let lists = facts.lists.map { "The address is on the list \($0.list) (\($0.matched))." as MarkdownText }
        report.list(
            [
                "The operator's policy shares alerts like these, or a person released them.",
                "The threat level follows the highest rule: from level 12 on it is high, from 7 on medium.",
                detection,
            ] + lists + [
                "Alerts of the address from \(window.lowerBound) until \(window.upperBound) belong to this event.",
                "Warnbell rewrites this report as alerts come in. Notes are safe in a report of their own.",
            ])
    }

    /// Whether detection systems may act on the address, and why not.
    private var detection: MarkdownText {
        if facts.isDetectable { return "The rules that decided say that detection systems may act on the address." }
        if facts.source.isTest { return "A test is no indicator: detection systems must not act on it." }
        guard facts.lists.isEmpty else {
            return "Others may be behind the address: detection systems must not act on it."
        }
        return "The rules that decided do not let detection systems act on the address."
    }
}
