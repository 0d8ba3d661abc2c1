package import Timestamps

/// Where the pipeline has the time from, so that a day of it can pass in a test at once.
package struct TimeSource: Sendable {
    /// What intervals are measured by.
    package let instant: @Sendable () -> ContinuousClock.Instant

    /// The time of day.
    package let timestamp: @Sendable () -> Timestamp

    /// Returns at the given instant, or earlier when its task is cancelled.
    package let sleep: @Sendable (ContinuousClock.Instant) async -> Void

    package init(
        instant: @escaping @Sendable () -> ContinuousClock.Instant, timestamp: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (ContinuousClock.Instant) async -> Void
    ) {
        self.instant = instant
        self.timestamp = timestamp
        self.sleep = sleep
    }

    /// The machine's clocks.
    package static let system = TimeSource(
        instant: { .now }, timestamp: { .now() },
        sleep: { instant in
            try? await Task.sleep(until: instant, clock: .continuous)  // Cut short where the task is cancelled.
        })
}
