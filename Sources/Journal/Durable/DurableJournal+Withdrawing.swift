import FoundationEssentials
import GRDB
package import IPAddresses
import Isolation
package import Pipeline
package import Timestamps

extension DurableJournal {
    package func revoke(_ revocation: Revocation) async -> Revoked {
        let source = revocation.source
        let revoked = await commits.result { database in
            var revoked = Revoked()
            let (sinks, ends) = try LedgerRows.revoke(revocation, in: database)
            revoked.sinks = sinks.union(try OutstandingRows.sinks(sending: source, in: database))
            revoked.dropped = try OutstandingRows.remove(waitingOf: source, from: database)
            guard !revoked.isEmpty else { return revoked }
            var kept = revocation
            kept.until = max(kept.until, ends ?? kept.until)
            try RevokedRows.insert(kept, into: database)
            return revoked
        }
        locked.withLock { $0.undelivered -= revoked.dropped }
        return revoked
    }

    package func revocations(at moment: Timestamp) async -> [Revocation] {
        await commits.result { try RevokedRows.read(at: moment, from: $0) }
    }

    package func retire(
        unseenSince moment: Timestamp, limit: Int, now: Timestamp
    ) async -> [(sink: String, source: SourceKey)] {
        await commits.result { try LedgerRows.retire(unseenSince: moment, limit: limit, now: now, in: $0) }
    }

    package func withdrawn(
        _ entry: History, of source: SourceKey, at sink: String, _ receipt: Receipt, moment: Timestamp
    ) async {
        await commits.write { try LedgerRows.withdrawn(entry, of: source, in: sink, receipt, at: moment, $0) }
    }

    /// The addresses that are never named because somebody said so.
    package func neverList() async -> NeverList { await commits.result { try NeverRows.read(from: $0) } }

    /// False where the block is on the list already.
    package func addNever(_ entry: NeverList.Entry) async -> Bool {
        await commits.result { try NeverRows.insert(entry, into: $0) }
    }

    /// False where the block was not on the list.
    package func removeNever(_ block: IPBlock) async -> Bool {
        await commits.result { try NeverRows.remove(block, from: $0) }
    }
}
