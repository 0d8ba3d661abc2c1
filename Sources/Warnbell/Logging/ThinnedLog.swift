import Isolation
import Logging

/// A log in which a flood of like lines is thinned out, and what was left out is told.
final class ThinnedLog: Sendable {
    /// What makes lines alike.
    private struct Topic: Hashable, Sendable {
        let level: Logger.Level
        let message: String
        let facts: [LogKey: String]
    }

    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private let limiter: Locked<RepeatLimiter<Topic>>

    /// - Parameters:
    ///   - burst: like lines in a minute.
    ///   - topicLimit: kinds of lines in a minute; beyond it all others count as alike.
    init(
        _ logger: Logger, burst: Int, topicLimit: Int = 256,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.logger = logger
        self.now = now
        limiter = Locked(RepeatLimiter(burst: burst, topicLimit: topicLimit))
    }

    /// Logs a line, unless there were enough of its kind in the last minute.
    ///
    /// - Parameters:
    ///   - topic: facts that tell kinds of the message apart. Where a peer chooses them, `topicLimit` is the bound.
    ///   - facts: what else the line says.
    func log(
        _ level: Logger.Level, _ message: Logger.Message, about topic: [LogKey: String],
        _ facts: [LogKey: Logger.MetadataValue] = [:]
    ) {
        guard level >= logger.logLevel else { return }
        let kind = Topic(level: level, message: "\(message)", facts: topic)
        guard case .log(let suppressed) = limiter.withLock({ $0.admit(kind, at: now()) }) else { return }
        var facts = facts.merging(topic.mapValues { "\($0)" }) { $1 }
        if suppressed > 0 { facts[.suppressed] = "\(suppressed)" }
        logger.log(level: level, message, metadata: .facts(facts))
    }

    /// Tells how many lines were left out of the floods that are over, or of all.
    func tellLeftOut(ofAll: Bool = false) {
        for (topic, suppressed) in limiter.withLock({ $0.overdue(at: ofAll ? nil : now()) }) {
            var facts: [LogKey: Logger.MetadataValue] = (topic?.facts ?? [:]).mapValues { "\($0)" }
            facts[.line] = topic.map { "\($0.message)" }
            facts[.suppressed] = "\(suppressed)"
            logger.log(level: topic?.level ?? .notice, "lines left out", metadata: .facts(facts))
        }
    }
}
