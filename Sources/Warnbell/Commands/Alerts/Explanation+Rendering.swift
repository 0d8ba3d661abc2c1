import FoundationEssentials

extension Explanation {
    /// The table for a person, with at most `limit` lines, and the totals; `width` is that of the terminal, if it is one.
    func text(limit: Int, width: Int? = nil) -> String {
        var table = TextTable("DECISION", "SOURCE", "ALERTS", "LEVEL", "RULES", "WHY")
        for (group, count) in lines.prefix(limit) {
            let rules = count.rules.sorted()
            table.add(
                group.action, group.source ?? "-", "\(count.alerts)", "\(count.highestLevel)",
                rules.prefix(3).joined(separator: ",") + (rules.count > 3 ? ",…" : ""), group.reason)
        }
        var text = table.isEmpty ? [] : table.lines(within: width) + [""]
        if groups.count > limit { text += ["\(groups.count - limit) more lines; --limit 0 shows them.", ""] }
        let read = "\(Counted.text(alerts, "alert")), \(Counted.text(duplicates, "duplicate"))"
        text.append("\(read), \(Counted.text(rejected, "entry", "entries")) not understood.")
        for total in totals {
            let alerts = Counted.text(total.alerts, "alert")
            text.append("  \(total.action): \(alerts) from \(Counted.text(total.sources, "source"))")
        }
        return (text + reasons.map { "  not understood: \($0)" }).joined(separator: "\n")
    }

    /// The same for a program, whole.
    func json() throws -> String {
        struct Line: Encodable {
            let decision: String
            let source: String?
            let alerts: Int
            let highest_level: Int
            let rules: [String]
            let reason: String
        }
        struct Report: Encodable {
            let alerts: Int
            let duplicates: Int
            let not_understood: Int
            let decisions: [Line]
        }
        let decisions = lines.map { group, count in
            Line(
                decision: group.action, source: group.source, alerts: count.alerts, highest_level: count.highestLevel,
                rules: count.rules.sorted(), reason: group.reason)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let report = Report(alerts: alerts, duplicates: duplicates, not_understood: rejected, decisions: decisions)
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
}
