/// Decides which of many equal messages are worth a line, so that a flood fills no log.
///
/// In each interval a topic has a few lines; the first one after that tells how many were left out. Topics beyond
/// the limit share one allowance.
struct RepeatLimiter<Topic: Hashable & Sendable>: Sendable {
    /// What to do with a message.
    enum Decision: Equatable, Sendable {
        /// Log it, and say that so many like it were left out since the last one.
        case log(suppressed: Int)
        case suppress
    }

    /// How often a topic came since its interval began.
    private struct Count {
        let since: ContinuousClock.Instant
        var lines = 0
        var suppressed = 0
    }

    private let burst: Int
    private let interval: Duration
    private let topicLimit: Int
    private var counts: [Topic: Count] = [:]
    private var others: Count?

    init(burst: Int = 1, interval: Duration = .seconds(60), topicLimit: Int = 256) {
        self.burst = burst
        self.interval = interval
        self.topicLimit = topicLimit
    }

    /// Counts a message of `topic` at a time that never goes back.
    mutating func admit(_ topic: Topic, at now: ContinuousClock.Instant) -> Decision {
        if counts[topic] == nil, counts.count >= topicLimit { forgetQuiet(at: now) }
        let hasRoom = counts[topic] != nil || counts.count < topicLimit
        let (count, decision) = next(hasRoom ? counts[topic] : others, at: now)
        if hasRoom { counts[topic] = count } else { others = count }
        return decision
    }

    /// Topics whose interval is over and that left messages out, with how many; they start anew. A topic that is nil
    /// stands for those beyond the limit.
    ///
    /// For calling now and then, so that the end of a flood is told even when nothing follows it; without a time it
    /// gives all that left something out.
    mutating func overdue(at now: ContinuousClock.Instant? = nil) -> [(topic: Topic?, suppressed: Int)] {
        let isDue = { [self] (count: Count) in count.suppressed > 0 && (now.map { isOver(count, at: $0) } ?? true) }
        let due = counts.filter { isDue($0.value) }
        for topic in due.keys { counts[topic] = nil }
        var told: [(topic: Topic?, suppressed: Int)] = due.map { ($0.key, $0.value.suppressed) }
        if let others, isDue(others) {
            told.append((nil, others.suppressed))
            self.others = nil
        }
        return told
    }

    private func next(_ count: Count?, at now: ContinuousClock.Instant) -> (Count, Decision) {
        guard var count, !isOver(count, at: now) else {
            return (Count(since: now, lines: 1), .log(suppressed: count?.suppressed ?? 0))
        }
        if count.lines < burst {
            count.lines += 1
            return (count, .log(suppressed: 0))
        }
        count.suppressed += 1
        return (count, .suppress)
    }

    private func isOver(_ count: Count, at now: ContinuousClock.Instant) -> Bool { now - count.since >= interval }

    /// Makes room: topics whose interval is over and that left nothing out have nothing to tell.
    private mutating func forgetQuiet(at now: ContinuousClock.Instant) {
        counts = counts.filter { !isOver($0.value, at: now) || $0.value.suppressed > 0 }
    }
}
