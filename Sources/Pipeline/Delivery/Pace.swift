package import Timestamps

/// When an event that a sink holds may be changed again: new facts soon, mere repetition ever more seldom.
///
/// So an attacker who goes on for days costs a sink dozens of requests a day, not thousands.
package struct Pace: Sendable {
    /// The least time between two deliveries of an event when there is something new to say.
    package var update = Duration.seconds(60)

    /// The same when there is not. It doubles with each repetition, up to ``longestRepeat``.
    package var repetition = Duration.seconds(15 * 60)
    package var longestRepeat = Duration.seconds(6 * 3600)

    package init() {}

    /// How long a batch waits from `now` on for its event's turn; nothing when it is due.
    ///
    /// - Parameter history: what the sink holds of the event; the first batch of an event never waits.
    package func wait(_ batch: Batch, flows: [FlowFindings], after history: History?, at now: Timestamp) -> Duration {
        // A clock that was set back: nobody knows how long ago it was, and once too early does no harm.
        guard let history, history.stored <= now else { return .zero }
        let interval = interval(after: history, isRepetition: history.isRepetition(batch, flows: flows))
        return max(.zero, history.stored + interval - now)
    }

    private func interval(after history: History, isRepetition: Bool) -> Duration {
        guard isRepetition else { return update }
        return min(longestRepeat, repetition * (1 << min(history.repetitions, 20)))
    }
}
