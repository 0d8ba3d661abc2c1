import GRDB
import Isolation

/// Sinks that are not configured any more, and what is kept for them.
extension DurableJournal {
    /// Says which sinks there are.
    ///
    /// What others lack is told of, counts as undelivered no longer, and waits for them to be configured again as long as
    /// ledger entries stay.
    package func serve(_ sinks: [String]) async {
        let (left, alerts) = await commits.result { database in
            (
                try OutstandingRows.left(sinksBut: sinks, in: database),
                try sinks.reduce(0) { $0 + (try OutstandingRows.alerts(at: $1, in: database)) }
            )
        }
        locked.withLock { state in
            state.leftSinks = Set(left.map(\.sink))
            state.undelivered = alerts
        }
        for each in left { report(.left(sink: each.sink, sources: each.sources, alerts: each.alerts)) }
    }
}
