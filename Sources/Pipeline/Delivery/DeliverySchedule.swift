import DequeModule
import HeapModule

/// Which source's batches go to one sink next: one event at a time each, a few sources side by side, and a failed
/// delivery again after a while.
///
/// A pure machine on given instants. Batches of a source that come while one of its deliveries is under way, or
/// while the sink is away, wait and go out together.
package struct DeliverySchedule: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// How failed deliveries come again.
    package struct Limits: Sendable {
        /// Deliveries under way at a time.
        package var connections = 2
        /// The wait after the first failure; it doubles with each further one. The wait drawn lies between nothing
        /// and the whole of it, so that many receivers do not come back together.
        package var firstRetry = Duration.seconds(1)
        /// The longest such wait.
        package var longestRetry = Duration.seconds(300)
        /// How long the whole sink rests after an answer that only a person can mend.
        package var pause = Duration.seconds(60)

        package init() {}
    }

    /// What the shell is to do next.
    package enum Work: Sendable {
        /// Compose these batches, oldest first, and send the composition.
        case compose([Batch])
        /// Send a composition that failed before.
        case send(Delivery)
    }

    private struct Entry {
        var waiting: [Batch] = []
        /// Composed and not yet answered for good.
        var delivery: Delivery?
        var failures = 0
    }

    private struct Delayed: Comparable {
        let until: Instant
        let source: SourceKey

        static func < (left: Delayed, right: Delayed) -> Bool { left.until < right.until }
    }

    private let limits: Limits
    private var entries: [SourceKey: Entry] = [:]
    private var ready: Deque<SourceKey> = []
    private var delayed = Heap<Delayed>()
    private var underWay = 0
    private var pausedUntil: Instant?

    package init(limits: Limits) {
        self.limits = limits
    }

    /// Whether nothing waits and nothing is under way.
    package var isIdle: Bool { entries.isEmpty }

    /// Whether something of the source waits or is under way.
    package func holds(_ source: SourceKey) -> Bool { entries[source] != nil }

    /// When ``next(at:)`` has something new to give at the earliest, if time alone brings it.
    package var nextDeadline: Instant? {
        if let pausedUntil { return pausedUntil }
        return underWay < limits.connections ? delayed.min?.until : nil
    }

    /// A batch wants to be delivered.
    package mutating func batchClosed(_ batch: Batch) {
        let isNew = entries[batch.source] == nil
        entries[batch.source, default: Entry()].waiting.append(batch)
        if isNew { ready.append(batch.source) }
    }

    /// The next piece of work that may begin at `now`; nil when there is none or no connection is free.
    package mutating func next(at now: Instant) -> Work? {
        if let until = pausedUntil {
            guard until <= now else { return nil }
            pausedUntil = nil
        }
        guard underWay < limits.connections else { return nil }
        while let first = delayed.min, first.until <= now {
            delayed.removeMin()
            ready.append(first.source)
        }
        guard let source = ready.popFirst(), var entry = entries.removeValue(forKey: source) else { return nil }
        underWay += 1
        defer { entries[source] = entry }
        if let delivery = entry.delivery { return .send(delivery) }
        let batches = entry.waiting
        entry.waiting = []
        return .compose(batches)
    }

    /// Of the batches under way these are for another event, or too late for this one: they wait, before any that came
    /// later, until the rest is done.
    package mutating func putBack(_ batches: [Batch]) {
        guard let source = batches.first?.source else { return }
        entries[source]?.waiting.insert(contentsOf: batches, at: 0)
    }

    /// The batches under way became nothing to send.
    package mutating func dropped(for source: SourceKey) {
        guard let entry = entries[source] else { return }
        end(entry, of: source)
    }

    /// The batches under way became a delivery, which is about to be sent.
    package mutating func composed(_ delivery: Delivery) {
        entries[delivery.source]?.delivery = delivery
    }

    /// Composing failed: the batches come again, before any that came later, as a delivery does after this receipt.
    /// `random` lies in 0..<1.
    package mutating func composingFailed(_ batches: [Batch], _ receipt: Receipt, at now: Instant, random: Double) {
        guard let source = batches.first?.source, var entry = entries[source] else { return }
        entry.waiting.insert(contentsOf: batches, at: 0)
        if case .pause = receipt { return pause(&entry, of: source, at: now) }
        var after: Duration?
        if case .retry(let wish, _) = receipt { after = wish }
        retry(&entry, of: source, at: now, after: after, random: random)
    }

    /// The sink answered the delivery of `source`.
    package mutating func answered(_ receipt: Receipt, for source: SourceKey, at now: Instant, random: Double) {
        guard var entry = entries[source] else { return }
        switch receipt {
        case .stored, .leftOut, .refused: end(entry, of: source)
        case .retry(let after, _): retry(&entry, of: source, at: now, after: after, random: random)
        case .pause: pause(&entry, of: source, at: now)
        }
    }

    private mutating func end(_ entry: Entry, of source: SourceKey) {
        underWay -= 1
        entries[source] = entry.waiting.isEmpty ? nil : Entry(waiting: entry.waiting)
        if !entry.waiting.isEmpty { ready.append(source) }
    }

    private mutating func retry(
        _ entry: inout Entry, of source: SourceKey, at now: Instant, after: Duration?, random: Double
    ) {
        let own = wait(after: &entry, random: random)
        release(&entry, of: source, at: now, wait: after.map { max($0, own) } ?? own)
    }

    private mutating func pause(_ entry: inout Entry, of source: SourceKey, at now: Instant) {
        pausedUntil = now.advanced(by: limits.pause)
        release(&entry, of: source, at: now, wait: .zero)
    }

    private mutating func release(_ entry: inout Entry, of source: SourceKey, at now: Instant, wait: Duration) {
        underWay -= 1
        entries[source] = entry
        delayed.insert(Delayed(until: now.advanced(by: wait), source: source))
    }

    private func wait(after entry: inout Entry, random: Double) -> Duration {
        entry.failures += 1
        let whole = limits.firstRetry * (1 << min(entry.failures - 1, 20))
        return min(whole, limits.longestRetry) * random
    }
}
