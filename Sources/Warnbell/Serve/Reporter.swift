import CoreMetrics
import FoundationEssentials
import HTTPServer
import Journal
import Logging
import Pipeline
import Timestamps
import Wazuh

/// Turns what happens into log lines and metrics: a line a batch at info, and floods of like lines thinned out.
final class Reporter: Sendable {
    private let logger: Logger
    private let instruments: Instruments
    private let log: ThinnedLog

    /// Alerts that wait for a person: each attacker and rule has a line of its own, whatever else happens.
    private let setAside: ThinnedLog

    init(
        logger: Logger, instruments: Instruments, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.logger = logger
        self.instruments = instruments
        log = ThinnedLog(logger, burst: 5, now: now)
        setAside = ThinnedLog(logger, burst: 1, topicLimit: 1000, now: now)
    }

    /// Tells how many lines were left out of the floods that are over, or of all when the service ends.
    func tellLeftOut(ofAll: Bool = false) {
        for log in [log, setAside] { log.tellLeftOut(ofAll: ofAll) }
    }

    func report(_ outcome: Intake.Outcome) {
        if outcome.accepted > 0 { instruments.alerts.increment(.accepted, by: outcome.accepted) }
        if outcome.duplicates > 0 { instruments.alerts.increment(.duplicate, by: outcome.duplicates) }
        if let first = outcome.rejected.first {
            instruments.alerts.increment(.rejected, by: outcome.rejected.count)
            for (reason, entries) in Dictionary(grouping: outcome.rejected, by: \.reason.word) {
                instruments.countRejection(reason, by: entries.count)
            }
            log.log(
                .warning, "entries of a request are no alerts", about: [.reason: first.reason.word],
                [
                    .rejected: "\(outcome.rejected.count)", .error: "\(first.reason)",
                    .peer: "\(outcome.peer.address)",
                ])
        }
        guard let refusal = outcome.refusal else {
            instruments.requests.increment(outcome.accepted + outcome.duplicates > 0 ? .answered : .refused)
            return
        }
        report(refusal, of: outcome)
    }

    private func report(_ refusal: Intake.Refusal, of outcome: Intake.Outcome) {
        let facts: [LogKey: Logger.MetadataValue] = [
            .alerts: "\(outcome.refused)", .peer: "\(outcome.peer.address)",
        ]
        switch refusal {
        case .full:
            instruments.countRejection("queue_full")
            instruments.requests.increment(.busy)
            log.log(.error, "alerts turned away: there is no room for them", about: [:], facts)
        case .tooLarge:
            instruments.countRejection("queue_too_small")
            instruments.requests.increment(.refused)
            log.log(.error, "alerts turned away: the queue is too small for one request", about: [:], facts)
        case .failed(let reason):
            instruments.countRejection("journal_failed")
            instruments.requests.increment(.failed)
            log.log(.error, "alerts turned away: the journal failed", about: [:], facts.adding(.reason, reason))
        }
    }

    func report(_ event: ReceiverEvent) {
        switch event {
        case .rejected(let rejection, let peer): refused(rejection.rawValue, rejection.status, peer)
        case .refused(let status, let peer): refused("status_\(status.rawValue)", status, peer)
        case .denied(let refusal, let name, let peer):
            count(refusal.rawValue, refusal.status)
            var facts: [LogKey: Logger.MetadataValue] = [.peer: "\(peer.address)"]
            facts[.token] = name.map { "\($0)" }
            log.log(.warning, "request denied", about: [.reason: refusal.rawValue], facts)
        case .undecodable(let error, let status, let peer):
            count(error.word, status)
            log.log(
                .warning, "body is no alert", about: [.reason: error.word],
                [.error: "\(error)", .status: "\(status.rawValue)", .peer: "\(peer.address)"])
        }
    }

    private func refused(_ reason: String, _ status: Status, _ peer: Peer) {
        count(reason, status)
        log.log(
            .warning, "request refused", about: [.reason: reason],
            [.status: "\(status.rawValue)", .peer: "\(peer.address)"])
    }

    private func count(_ reason: String, _ status: Status) {
        instruments.countRejection(reason)
        instruments.requests.increment(RequestOutcome(status: status.rawValue))
    }

    func report(_ notice: DurableJournal.Notice) {
        switch notice {
        case .movedAside(let file):
            logger.error(
                "the journal was damaged; it was moved aside and a new one begun", metadata: .facts([.file: "\(file)"]))
        case .damaged(let file):
            logger.critical(
                "the journal is damaged: the next start moves it aside", metadata: .facts([.file: "\(file)"]))
        case .failed(let reason):
            log.log(.error, "the journal could not be written or read", about: [:], [.reason: "\(reason)"])
        case .left(let sink, let sources, let alerts):
            logger.warning(
                "alerts wait for a sink that is not configured any more; they go when retention.ledger is over",
                metadata: .facts([.sink: "\(sink)", .sources: "\(sources)", .alerts: "\(alerts)"]))
        case .unreadable(let reason):
            log.log(.error, "part of the journal can't be read, and stays there", about: [:], [.reason: "\(reason)"])
        }
    }

    /// Sources that waited for a person too long.
    func report(expired sources: [SourceKey]) {
        guard !sources.isEmpty else { return }
        logger.notice("held alerts expired", metadata: .facts([.sources: "\(sources.count)"]))
    }

    func report(_ event: PipelineEvent) {
        switch event {
        case .decided(let counts): count(counts)
        case .setAside(let decision, let ruleID):
            setAside.log(
                .notice, "alert set aside",
                about: [
                    .decision: decision.action.name, .source: decision.attacker.map { "\($0.address)" } ?? "-",
                    .ruleID: ruleID,
                ], [.reason: "\(decision.reason)"])
        case .budgetSpent(let bound, let ruleID): report(bound, ruleID)
        case .batchClosed(let source, let alerts):
            instruments.batches.increment()
            logger.debug("batch closed", metadata: .facts([.source: "\(source)", .alerts: "\(alerts)"]))
        case .observed(let source, let alerts):
            logger.info("would be shared", metadata: .facts([.source: "\(source)", .alerts: "\(alerts)"]))
        case .delivered(let delivery, let receipt, let took): report(receipt, of: delivery, took: took)
        case .withheld(let source, let alerts, let sink, let verdict): report(verdict, on: source, alerts, sink)
        case .refusedBefore(let source, let alerts, let sink):
            log.log(
                .notice, "event was refused for good before: alerts join its dead letter", about: [.sink: sink],
                [.source: "\(source)", .alerts: "\(alerts)"])
        case .notComposed(let source, let alerts, let sink, let reason):
            instruments.countDelivery(to: sink, .refused)
            logger.error(
                "alerts can't be made into an event: they are a dead letter",
                metadata: .facts([
                    .source: "\(source)", .alerts: "\(alerts)", .sink: "\(sink)", .reason: "\(reason)",
                ]))
        case .published(let source, let event, let sink, let receipt): reportPublished(source, event, sink, receipt)
        case .withdrawn(let source, let event, let withdrawal, let sink, let receipt):
            reportWithdrawn(source, event, withdrawal, sink, receipt)
        case .sinkNotReady(let sink, let receipt): reportFailure(receipt, of: sink, "sink is not ready")
        case .breaker(let sink, let state): report(state, of: sink)
        case .lookedUp(let outcome): report(outcome)
        }
    }

    private func report(_ bound: Budget.Bound, _ ruleID: String) {
        switch bound {
        case .perHour:
            logger.warning(
                "the budget is spent: new attackers are held", metadata: .facts([.key: "policy.budget.per_hour"]))
        case .perRule:
            logger.warning(
                "the budget of a rule is spent: its new attackers are held",
                metadata: .facts([.key: "policy.budget.per_rule", .ruleID: "\(ruleID)"]))
        }
    }

    private func report(_ verdict: Verdict, on source: SourceKey, _ alerts: Int, _ sink: String) {
        let facts: [LogKey: Logger.MetadataValue] = [.source: "\(source)", .alerts: "\(alerts)", .sink: "\(sink)"]
        switch verdict {
        case .share: break
        case .hold(let reason):
            instruments.decisions.increment(.hold, by: alerts)
            log.log(.notice, "held instead of shared", about: [.reason: reason], facts)
        case .never(let reason):
            instruments.decisions.increment(.never, by: alerts)
            log.log(.notice, "never shared, and dropped", about: [.reason: reason], facts)
        case .wait(let reason): log.log(.notice, "not shared yet", about: [.reason: reason], facts)
        }
    }

    private func reportPublished(_ source: SourceKey, _ event: UUID, _ sink: String, _ receipt: Receipt) {
        let facts: [LogKey: Logger.MetadataValue] = [
            .source: "\(source)", .event: "\(event.uuidString.lowercased())", .sink: "\(sink)",
        ]
        switch receipt {
        case .stored: logger.info("event published", metadata: .facts(facts))
        case .leftOut(let reason), .refused(let reason):
            log.log(.warning, "event not published", about: [.sink: sink], facts.adding(.reason, reason))
        case .retry, .pause: reportFailure(receipt, of: sink, "event not published, tried again", facts)
        }
    }

    private func reportWithdrawn(
        _ source: SourceKey, _ event: UUID, _ withdrawal: Withdrawal, _ sink: String, _ receipt: Receipt
    ) {
        let facts: [LogKey: Logger.MetadataValue] = [
            .source: "\(source)", .event: "\(event.uuidString.lowercased())", .sink: "\(sink)",
        ]
        switch receipt {
        case .stored(let stored):
            logger.notice(withdrawal.isRevocation ? "event revoked" : "event retired", metadata: .facts(facts))
            for text in stored.refused.map(\.reason) + stored.warnings {
                log.log(.warning, "event withdrawn, but", about: [.sink: sink], facts.adding(.reason, text))
            }
        case .leftOut(let reason), .refused(let reason):
            logger.error("event not withdrawn", metadata: .facts(facts.adding(.reason, reason)))
        case .retry, .pause: reportFailure(receipt, of: sink, "event not withdrawn, tried again", facts)
        }
    }

    private func report(_ state: CircuitBreaker.State, of sink: String) {
        switch state {
        case .closed: logger.notice("sink answers again", metadata: .facts([.sink: "\(sink)"]))
        case .open(_, let reason):
            log.log(.warning, "sink is left alone for a while", about: [.sink: sink], [.reason: "\(reason)"])
        case .probing: break
        }
    }

    private func count(_ counts: DecisionCounts) {
        let decisions: [(AlertDecision, Int)] = [
            (.share, counts.share), (.hold, counts.hold), (.context, counts.context),
            (.investigate, counts.investigate), (.ignore, counts.ignore), (.never, counts.never),
        ]
        if counts.beyondBudget > 0 { instruments.budgetHeld.increment(by: counts.beyondBudget) }
        for (decision, count) in decisions where count > 0 { instruments.decisions.increment(decision, by: count) }
    }

    private func report(_ outcome: FlowLookups.Outcome) {
        instruments.netflowSeconds.recordMilliseconds(outcome.took.milliseconds)
        if let failure = outcome.failure {
            instruments.netflowLookups.increment(.failed, by: outcome.addresses)
            log.log(.warning, "Netflow could not be asked", about: [:], [.reason: "\(failure)"])
        } else {
            instruments.netflowLookups.increment(.incomplete, by: outcome.incomplete)
            instruments.netflowLookups.increment(.complete, by: outcome.addresses - outcome.incomplete)
        }
    }

    private func report(_ receipt: Receipt, of delivery: Delivery, took: Duration) {
        let sink = delivery.sink
        let facts: [LogKey: Logger.MetadataValue] = [
            .source: "\(delivery.source)", .alerts: "\(delivery.batch.evidence.alerts.count)",
            .event: "\(delivery.composition.event.uuidString.lowercased())",
        ]
        if sink == "misp" { instruments.mispSeconds.recordMilliseconds(took.milliseconds) }
        switch receipt {
        case .stored(let stored):
            instruments.countDelivery(to: sink, .stored)
            logger.info("event stored", metadata: .facts(facts.adding(.sink, sink)))
            instruments.countShortfall(at: sink, .refused, by: stored.refused.count)
            instruments.countShortfall(at: sink, .warning, by: stored.warnings.count)
            for refusal in stored.refused {
                log.log(.warning, "item refused", about: [.sink: sink], facts.adding(.reason, refusal.reason))
            }
            for warning in stored.warnings {
                log.log(.warning, "event stored, but", about: [.sink: sink], facts.adding(.reason, warning))
            }
        case .leftOut(let reason):
            instruments.countDelivery(to: sink, .leftOut)
            log.log(.notice, "event left out", about: [.sink: sink], facts.adding(.reason, reason))
        case .retry, .pause, .refused: reportFailure(receipt, of: sink, "event not stored, comes again", facts)
        }
    }

    /// - Parameter message: what a failure means that passes by itself.
    private func reportFailure(
        _ receipt: Receipt, of sink: String, _ message: Logger.Message, _ facts: [LogKey: Logger.MetadataValue] = [:]
    ) {
        switch receipt {
        case .stored, .leftOut: break
        case .retry(let after, let reason):
            instruments.countDelivery(to: sink, .retry)
            var facts = facts.adding(.reason, reason)
            facts[.retryAfter] = after.map { "\($0)" }
            log.log(.warning, message, about: [.sink: sink], facts)
        case .pause(let reason):
            instruments.countDelivery(to: sink, .pause)
            log.log(.error, "sink needs a person", about: [.sink: sink], facts.adding(.reason, reason))
        case .refused(let reason):
            instruments.countDelivery(to: sink, .refused)
            logger.error(
                "event refused for good", metadata: .facts(facts.adding(.sink, sink).adding(.reason, reason)))
        }
    }
}

extension [LogKey: Logger.MetadataValue] {
    fileprivate func adding(_ key: LogKey, _ value: String) -> Self {
        merging([key: "\(value)"]) { $1 }
    }
}
