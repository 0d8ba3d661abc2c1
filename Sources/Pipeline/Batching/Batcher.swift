import HeapModule
package import Timestamps

/// Collects the alerts of each source until it has been quiet for a moment, has waited long enough or is full.
///
/// A pure machine on given instants: it holds sequence numbers, not alerts. There are at most
/// ``Limits/maxSources`` open batches; what finds no room stays where it was.
package struct Batcher: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// When a batch closes.
    package struct Limits: Sendable {
        /// How long a source must be quiet.
        package var quiet = Duration.seconds(1)
        /// How long a batch waits at most, counted from its first alert.
        package var maxWait = Duration.seconds(5)
        /// How many alerts a batch holds at most.
        package var maxAlerts = 500
        /// How many sources have an open batch at most.
        package var maxSources = 100_000

        package init() {}
    }

    /// One alert of a batch, and what the policy said of it.
    package struct Member: Sendable, Equatable {
        /// The alert's place in the journal.
        package let sequence: UInt64
        /// The policy rule that let it through, by its index.
        package let rule: Int32
        package let mayDetect: Bool
        /// Whether it may open an event, and not only join one.
        package let mayOpen: Bool

        package init(sequence: UInt64, rule: Int32, mayDetect: Bool, mayOpen: Bool) {
            self.sequence = sequence
            self.rule = rule
            self.mayDetect = mayDetect
            self.mayOpen = mayOpen
        }
    }

    /// What is left of a batch when it closes.
    package struct Closing: Sendable, Equatable {
        package let source: SourceKey
        /// When its first alert came in.
        package let opened: Timestamp
        package let members: [Member]

        /// Whether one of its alerts may open an event.
        package var mayOpen: Bool { members.contains(where: \.mayOpen) }
    }

    /// What adding an alert led to.
    package enum Outcome: Sendable, Equatable {
        /// The first alert of a new batch.
        case opened
        case joined
        /// The batch is full and closed: the alert's own, where that is the limit.
        case closed(Closing)
        /// No room for another source: come again when a batch has closed.
        case full
    }

    /// An instant as the time since the first alert. The clock's own type has a layout that is known at run time only,
    /// and whatever holds one is slow to copy.
    private typealias Moment = Duration

    private struct Open {
        let opened: Timestamp
        let latest: Moment
        var lastAlert: Moment
        var members: [Member]

        func deadline(quiet: Duration) -> Moment { min(lastAlert + quiet, latest) }
    }

    /// When to look at a source again. Alerts that come meanwhile move its batch's deadline, not this one.
    private struct Visit: Comparable {
        let at: Moment
        let source: SourceKey
        let latest: Moment

        static func < (left: Visit, right: Visit) -> Bool { left.at < right.at }
    }

    private let limits: Limits
    private var firstAlert: Instant?
    private var open: [SourceKey: Open] = [:]
    private var visits = Heap<Visit>()

    package init(limits: Limits) {
        self.limits = limits
    }

    /// Whether an open batch of `source` is there to be joined.
    package func isOpen(_ source: SourceKey) -> Bool { open[source] != nil }

    /// When ``timerFired(at:)`` has something to do at the earliest.
    package var nextDeadline: Instant? {
        guard let firstAlert, let next = visits.min?.at else { return nil }
        return firstAlert + next
    }

    /// Takes an alert in; `received` is when it came to us.
    package mutating func add(
        _ member: Member, of source: SourceKey, received: Timestamp, at now: Instant
    ) -> Outcome {
        if firstAlert == nil { firstAlert = now }
        let now = moment(now)
        guard let place = open.index(forKey: source) else {
            guard open.count < limits.maxSources else { return .full }
            let latest = now + limits.maxWait
            let batch = Open(opened: received, latest: latest, lastAlert: now, members: [member])
            if limits.maxAlerts <= 1 { return .closed(Closing(source: source, opened: received, members: [member])) }
            open[source] = batch
            visits.insert(Visit(at: batch.deadline(quiet: limits.quiet), source: source, latest: latest))
            return .opened
        }
        open.values[place].members.append(member)
        open.values[place].lastAlert = now
        guard open.values[place].members.count >= limits.maxAlerts else { return .joined }
        let batch = open.remove(at: place).value
        return .closed(Closing(source: source, opened: batch.opened, members: batch.members))
    }

    /// Closes what is due at `now`.
    package mutating func timerFired(at now: Instant) -> [Closing] {
        let now = moment(now)
        var closings: [Closing] = []
        while let visit = visits.min, visit.at <= now {
            visits.removeMin()
            // A full batch has closed before its visit, and the source may have opened another since.
            guard let batch = open[visit.source], batch.latest == visit.latest else { continue }
            let deadline = batch.deadline(quiet: limits.quiet)
            if deadline <= now {
                open[visit.source] = nil
                closings.append(Closing(source: visit.source, opened: batch.opened, members: batch.members))
            } else {
                visits.insert(Visit(at: deadline, source: visit.source, latest: visit.latest))
            }
        }
        return closings
    }

    private func moment(_ instant: Instant) -> Moment { firstAlert.map { instant - $0 } ?? .zero }

    /// Closes everything, for the end of the service.
    package mutating func closeAll() -> [Closing] {
        defer {
            open = [:]
            visits = Heap()
        }
        return open.map { Closing(source: $0.key, opened: $0.value.opened, members: $0.value.members) }
            .sorted { ($0.members.first?.sequence ?? 0) < ($1.members.first?.sequence ?? 0) }
    }
}
