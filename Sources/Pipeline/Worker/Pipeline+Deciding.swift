import Isolation
import Timestamps
import Wazuh

/// What becomes of each alert.
extension Pipeline {
    func take(_ entries: [JournalEntry]) async {
        var counts = DecisionCounts()
        var finished: [UInt64] = []
        var holding = Holding()
        for entry in entries {
            finished += context.expire(at: entry.received)
            let (decided, rule) = decider.decide(entry.alert, received: entry.received)
            let name = decider.ruleName(rule)
            let decision = withinBudget(unlessRevoked(decided, entry, policyRule: name), entry, policyRule: name)
            counts.count(decision)
            switch (decision.action, decision.attacker) {
            case (.share(let mayDetect), let attacker?):
                let member = Batcher.Member(
                    sequence: entry.sequence, rule: rule, mayDetect: mayDetect, mayOpen: true)
                let source = SourceKey(attacker.address)
                lookUp(attacker.address, of: source)
                while !add(member, of: source, received: entry.received) { await waitForRoom() }
            case (.context, let attacker?):
                let source = SourceKey(attacker.address)
                if batcher.isOpen(source) || events.holds(source) {
                    let member = Batcher.Member(sequence: entry.sequence, rule: rule, mayDetect: false, mayOpen: false)
                    while !add(member, of: source, received: entry.received) { await waitForRoom() }
                } else {
                    finished += context.add(entry.sequence, rule: rule, of: source, received: entry.received)
                }
            case (.hold, let attacker?):
                // The budget tells of itself once an hour, not with each alert.
                if !decision.reason.isBudget { report(.setAside(decision, ruleID: entry.alert.ruleID)) }
                holding.add(
                    entry, attacker, reason: decision.reason, mayDetect: decider.mayDetect(rule),
                    policyRule: decider.ruleName(rule), limits: settings.evidence)
            case (.investigate, _):
                report(.setAside(decision, ruleID: entry.alert.ruleID))
                finished.append(entry.sequence)
            default:
                finished.append(entry.sequence)
            }
        }
        startExpiry()
        await keepNews()
        if !holding.members.isEmpty { await journal.hold(holding.held, members: holding.members) }
        await journal.finish(finished)
        report(.decided(counts))
    }

    /// Keeps what the alerts taught, before any of them is over.
    func keepNews() async {
        let news = decider.takeNews() + newAttackers
        newAttackers = []
        if !news.isEmpty { await journal.learn(news) }
    }

    /// The decision, or that the alert is held because its attacker is new and too many are.
    ///
    /// Known is who is likely to have an event, or an open batch. Tests name nobody.
    private func withinBudget(_ decision: Decision, _ entry: JournalEntry, policyRule: String?) -> Decision {
        guard case .share = decision.action, let attacker = decision.attacker else { return decision }
        let source = SourceKey(attacker.address)
        guard !source.isTest, !events.holds(source), !batcher.isOpen(source) else { return decision }
        let rule = entry.alert.ruleID
        let (bound, isToBeTold) = budget.withLock { budget in
            let bound = budget.spend(for: rule, at: entry.received)
            return (bound, bound.map { budget.isToBeTold($0, at: entry.received) } ?? false)
        }
        guard let bound else {
            // Who is only observed is as new as ever once things are sent.
            if settings.isObserving { return decision }
            newAttackers.append(AddressSighting(.attacker, source, seen: entry.received, rule: rule))
            return decision
        }
        if isToBeTold { report(.budgetSpent(bound, ruleID: rule)) }
        return Decision(action: .hold, attacker: attacker, reason: .budget(rule: policyRule ?? "", bound))
    }
}
