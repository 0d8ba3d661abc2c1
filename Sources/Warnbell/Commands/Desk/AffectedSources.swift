import FoundationEssentials
import IPAddresses
import Journal
import Pipeline
import Timestamps

/// What a revocation is about. All that is set must hold; of the blocks one.
struct RevocationSelection {
    var blocks: [IPBlock] = []
    var rule: String?
    var since: Duration?
    var isTests = false

    init(rule: String?, isTests: Bool) {
        self.rule = rule
        self.isTests = isTests
    }

    var isEmpty: Bool { blocks.isEmpty && rule == nil && since == nil && !isTests }

    /// The sources that blocks name one by one.
    var named: [SourceKey] { blocks.compactMap { SourceKey("\($0)") } }

    /// Whether the source is meant, as far as it tells.
    func holds(_ source: SourceKey) -> Bool {
        (blocks.isEmpty || blocks.contains { $0.contains(source.block.first) }) && (!isTests || source.isTest)
    }
}

/// The sources that a revocation takes back.
struct AffectedSources {
    let entries: [LedgerEntry]

    /// What is on its way only, and not known to be anywhere.
    let lacking: [(sink: String, source: SourceKey, alerts: Int)]

    /// Each once.
    let sources: [SourceKey]

    init(_ selection: RevocationSelection, in reader: JournalReader, at now: Timestamp) throws {
        let shared = try reader.ledger { source, shared in
            selection.holds(source) && (selection.since.map { shared >= now - $0 } ?? true)
        }
        entries = shared.filter { entry in
            guard !(entry.history.withdrawal?.isRevoked ?? false) else { return false }
            return selection.rule.map { rule in
                entry.history.evidence.rules.values.keys.contains { $0.id == rule }
            } ?? true
        }
        // Nothing is known of these but their source.
        let mayBeOnTheirWay = selection.rule == nil && selection.since == nil
        lacking = mayBeOnTheirWay ? try reader.lacking { selection.holds($0) } : []
        var seen: Set<SourceKey> = []
        sources = (entries.map(\.source) + lacking.map(\.source)).filter { seen.insert($0).inserted }
    }

    func text(width: Int?) -> String {
        guard !sources.isEmpty else { return "Nothing of that is shared." }
        var table = TextTable("SOURCE", "SINK", "EVENT", "LAST SEEN", "ALERTS", "RULES")
        for entry in entries {
            let rules = Set(entry.history.evidence.rules.values.keys.map(\.id)).sorted()
            table.add(
                "\(entry.source)", entry.sink, entry.history.event.uuidString.lowercased(),
                entry.history.evidence.alerts.last.brief, "\(entry.history.evidence.alerts.count)",
                rules.prefix(3).joined(separator: ",") + (rules.count > 3 ? ",…" : ""))
        }
        for (sink, source, alerts) in lacking { table.add("\(source)", sink, "on its way", "-", "\(alerts)", "-") }
        let count = "\(Counted.text(sources.count, "source")), \(Counted.text(entries.count, "event"))."
        return (table.lines(within: width) + ["", count]).joined(separator: "\n")
    }
}

/// What a revocation takes back, and what came of it, for a program.
struct AffectedJSON: Encodable {
    struct Event: Encodable {
        let source: String
        let sink: String
        let event: String
        let firstShared: String
        let lastSeen: String
        let alerts: Int
        let rules: [String]
    }

    struct Outcome: Encodable {
        let done: Bool
        let text: String
    }

    let sources: [String]
    let events: [Event]
    let outcomes: [Outcome]

    init(_ affected: AffectedSources, outcomes: [Intent.Outcome]) {
        sources = affected.sources.map { "\($0)" }
        events = affected.entries.map { entry in
            Event(
                source: "\(entry.source)", sink: entry.sink, event: entry.history.event.uuidString.lowercased(),
                firstShared: entry.shared.iso8601, lastSeen: entry.history.evidence.alerts.last.iso8601,
                alerts: entry.history.evidence.alerts.count,
                rules: Set(entry.history.evidence.rules.values.keys.map(\.id)).sorted())
        }
        self.outcomes = outcomes.map { Outcome(done: $0.isFine, text: $0.text) }
    }
}
