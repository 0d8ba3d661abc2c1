import FoundationEssentials
import IPAddresses
import Journal
import MISP
import Pipeline
import Timestamps
import Wazuh

/// All that is known of a source.
struct SourceStory {
    let source: SourceKey

    /// Alerts that speak of the address, the oldest first, with what the policy of today says of each.
    let alerts: [Judged]

    /// What sinks hold of it.
    let entries: [LedgerEntry]

    /// What sinks lack of it.
    let lacking: [(sink: String, source: SourceKey, alerts: Int)]
    let held: Held?
    let deadLetters: [DeadLetter]
    let never: NeverList.Entry?
    let revocation: Revocation?
    let intents: [(intent: Intent, outcome: Intent.Outcome?)]

    /// An alert of the journal.
    struct Judged {
        let entry: JournalEntry
        let decision: Decision
    }

    /// - Parameter limit: alerts at most.
    init(of address: IPAddress, in reader: JournalReader, policy: Policy, limit: Int) throws {
        let source = SourceKey(address)
        self.source = source
        entries = try reader.ledger(of: source)
        lacking = try reader.lacking { $0 == source }
        held = try reader.held(source)
        deadLetters = try reader.deadLetters(of: source)
        never = try reader.neverList().entry(for: address)
        revocation = try reader.revocation(of: source)
        intents = try reader.intents(about: source)
        var explanation = Explanation(policy: policy)
        var judged: [Judged] = []
        for entry in try reader.alerts(naming: address, limit: limit) {
            explanation.add(AlertFile.Piece(bytes: entry.alert.bytes)) { _, decision in
                judged.append(Judged(entry: entry, decision: decision))
            }
        }
        alerts = judged
    }

    var isEmpty: Bool {
        alerts.isEmpty && entries.isEmpty && lacking.isEmpty && held == nil && deadLetters.isEmpty && never == nil
            && revocation == nil && intents.isEmpty
    }

    /// How it stands, in a line.
    var summary: String {
        if let revocation { return "\(revocation)" }
        let held = entries.filter { $0.history.withdrawal == nil }
        if !held.isEmpty {
            let sinks = Set(held.map(\.sink)).sorted().joined(separator: " and ")
            return "shared with \(sinks) since \((held.map(\.shared).min() ?? held[0].shared).brief)"
        }
        if !entries.isEmpty { return "taken back" }
        if !lacking.isEmpty { return "on its way" }
        if self.held != nil { return "held for a person" }
        if never != nil { return "never named" }
        return "not shared"
    }
}

extension SourceStory {
    /// What happened, in its order.
    var events: [Event] {
        var events = alerts.map { judged in
            let alert = judged.entry.alert
            let text = "rule \(alert.ruleID) level \(alert.level), today: \(judged.decision.action.name), "
            return Event(when: judged.entry.received, what: "alert", text: text + "\(judged.decision.reason)")
        }
        for entry in entries { events += self.events(of: entry) }
        events += deadLetters.map { letter in
            Event(when: letter.died, what: letter.sink, text: "refused for good (\(letter.id)): \(letter.reason)")
        }
        for (intent, outcome) in intents {
            let reason = intent.reason.map { " (\($0))" } ?? ""
            let argument = intent.request.argument.map { " \($0)" } ?? ""
            events.append(
                Event(
                    when: intent.asked, what: "person",
                    text: "\(intent.actor): \(intent.request.command)\(argument)\(reason)"))
            // What was done is told below.
            if outcome == nil { events.append(Event(when: intent.asked, what: "person", text: "not done yet")) }
            if let outcome, !outcome.isFine {
                events.append(Event(when: intent.asked, what: "person", text: "not done: \(outcome.text)"))
            }
        }
        return events.enumerated().sorted { ($0.element.when, $0.offset) < ($1.element.when, $1.offset) }.map(\.element)
    }

    struct Event {
        let when: Timestamp
        let what: String
        let text: String
    }

    private func events(of entry: LedgerEntry) -> [Event] {
        let history = entry.history
        let event = history.event.uuidString.lowercased()
        var events = [Event(when: entry.shared, what: entry.sink, text: "first shared as event \(event)")]
        if history.stored > entry.shared {
            events.append(Event(when: history.stored, what: entry.sink, text: "told of more alerts"))
        }
        if let published = entry.published {
            events.append(Event(when: published, what: entry.sink, text: "published"))
        }
        guard let withdrawal = history.withdrawal else { return events }
        let why =
            switch withdrawal.kind {
            case .revoked(let actor, let reason): "revoked by \(actor)" + (reason.map { ": \($0)" } ?? "")
            case .retired: "retired: not seen for misp.retire_after"
            }
        guard let done = withdrawal.done else {
            return events + [Event(when: withdrawal.moment, what: entry.sink, text: "to be taken back, \(why)")]
        }
        let text = withdrawal.failure.map { "NOT taken back (\($0)), \(why)" } ?? "taken back, \(why)"
        return events + [Event(when: done, what: entry.sink, text: text)]
    }
}
