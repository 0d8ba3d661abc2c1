import DequeModule
package import Timestamps

/// Alerts that may only join an event of their source, kept for an hour in case one opens.
///
/// Bounded: when it is full, the oldest alert goes.
package struct ContextKeep: Sendable {
    /// How long an alert waits for an event.
    package static let horizon = Duration.seconds(3600)

    private struct Kept {
        let sequence: UInt64
        let rule: Int32
    }

    /// An alert in the order in which they came. Its source may have been taken since.
    private struct Arrival {
        let source: SourceKey
        let sequence: UInt64
        let received: Timestamp

        func isOfTheHour(around now: Timestamp) -> Bool {
            now - received <= ContextKeep.horizon && received - now <= ContextKeep.horizon
        }
    }

    private var sources: [SourceKey: Deque<Kept>] = [:]
    private var arrivals: Deque<Arrival> = []
    private var count = 0
    private let limit: Int

    package init(limit: Int = 10_000) {
        self.limit = limit
    }

    /// When ``expire(at:)`` has something to do at the earliest.
    package var nextExpiry: Timestamp? { count > 0 ? arrivals.first.map { $0.received + Self.horizon } : nil }

    /// Keeps an alert; answers with the sequence numbers that had to go for it.
    package mutating func add(
        _ sequence: UInt64, rule: Int32, of source: SourceKey, received: Timestamp
    ) -> [UInt64] {
        sources[source, default: []].append(Kept(sequence: sequence, rule: rule))
        arrivals.append(Arrival(source: source, sequence: sequence, received: received))
        count += 1
        var gone: [UInt64] = []
        while count > limit, let oldest = arrivals.first { gone += remove(oldest) }
        // Those that were taken leave their arrivals behind.
        if arrivals.count > 2 * limit + 16 {
            let kept = Set(sources.values.joined().map(\.sequence))
            arrivals.removeAll { !kept.contains($0.sequence) }
        }
        return gone
    }

    /// The alerts of `source`, oldest first; they are its batch's now.
    package mutating func take(_ source: SourceKey) -> [Batcher.Member] {
        guard let kept = sources.removeValue(forKey: source) else { return [] }
        count -= kept.count
        return kept.map { Batcher.Member(sequence: $0.sequence, rule: $0.rule, mayDetect: false, mayOpen: false) }
    }

    /// The alerts whose hour is over at `now`; those too that come from further ahead than that, before the clock was set
    /// back.
    package mutating func expire(at now: Timestamp) -> [UInt64] {
        var gone: [UInt64] = []
        while let oldest = arrivals.first, !oldest.isOfTheHour(around: now) { gone += remove(oldest) }
        return gone
    }

    /// Everything, for the end of the service.
    package mutating func removeAll() -> [UInt64] {
        defer { self = ContextKeep(limit: limit) }
        return sources.values.flatMap { $0.map(\.sequence) }
    }

    /// Removes the arrival that is first, and its alert where that is still here.
    private mutating func remove(_ arrival: Arrival) -> [UInt64] {
        arrivals.removeFirst()
        // Alerts of a source come and go in one order, so the oldest one's is the first.
        guard sources[arrival.source]?.first?.sequence == arrival.sequence else { return [] }
        sources[arrival.source]?.removeFirst()
        if sources[arrival.source]?.isEmpty == true { sources[arrival.source] = nil }
        count -= 1
        return [arrival.sequence]
    }
}
