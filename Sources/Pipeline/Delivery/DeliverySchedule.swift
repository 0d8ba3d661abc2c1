import DequeModule
import HeapModule

/// Which source's turn it is at one sink: one delivery of a source at a time, a few sources side by side, and a failed
/// one again after a while.
///
/// A pure machine on given instants. It knows that a sink lacks something of a source, and not what: that stands in the
/// journal.
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
        /// When the sink as a whole is left alone.
        package var breaker = CircuitBreaker.Limits()

        package init() {}
    }

    private enum Place: Equatable {
        case ready
        /// Its turn has come. `again`: something was added since.
        case underWay(again: Bool)
        /// Not before then. `looks`: something new makes it ready from then on; nil after a failure, when it does not.
        case waiting(until: Instant, looks: Instant?)
    }

    private struct Entry {
        var place: Place
        var failures = 0
        /// When the source is looked at again, where it is.
        var alarm: Instant?
    }

    private struct Alarm: Comparable {
        let at: Instant
        let source: SourceKey

        static func < (left: Alarm, right: Alarm) -> Bool { left.at < right.at }
    }

    package private(set) var breaker: CircuitBreaker
    private let limits: Limits
    private var entries: [SourceKey: Entry] = [:]
    private var ready: Deque<SourceKey> = []
    /// When to look at sources. One that need not be looked at any more leaves its alarm behind.
    private var alarms = Heap<Alarm>()
    /// Turns that are taken and not over.
    package private(set) var underWay = 0

    package init(limits: Limits) {
        self.limits = limits
        breaker = CircuitBreaker(limits: limits.breaker)
    }

    /// Whether nothing is outstanding anywhere.
    package var isIdle: Bool { entries.isEmpty }

    /// Whether nothing may begin: a person said so.
    package var isPaused = false

    /// Whether nothing is under way or could begin now.
    package var isAtRest: Bool { underWay == 0 && (ready.isEmpty || isPaused || breaker.opensUntil != nil) }

    /// Whether something of the source is outstanding.
    package func holds(_ source: SourceKey) -> Bool { entries[source] != nil }

    /// When ``next(at:)`` has something new to give at the earliest, if time alone brings it.
    package var nextDeadline: Instant? {
        guard !isPaused, underWay < limits.connections else { return nil }
        if let until = breaker.opensUntil { return ready.isEmpty ? alarms.min.map { max($0.at, until) } : until }
        return alarms.min?.at
    }

    /// The sink lacks something of the source.
    package mutating func add(_ source: SourceKey) {
        switch entries[source]?.place {
        case nil:
            entries[source] = Entry(place: .ready)
            ready.append(source)
        case .underWay: entries[source]?.place = .underWay(again: true)
        case .waiting(let until, let looks?): if looks < until { wait(source, until: looks, looks: looks) }
        case .ready, .waiting: break
        }
    }

    /// The next source whose turn comes at `now`; nil when there is none, no connection is free, or the sink is left
    /// alone.
    package mutating func next(at now: Instant) -> SourceKey? {
        guard !isPaused else { return nil }
        while let alarm = alarms.min, alarm.at <= now {
            alarms.removeMin()
            guard var entry = entries[alarm.source], entry.alarm == alarm.at else { continue }
            entry.alarm = nil
            defer { entries[alarm.source] = entry }
            guard case .waiting(let until, let looks) = entry.place else { continue }
            if until > now {
                wait(&entry, alarm.source, until: until, looks: looks)
            } else {
                entry.place = .ready
                ready.append(alarm.source)
            }
        }
        guard underWay < limits.connections, let source = ready.first, breaker.mayBegin(at: now) else { return nil }
        ready.removeFirst()
        entries[source]?.place = .underWay(again: false)
        underWay += 1
        return source
    }

    /// The source's turn is taken back before anything was sent: it comes first when there are turns again.
    package mutating func withdrawn(_ source: SourceKey, at now: Instant) {
        breaker.withdrawn(at: now)
        underWay -= 1
        entries[source]?.place = .ready
        ready.prepend(source)
    }

    /// There is nothing to do for the source before `until`; something new is looked at from `looks` on, and what comes
    /// before then is looked at together.
    package mutating func postponed(_ source: SourceKey, until: Instant, looksFrom looks: Instant, at now: Instant) {
        breaker.withdrawn(at: now)
        underWay -= 1
        let hasNews = entries[source]?.place == .underWay(again: true)
        wait(source, until: hasNews ? min(until, looks) : until, looks: looks)
    }

    /// Nobody waits for a better time any more: what was postponed has its turn.
    package mutating func hurry() {
        for (source, entry) in entries {
            guard case .waiting(_, _?) = entry.place else { continue }
            entries[source]?.place = .ready
            ready.append(source)
        }
    }

    /// Nothing is outstanding of the source, but what came meanwhile.
    package mutating func finished(_ source: SourceKey, at now: Instant) {
        breaker.withdrawn(at: now)
        end(source) { $0.entries[source] = nil }
    }

    /// The sink answered about the source, or could not be asked. `random` lies in 0..<1.
    ///
    /// - Parameter hasMore: whether something of the source may be outstanding all the same.
    package mutating func answered(
        _ receipt: Receipt, for source: SourceKey, hasMore: Bool, at now: Instant, random: Double
    ) {
        switch receipt {
        case .stored, .leftOut, .refused:
            breaker.succeeded()
            end(source) { schedule in
                schedule.entries[source] = nil
                if hasMore { schedule.add(source) }
            }
        case .retry(let after, let reason):
            if let after {
                breaker.rest(reason, until: now.advanced(by: after))
            } else {
                breaker.failed(reason, at: now, random: random)
            }
            let own = retryWait(of: source, random: random)
            underWay -= 1
            wait(source, until: now.advanced(by: after.map { max($0, own) } ?? own), looks: nil)
        case .pause(let reason):
            breaker.paused(reason, at: now)
            underWay -= 1
            wait(source, until: now, looks: nil)
        }
    }

    /// Ends the source's turn; what was added meanwhile makes it ready, else `otherwise` says what becomes of it.
    private mutating func end(_ source: SourceKey, otherwise: (inout Self) -> Void) {
        underWay -= 1
        guard entries[source]?.place == .underWay(again: true) else { return otherwise(&self) }
        entries[source] = Entry(place: .ready)
        ready.append(source)
    }

    private mutating func wait(_ source: SourceKey, until: Instant, looks: Instant?) {
        guard var entry = entries[source] else { return }
        wait(&entry, source, until: until, looks: looks)
        entries[source] = entry
    }

    private mutating func wait(_ entry: inout Entry, _ source: SourceKey, until: Instant, looks: Instant?) {
        entry.place = .waiting(until: until, looks: looks)
        if let alarm = entry.alarm, alarm <= until { return }
        entry.alarm = until
        alarms.insert(Alarm(at: until, source: source))
    }

    private mutating func retryWait(of source: SourceKey, random: Double) -> Duration {
        let failures = entries[source]?.failures ?? 0
        entries[source]?.failures += 1
        return min(limits.firstRetry * (1 << min(failures, 20)), limits.longestRetry) * random
    }
}
