import Dispatch
import GRDB
import Isolation

/// Writes in groups: whatever waits goes into one transaction, and only then is anybody told.
///
/// One commit is under way at a time. What cannot be written now is either given back, or stays and is tried again
/// until it can: nothing in between.
final class CommitQueue: Sendable {
    /// A piece of a transaction.
    struct Work: Sendable {
        /// Writes; runs again from the start when the transaction fails and the work is lasting.
        let write: @Sendable (Database) throws -> Void
        /// Called once, after the commit or with what prevented it.
        let done: @Sendable (Result<Void, any Error>) -> Void
        /// Whether it is tried again while the file can't be written to.
        let isLasting: Bool
    }

    private struct State {
        var waiting: [Work] = []
        var isScheduled = false
        /// Pieces of the last transaction.
        var lastGroup = 0
        /// A transaction failed for a reason that lies in one of its pieces: the next ones have one piece each.
        var goesSingly = 0
        /// What can't be written though the file can: whoever waits for it goes no further, and nothing is lost that a
        /// restart does not find.
        var stuck: [Work] = []
        /// The last transaction failed, for a reason that may pass.
        var isFailing = false
    }

    /// How long all work rests after a failure that may pass.
    private static let rest = DispatchTimeInterval.seconds(1)
    /// How long a transaction waits for company where the last one had some: a commit costs as much as the writing of
    /// several alerts. Who comes alone waits for nobody.
    private static let gathering = DispatchTimeInterval.milliseconds(1)
    /// How many pieces a transaction has at most.
    private static let largest = 4096

    private let database: DatabaseQueue
    private let queue = DispatchQueue(label: "warnbell.journal", qos: .userInitiated)
    private let state = Locked(State())
    private let failed: @Sendable (any Error) -> Void

    /// - Parameter failed: hears of each commit that failed.
    init(_ database: DatabaseQueue, failed: @escaping @Sendable (any Error) -> Void) {
        self.database = database
        self.failed = failed
    }

    /// Whether the last transaction failed for a reason that may pass. It is tried again until one succeeds.
    var isFailing: Bool { state.withLock { $0.isFailing } }

    /// Returns once the queue gets to it, whatever becomes of what waits.
    func answer() async {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume() }
        }
    }

    /// Leaves a piece of work for the next commit.
    func add(_ work: Work) {
        let (isFirst, hasCompany) = state.withLock { state in
            state.waiting.append(work)
            defer { state.isScheduled = true }
            return (!state.isScheduled, state.lastGroup > 1)
        }
        if isFirst { schedule(after: hasCompany ? Self.gathering : nil) }
    }

    /// Leaves a piece of work for the first commit after the delay.
    func add(_ work: Work, after delay: DispatchTimeInterval) {
        queue.asyncAfter(deadline: .now() + delay) { [self] in add(work) }
    }

    private func schedule(after delay: DispatchTimeInterval?) {
        if let delay {
            queue.asyncAfter(deadline: .now() + delay) { [self] in commit() }
        } else {
            queue.async { [self] in commit() }
        }
    }

    private func commit() {
        let group = state.withLock { state in
            let count = min(state.goesSingly > 0 ? 1 : Self.largest, state.waiting.count)
            state.goesSingly = max(0, state.goesSingly - 1)
            state.lastGroup = count
            defer { state.waiting.removeFirst(count) }
            return Array(state.waiting[..<count])
        }
        do {
            try database.write { database in
                for work in group { try work.write(database) }
            }
            for work in group { work.done(.success(())) }
            goOn(after: nil)
        } catch {
            failed(error)
            fail(group, error)
        }
    }

    /// Lasting work comes again: at once but for a rest where the file can't be used, and by itself where the reason
    /// may lie in one of the pieces, which must not keep the others from it.
    private func fail(_ group: [Work], _ error: any Error) {
        let isPassing = (error as? DatabaseError)?.isPassing ?? false
        let lasting = group.filter(\.isLasting)
        state.withLock { state in
            guard isPassing else {
                if group.count > 1 {
                    state.waiting.insert(contentsOf: lasting, at: 0)
                    state.goesSingly = lasting.count
                } else {
                    state.stuck += lasting
                }
                return
            }
            state.waiting.insert(contentsOf: lasting, at: 0)
            if !state.isFailing { state.waiting.insert(trial, at: 0) }
            state.isFailing = true
        }
        for work in group where !work.isLasting { work.done(.failure(error)) }
        goOn(after: isPassing ? Self.rest : nil)
    }

    /// Writes what is there already, by which it shows that the file can be written to again. Reading alone shows nothing.
    private var trial: Work {
        Work(
            write: { database in
                let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                try database.execute(sql: "PRAGMA user_version = \(version)")
            },
            done: { [self] _ in state.withLock { $0.isFailing = false } }, isLasting: true)
    }

    private func goOn(after rest: DispatchTimeInterval?) {
        let (isMore, hasCompany) = state.withLock { state in
            state.isScheduled = !state.waiting.isEmpty
            return (state.isScheduled, state.lastGroup > 1)
        }
        if isMore { schedule(after: rest ?? (hasCompany ? Self.gathering : nil)) }
    }
}

extension CommitQueue {
    /// Writes, tried again while the file can't be written to.
    func write(_ body: @escaping @Sendable (Database) throws -> Void) async {
        await withCheckedContinuation { continuation in
            add(Work(write: body, done: { _ in continuation.resume() }, isLasting: true))
        }
    }

    /// Writes what is made ready first, outside of the transaction; what the last run returned.
    @discardableResult
    func result<Value: Sendable, Outcome: Sendable>(
        encoding make: () throws -> Value, _ body: @escaping @Sendable (Value, Database) throws -> Outcome
    ) async -> Outcome {
        do {
            let value = try make()
            return await result { try body(value, $0) }
        } catch {
            // There is nothing in our values that JSON has no words for.
            preconditionFailure("a value of the journal's own can't be encoded: \(error)")
        }
    }

    /// Reads or writes after all that was left before, tried again while the file can't be used; what the last run
    /// returned.
    func result<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async -> Value {
        let box = Box<Value>()
        await write { database in
            let value = try body(database)
            box.value.withLock { $0 = value }
        }
        guard let value = box.value.withLock({ $0 }) else { preconditionFailure("a commit without its work") }
        return value
    }

    /// A value on its way out of a transaction.
    private final class Box<Value: Sendable>: Sendable {
        let value = Locked<Value?>(nil)
    }
}
