import CoreMetrics
import FoundationEssentials
import HTTPServer
import Isolation
import Logging
import Pipeline
import Timestamps
import Wazuh

/// Turns what happens into log lines and metrics: a line a batch at info, and floods of equal lines thinned out.
final class Reporter: Sendable {
    private let logger: Logger
    private let instruments: Instruments
    private let repeated = Locked(RepeatLimiter<String>(burst: 5))

    init(logger: Logger, instruments: Instruments) {
        self.logger = logger
        self.instruments = instruments
    }

    func report(_ outcome: Intake.Outcome) {
        if outcome.accepted > 0 { instruments.alerts.increment(.accepted, by: outcome.accepted) }
        if outcome.duplicates > 0 { instruments.alerts.increment(.duplicate, by: outcome.duplicates) }
        if outcome.rejected > 0 {
            instruments.alerts.increment(.rejected, by: outcome.rejected)
            thinned(.warning, "entries of a request are no alerts", [.rejected: "\(outcome.rejected)"])
        }
        guard let refusal = outcome.refusal else {
            instruments.requests.increment(outcome.accepted + outcome.duplicates > 0 ? .answered : .refused)
            return
        }
        report(refusal, alerts: outcome.refused)
    }

    private func report(_ refusal: Intake.Refusal, alerts: Int) {
        let facts: [LogKey: Logger.MetadataValue] = [.alerts: "\(alerts)"]
        switch refusal {
        case .full:
            instruments.countRejection("queue_full")
            instruments.requests.increment(.busy)
            thinned(.error, "alerts turned away: there is no room for them", facts)
        case .tooLarge:
            instruments.countRejection("queue_too_small")
            instruments.requests.increment(.refused)
            thinned(.error, "alerts turned away: the queue is too small for one request", facts)
        case .failed(let reason):
            instruments.countRejection("journal_failed")
            instruments.requests.increment(.failed)
            thinned(.error, "alerts turned away: the journal failed", facts.adding(.reason, reason))
        }
    }

    func report(_ event: ReceiverEvent) {
        switch event {
        case .rejected(let rejection, let peer):
            count(rejection.rawValue, rejection.status)
            thinned(.warning, "request refused", [.reason: "\(rejection.rawValue)", .peer: "\(peer.address)"])
        case .refused(let status, let peer):
            count("status_\(status.rawValue)", status)
            thinned(.warning, "request refused", [.status: "\(status.rawValue)", .peer: "\(peer.address)"])
        case .undecodable(let error, let status):
            count(status == .badRequest ? "broken_json" : "no_alert", status)
            thinned(.warning, "body is no alert", [.reason: "\(error)", .status: "\(status.rawValue)"])
        }
    }

    private func count(_ reason: String, _ status: Status) {
        instruments.countRejection(reason)
        instruments.requests.increment(RequestOutcome(status: status.rawValue))
    }

    func report(_ event: PipelineEvent) {
        switch event {
        case .decided(let counts):
            let decisions: [(AlertDecision, Int)] = [
                (.share, counts.share), (.hold, counts.hold), (.context, counts.context),
                (.investigate, counts.investigate), (.ignore, counts.ignore), (.never, counts.never),
            ]
            for (decision, count) in decisions where count > 0 { instruments.decisions.increment(decision, by: count) }
        case .setAside(let decision, let ruleID):
            let source = decision.attacker.map { "\($0.address)" } ?? "-"
            thinned(
                .notice, "alert set aside",
                [
                    .decision: "\(decision.action.name)", .source: "\(source)", .ruleID: "\(ruleID)",
                    .reason: "\(decision.reason)",
                ])
        case .batchClosed(let source, let alerts):
            instruments.batches.increment()
            logger.debug("batch closed", metadata: .facts([.source: "\(source)", .alerts: "\(alerts)"]))
        case .delivered(let delivery, let receipt, let alerts, let took):
            report(receipt, of: delivery, alerts: alerts, took: took)
        case .sinkNotReady(let sink, let reason):
            thinned(.warning, "sink is not ready", [.sink: "\(sink)", .reason: "\(reason)"])
        case .lookedUp(let outcome):
            instruments.netflowLookups.increment(outcome.failure == nil ? .complete : .failed, by: outcome.addresses)
            instruments.netflowSeconds.recordMilliseconds(outcome.took.milliseconds)
            if let failure = outcome.failure {
                thinned(.warning, "Netflow could not be asked", [.reason: "\(failure)"])
            }
        }
    }

    private func report(_ receipt: Receipt, of delivery: Delivery, alerts: Int, took: Duration) {
        var facts: [LogKey: Logger.MetadataValue] = [
            .sink: "\(delivery.sink)", .source: "\(delivery.source)",
            .event: "\(delivery.composition.event.uuidString.lowercased())",
        ]
        if delivery.sink == "misp" { instruments.mispSeconds.recordMilliseconds(took.milliseconds) }
        switch receipt {
        case .stored(let stored):
            instruments.countDelivery(to: delivery.sink, .stored)
            facts[.alerts] = "\(alerts)"
            logger.info("event stored", metadata: .facts(facts))
            for refusal in stored.refused { thinned(.warning, "item refused", facts.adding(.reason, refusal.reason)) }
            for warning in stored.warnings { thinned(.warning, "event stored, but", facts.adding(.reason, warning)) }
        case .retry(let after, let reason):
            instruments.countDelivery(to: delivery.sink, .retry)
            facts[.retryAfter] = after.map { "\($0)" }
            thinned(.warning, "event not stored, comes again", facts.adding(.reason, reason))
        case .pause(let reason):
            instruments.countDelivery(to: delivery.sink, .pause)
            thinned(.error, "sink needs a person", facts.adding(.reason, reason))
        case .refused(let reason):
            instruments.countDelivery(to: delivery.sink, .refused)
            logger.error("event refused for good", metadata: .facts(facts.adding(.reason, reason)))
        }
    }

    /// Logs the first few of equal messages in a minute, and how many were left out with the next one after that.
    private func thinned(_ level: Logger.Level, _ message: Logger.Message, _ facts: [LogKey: Logger.MetadataValue]) {
        guard level >= logger.logLevel else { return }
        switch repeated.withLock({ $0.admit("\(message)", at: .now) }) {
        case .suppress: return
        case .log(let suppressed):
            let facts = suppressed > 0 ? facts.adding(.suppressed, "\(suppressed)") : facts
            logger.log(level: level, message, metadata: .facts(facts))
        }
    }
}

extension [LogKey: Logger.MetadataValue] {
    fileprivate func adding(_ key: LogKey, _ value: String) -> Self {
        merging([key: "\(value)"]) { $1 }
    }
}
