import Pipeline

/// The event's title: `Warnbell: 203.0.113.9 — Password Guessing (12 alerts, rules 5712, 5763)`.
struct InfoLine {
    let facts: PublicFacts

    /// Techniques, groups and rules that are named.
    static let named = 3

    func text(bytes: Int) -> String {
        let name = facts.source.isTest ? "Warnbell TEST" : "Warnbell"
        let rules = ruleList(facts.rules, naming: Self.named)
        let counts = [alertCount(facts.alerts.count), rules].filter { !$0.isEmpty }.joined(separator: ", ")
        return MISPText.line("\(name): \(facts.source) — \(subject) (\(counts))", bytes: bytes)
    }

    /// What it was, in words: techniques by name, else the groups of the noisiest rule.
    private var subject: String {
        let techniques = facts.techniques.noisiest.compactMap { AttackTechniques.name(of: $0.key) }
        if !techniques.isEmpty { return techniques.prefix(Self.named).joined(separator: ", ") }
        let groups = facts.rules.noisiest.first?.key.groups ?? []
        if groups.isEmpty { return "alerts" }
        return groups.prefix(Self.named).joined(separator: ", ").replacing("_", with: " ")
    }
}
