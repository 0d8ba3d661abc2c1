import FoundationEssentials
import IPAddresses
import Journal
import MISP
import Pipeline
import Timestamps
import Wazuh

extension SourceStory {
    /// For a person: how it stands, what is known, and what happened, the newest last.
    func text(width: Int? = nil) -> String {
        var lines = ["\(source): \(summary)"]
        lines += facts.map { name, value in
            let gap = String(repeating: " ", count: max(1, 15 - name.count))
            return TextTable.fitted("  \(name)\(gap)\(LineText.escaped(value))", to: width)
        }
        var ledger = TextTable("SINK", "FIRST SEEN", "LAST SEEN", "ALERTS", "EVENT")
        for entry in entries {
            let alerts = entry.history.evidence.alerts
            ledger.add(
                entry.sink, alerts.first.brief, alerts.last.brief, "\(alerts.count)",
                entry.history.event.uuidString.lowercased())
        }
        if !ledger.isEmpty { lines += [""] + ledger.lines(within: width) }
        var story = TextTable("WHEN", "WHO", "WHAT")
        for event in events { story.add(event.when.brief, event.what, event.text) }
        if !story.isEmpty { lines += [""] + story.lines(within: width) }
        return lines.joined(separator: "\n")
    }

    private var facts: [(String, String)] {
        var facts: [(String, String)] = []
        let evidence = entries.map(\.history.evidence) + [held?.batch.evidence].compactMap { $0 }
        let policyRules = Set(evidence.flatMap { $0.policyRules.values.keys }).sorted()
        if !policyRules.isEmpty { facts.append(("policy rules", policyRules.joined(separator: ", "))) }
        let rules = Set(evidence.flatMap { $0.rules.values.keys.map(\.id) }).sorted()
        if !rules.isEmpty { facts.append(("wazuh rules", rules.joined(separator: ", "))) }
        for findings in flows { facts.append(("netflow", "\(findings.address): \(FlowSummary(findings))")) }
        for (sink, _, alerts) in lacking { facts.append(("on its way", "\(Counted.text(alerts, "alert")) to \(sink)")) }
        for entry in entries where entry.unpublished != nil && !(entry.history.withdrawal?.isOutstanding ?? false) {
            facts.append(("to publish", "at \(entry.sink), since \((entry.unpublished ?? entry.changed).brief)"))
        }
        for (sink, item) in refusals { facts.append(("refused", "by \(sink): \(item.key): \(item.reason)")) }
        if let held {
            let reasons = held.reasons.keys.sorted().joined(separator: "; ")
            facts.append(("held", "\(Counted.text(held.batch.evidence.alerts.count, "alert")): \(reasons)"))
        }
        if let never { facts.append(("never", "\(never.block), \(never)")) }
        if let revocation { facts.append(("revoked", "what comes of it is held until \(revocation.until.brief)")) }
        return facts
    }

    /// What Netflow said last, each address once.
    private var flows: [FlowFindings] {
        Dictionary(entries.flatMap(\.history.flows).map { ($0.address, $0) }) { $1 }.values
            .sorted { $0.address < $1.address }
    }

    private var refusals: [(sink: String, item: RefusedItem)] {
        entries.flatMap { entry in RefusedItem.all(in: entry.history).map { (entry.sink, $0) } }
    }

    /// For a program.
    var json: SourceStoryJSON {
        SourceStoryJSON(
            source: "\(source)", summary: summary,
            alerts: alerts.map { judged in
                SourceStoryJSON.Alert(
                    received: judged.entry.received.iso8601, time: judged.entry.alert.timestamp?.iso8601,
                    ruleId: judged.entry.alert.ruleID, level: judged.entry.alert.level,
                    decision: judged.decision.action.name, reason: "\(judged.decision.reason)")
            },
            events: entries.map { entry in
                let alerts = entry.history.evidence.alerts
                return SourceStoryJSON.Event(
                    sink: entry.sink, event: entry.history.event.uuidString.lowercased(),
                    firstSeen: alerts.first.iso8601, lastSeen: alerts.last.iso8601, alerts: alerts.count,
                    firstShared: entry.shared.iso8601, changed: entry.changed.iso8601,
                    published: entry.published?.iso8601,
                    policyRules: entry.history.evidence.policyRules.values.keys.sorted(),
                    rules: Set(entry.history.evidence.rules.values.keys.map(\.id)).sorted(),
                    refused: RefusedItem.all(in: entry.history).map { "\($0.key): \($0.reason)" },
                    withdrawal: entry.history.withdrawal.map(SourceStoryJSON.Withdrawn.init))
            },
            netflow: flows.map { "\($0.address): \(FlowSummary($0))" },
            onTheirWay: Dictionary(lacking.map { ($0.sink, $0.alerts) }, uniquingKeysWith: +),
            held: held.map { HeldJSON($0) }, deadLetters: deadLetters.map(DeadLetterJSON.init),
            never: never.map(NeverJSON.init),
            requests: intents.map { intent, outcome in
                SourceStoryJSON.Request(
                    asked: intent.asked.iso8601, actor: intent.actor, command: intent.request.command,
                    argument: intent.request.argument, reason: intent.reason, done: outcome?.isFine,
                    outcome: outcome?.text)
            })
    }
}

/// All that is known of a source, for a program.
struct SourceStoryJSON: Encodable {
    struct Alert: Encodable {
        let received: String
        let time: String?
        let ruleId: String
        let level: Int
        let decision: String
        let reason: String
    }

    struct Event: Encodable {
        let sink: String
        let event: String
        let firstSeen: String
        let lastSeen: String
        let alerts: Int
        let firstShared: String
        let changed: String
        let published: String?
        let policyRules: [String]
        let rules: [String]
        let refused: [String]
        let withdrawal: Withdrawn?
    }

    struct Withdrawn: Encodable {
        let kind: String
        let asked: String
        let actor: String?
        let reason: String?
        let done: String?
        let failure: String?

        init(_ withdrawal: Withdrawal) {
            switch withdrawal.kind {
            case .revoked(let actor, let reason): (kind, self.actor, self.reason) = ("revoked", actor, reason)
            case .retired: (kind, actor, reason) = ("retired", nil, nil)
            }
            asked = withdrawal.moment.iso8601
            done = withdrawal.done?.iso8601
            failure = withdrawal.failure
        }
    }

    struct Request: Encodable {
        let asked: String
        let actor: String
        let command: String
        let argument: String?
        let reason: String?
        let done: Bool?
        let outcome: String?
    }

    let source: String
    let summary: String
    let alerts: [Alert]
    let events: [Event]
    let netflow: [String]
    let onTheirWay: [String: Int]
    let held: HeldJSON?
    let deadLetters: [DeadLetterJSON]
    let never: NeverJSON?
    let requests: [Request]
}
