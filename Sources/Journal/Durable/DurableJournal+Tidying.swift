import GRDB
import Isolation
import Pipeline
package import Timestamps

extension DurableJournal {
    package func tidy(at moment: Timestamp) async {
        let retention = limits.retention
        await writeFinished()
        let settled = await commits.result { try SettledRows.read(from: $0) }
        await removeAlerts(receivedBefore: moment - retention.alerts, at: moment, settled) { true }
        await removeAlerts(receivedBefore: nil, at: moment, settled) { self.isNearlyFull }
        let left = locked.withLock { $0.leftSinks }
        await commits.write { database in
            for sink in left {
                try OutstandingRows.remove(lackedBy: sink, closedBefore: moment - retention.ledger, from: database)
            }
            try retention.removeRest(at: moment, from: database)
            try SettledRows.tidy(database)
        }
    }

    /// Whether little room is left for new alerts.
    private var isNearlyFull: Bool { state.bytes > limits.bytes / 10 * 9 }

    /// Removes old alerts that are settled, the oldest first, step by step as long as `isWanted`.
    private func removeAlerts(
        receivedBefore cutoff: Timestamp?, at moment: Timestamp, _ settled: SequenceRanges,
        while isWanted: () -> Bool
    ) async {
        var next: UInt64? = 0
        while let first = next, isWanted() {
            next = await commits.result { [self] database in
                defer { measure(database) }
                return try Retention.removeAlerts(
                    from: first, receivedBefore: cutoff, at: moment, settled: settled, in: database)
            }
        }
    }
}
