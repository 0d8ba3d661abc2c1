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
        let received: Timestamp
    }

    private var sources: [SourceKey: [Kept]] = [:]
    private var count = 0
    private let limit: Int

    package init(limit: Int = 10_000) {
        self.limit = limit
    }

    /// Keeps an alert; answers with the sequence numbers that had to go for it.
    package mutating func add(
        _ sequence: UInt64, rule: Int32, of source: SourceKey, received: Timestamp
    ) -> [UInt64] {
        sources[source, default: []].append(Kept(sequence: sequence, rule: rule, received: received))
        count += 1
        return count > limit ? dropOldest() : []
    }

    /// The alerts of `source`, oldest first; they are its batch's now.
    package mutating func take(_ source: SourceKey) -> [Batcher.Member] {
        guard let kept = sources.removeValue(forKey: source) else { return [] }
        count -= kept.count
        return kept.map { Batcher.Member(sequence: $0.sequence, rule: $0.rule, mayDetect: false) }
    }

    /// The alerts whose hour is over at `now`.
    package mutating func expire(at now: Timestamp) -> [UInt64] {
        guard count > 0 else { return [] }
        return remove { now - $0.received > Self.horizon }
    }

    /// Everything, for the end of the service.
    package mutating func removeAll() -> [UInt64] {
        remove { _ in true }
    }

    /// Drops the older half: a full keep is put in order once in a while, not with every alert.
    private mutating func dropOldest() -> [UInt64] {
        let ages = sources.values.joined().map(\.sequence).sorted()
        let boundary = ages[ages.count / 2]
        return remove { $0.sequence < boundary }
    }

    private mutating func remove(where isOver: (Kept) -> Bool) -> [UInt64] {
        var removed: [UInt64] = []
        for (source, kept) in sources where kept.contains(where: isOver) {
            removed += kept.filter(isOver).map(\.sequence)
            let left = kept.filter { !isOver($0) }
            sources[source] = left.isEmpty ? nil : left
        }
        count -= removed.count
        return removed
    }
}
