import Pipeline
import Timestamps
import Wazuh

/// What is held of a source for a person who decides on it: why, then what was seen, the most frequent first.
struct HeldReport {
    let held: Held

    /// Columns where no terminal says otherwise.
    private static let columns = 100

    /// Values of a kind that are shown; the others are counted.
    private static let limit = 10

    /// - Parameter width: that of the terminal, if it is one.
    func text(width: Int? = nil) -> String {
        let width = width ?? Self.columns
        let evidence = held.batch.evidence
        var lines = [
            ("source", "\(held.source)"), ("alerts", "\(evidence.alerts.count), up to level \(evidence.highestLevel)"),
            ("received", "\(held.batch.opened.brief) to \(held.batch.closed.brief)"),
        ].map { name, value in name + String(repeating: " ", count: 10 - name.count) + value }
        lines += held.reasons.sorted { $0.key < $1.key }.map { reason, alerts in
            TextTable.fitted("because   \(LineText.escaped(reason)) (\(Counted.text(alerts, "alert")))", to: width)
        }
        let table = self.table
        if !table.isEmpty { lines += [""] + table.lines(within: width) }
        return lines.joined(separator: "\n")
    }

    private var table: TextTable {
        let evidence = held.batch.evidence
        var table = TextTable("WHAT", "TIMES", "FIRST", "LAST", "VALUE")
        add("attacker", evidence.attackers, to: &table) { "\($0.address) (\($0.role.rawValue))" }
        add("rule", evidence.rules, to: &table) { "\($0.id), level \($0.level)" }
        add("rule text", evidence.`internal`.descriptions, to: &table) { $0 }
        add("technique", evidence.techniques, to: &table) { $0 }
        add("request", evidence.requests, to: &table) { ($0.host ?? "") + $0.target }
        add("user agent", evidence.userAgents, to: &table) { $0 }
        add("domain", evidence.domains, to: &table) { $0 }
        add("hash", evidence.hashes, to: &table) { $0.hexadecimal }
        add("agent", evidence.`internal`.agents, to: &table) { $0 }
        add("our host", evidence.`internal`.hosts, to: &table) { "\($0)" }
        add("user", evidence.`internal`.users, to: &table) { $0 }
        return table
    }

    private func add<Value: Hashable & Comparable & Sendable>(
        _ what: String, _ tallies: Tallies<Value>, to table: inout TextTable, text: (Value) -> String
    ) {
        for (value, tally) in tallies.noisiest.prefix(Self.limit) {
            table.add(what, "\(tally.count)", tally.first.brief, tally.last.brief, text(value))
        }
        let hidden = max(0, tallies.values.count - Self.limit)
        if hidden > 0 { table.add(what, "-", "-", "-", "and \(hidden) more; --json shows all") }
    }
}
