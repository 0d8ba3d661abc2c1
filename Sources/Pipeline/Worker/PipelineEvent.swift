package import FoundationEssentials

/// What the pipeline did, for logs and metrics. The receiver of these must not block.
package enum PipelineEvent: Sendable {
    /// Alerts were decided on, counted by outcome.
    case decided(DecisionCounts)

    /// An alert is kept back for people: held or to be investigated.
    case setAside(Decision, ruleID: String)

    /// A limit of the budget is reached: more attackers that are new are held. Told once an hour; with the rule that the
    /// first of them is held for.
    case budgetSpent(Budget.Bound, ruleID: String)

    /// A batch closed with this many alerts.
    case batchClosed(SourceKey, alerts: Int)

    /// A batch closed that would have been shared if things were sent.
    case observed(SourceKey, alerts: Int)

    /// A sink answered after this time.
    case delivered(Delivery, Receipt, took: Duration)

    /// Alerts are not told to a sink, for now or for good.
    case withheld(SourceKey, alerts: Int, sink: String, Verdict)

    /// Alerts joined the dead letter of their event.
    case refusedBefore(SourceKey, alerts: Int, sink: String)

    /// Alerts can't be made into an event, and are a dead letter.
    case notComposed(SourceKey, alerts: Int, sink: String, reason: String)

    /// A sink was asked to publish an event.
    case published(SourceKey, event: UUID, sink: String, Receipt)

    /// A sink was asked to take back what it holds of a source.
    case withdrawn(SourceKey, event: UUID, Withdrawal, sink: String, Receipt)

    /// A sink can't be used; it is tried again.
    case sinkNotReady(sink: String, Receipt)

    /// A sink is left alone, tried again or used again.
    case breaker(sink: String, CircuitBreaker.State)

    /// Netflow was asked.
    case lookedUp(FlowLookups.Outcome)
}

/// How many alerts were decided which way.
package struct DecisionCounts: Sendable, Equatable {
    package var share = 0
    package var hold = 0
    /// Of those held: because of the budget.
    package var beyondBudget = 0
    package var context = 0
    package var investigate = 0
    /// By the policy, or because the alert accuses nobody.
    package var ignore = 0
    /// The address is one that is never named.
    package var never = 0

    package init() {}

    package mutating func count(_ decision: Decision) {
        switch decision.action {
        case .share: share += 1
        case .hold:
            hold += 1
            if case .budget = decision.reason { beyondBudget += 1 }
        case .context: context += 1
        case .investigate: investigate += 1
        case .ignore: if decision.isNever { never += 1 } else { ignore += 1 }
        }
    }
}
