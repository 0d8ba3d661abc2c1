import FoundationEssentials
import GRDB
package import Pipeline
package import Timestamps

/// What people ask for, and what must be known of the service while it does not run.
extension DurableJournal {
    /// What was asked for and not carried out, in its order.
    package func openIntents() async -> [Intent] {
        await commits.result { try IntentRows.open(in: $0) }
    }

    package func finish(_ intent: Intent, _ outcome: Intent.Outcome, at moment: Timestamp) async {
        await commits.write { try IntentRows.finish(intent.id, outcome, at: moment, in: $0) }
    }

    /// Nil while things are shared.
    package func pause() async -> Pause? {
        await commits.result { try FactRows.value(Pause.self, of: FactRows.pause, from: $0) }
    }

    package func setPause(_ pause: Pause?) async {
        await commits.write { try FactRows.set(pause, of: FactRows.pause, in: $0) }
    }

    /// Keeps for whoever looks into the file that a sink is left alone, or is not any more. Nobody waits for it.
    package func note(_ rest: SinkRest?, of sink: String) {
        commits.add(
            CommitQueue.Work(
                write: { try FactRows.set(rest, of: FactRows.rest(of: sink), in: $0) }, done: { _ in },
                isLasting: false))
    }

    /// No sink is left alone: a server that starts tries all of them.
    package func forgetRests() async {
        await commits.write { try FactRows.removeRests(in: $0) }
    }

    package func deadLetters(after id: Int64, limit: Int) async -> [DeadLetter] {
        await commits.result { try DeadLetterRows.read(after: id, limit: limit, from: $0) }
    }

    package func replay(deadLetter id: Int64) async -> DeadLetter? {
        let replayed = await commits.result { database -> DeadLetter? in
            guard let (letter, content, _) = try DeadLetterRows.read(id, from: database) else { return nil }
            let batch = try JSONColumn.decode(StoredDelivery.self, from: content).batch
            try OutstandingRows.insert(try EncodedBatch(batch), for: letter.sink, into: database)
            try DeadLetterRows.remove(id, from: database)
            return letter
        }
        guard let letter = replayed else { return nil }
        added(letter.alerts, to: letter.sink)
        return letter
    }

    package func drop(deadLetter id: Int64) async -> DeadLetter? {
        await commits.result { database in
            let letter = try DeadLetterRows.read(id, from: database)?.letter
            try DeadLetterRows.remove(id, from: database)
            return letter
        }
    }
}
