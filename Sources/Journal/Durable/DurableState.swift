import GRDB
import Pipeline
import Wazuh

/// What a durable journal knows without looking into its file.
struct DurableState {
    /// Where the next alerts to hand out are.
    enum Next {
        case entries([JournalEntry])
        /// In the file, in this range but for those in `settled`.
        case inFile(first: UInt64, last: UInt64, settled: SequenceRanges)
        /// There are none yet.
        case wait
        /// There will be none any more.
        case ended
    }

    private(set) var recent: RecentEntries
    /// What is over and the file was not told of yet.
    var finished = FinishedAlerts()
    private(set) var unfinished: Int
    /// Alerts of batches that some sink lacks, counted for each sink.
    var undelivered: Int
    /// Sinks that are not there any more and lack something.
    var leftSinks: Set<String> = []
    /// Sources that are held for a person.
    var held: Int
    /// Bytes of the file that hold something.
    var bytes: Int

    private var identities: IdentityMemory
    private var nextSequence: UInt64
    /// The last sequence number that is safe.
    private var committed: UInt64
    /// The first one that was not handed out.
    private var undecided: UInt64
    /// What was over when the journal was opened: not handed out again.
    private var settled: SequenceRanges
    private var waiter: CheckedContinuation<Void, Never>?
    private var isClosed = false
    private var untilMeasured = 0
    /// Bytes of alerts that wait for a commit, and how many there may be: a disk that hangs must not fill the memory.
    private var queued = 0
    private static let mostQueued = 64 << 20

    /// Reads what a journal that is opened must know.
    init(_ limits: DurableJournal.Limits, from database: Database) throws {
        let bounds = try Row.fetchOne(
            database, sql: "SELECT (SELECT min(sequence) FROM alerts), (SELECT max(sequence) FROM alerts)")
        let first = (bounds?[0] as Int64?).map { UInt64(bitPattern: $0) } ?? 1
        let last = (bounds?[1] as Int64?).map { UInt64(bitPattern: $0) } ?? 0
        recent = RecentEntries(limit: limits.memory)
        identities = IdentityMemory(limit: limits.identities)
        for identity in try AlertRows.identities(limit: limits.identities, from: database) {
            _ = identities.insert(identity)
        }
        settled = try SettledRows.read(from: database)
        committed = max(last, settled.ranges.last?.upperBound ?? 0)
        nextSequence = committed + 1
        undecided = first
        unfinished = try AlertRows.unfinished(except: settled, from: database)
        undelivered = try OutstandingRows.alerts(in: database)
        held = try HeldRows.count(in: database)
        bytes = try JournalFile.bytes(of: database)
    }

    /// Why these alerts, which are new, can't be taken; nil when they can.
    func refusal(of alerts: [Alert], _ limits: DurableJournal.Limits) -> AppendOutcome? {
        if alerts.isEmpty { return nil }
        let size = alerts.reduce(0) { $0 + $1.bytes.count }
        if alerts.count > limits.alerts || size > limits.bytes { return .tooLarge }
        return unfinished + alerts.count > limits.alerts || bytes + size > limits.bytes ? .full : nil
    }

    var isOpen: Bool { !isClosed }

    /// Whether the identity is new; it is known from now on.
    mutating func remember(_ identity: AlertIdentity) -> Bool { identities.insert(identity) }

    mutating func forget(_ identity: AlertIdentity) { identities.remove(identity) }

    /// The number of an alert that is about to be written.
    mutating func number(_ alert: Alert) -> UInt64 {
        defer { nextSequence += 1 }
        unfinished += 1
        bytes += alert.bytes.count  // Until it is measured.
        return nextSequence
    }

    /// Whether alerts of so many bytes may wait for a commit; they do so from now on.
    mutating func mayQueue(_ size: Int) -> Bool {
        guard queued == 0 || queued + size <= Self.mostQueued else { return false }
        queued += size
        return true
    }

    mutating func dequeued(_ size: Int) { queued -= size }

    /// Entries with ascending numbers are safe.
    mutating func written(_ entries: [JournalEntry]) -> CheckedContinuation<Void, Never>? {
        guard let last = entries.last else { return nil }
        for entry in entries { recent.insert(entry) }
        committed = last.sequence
        return waiter.take()
    }

    /// Entries were not written after all, nor any that got their numbers after them.
    mutating func dropped(_ entries: [JournalEntry]) {
        unfinished -= entries.count
        if let first = entries.first { nextSequence = min(nextSequence, first.sequence) }
    }

    /// The alerts are over, or a batch's.
    mutating func settle(_ sequences: [UInt64]) {
        unfinished -= sequences.count
        for sequence in sequences { recent.remove(sequence) }
    }

    /// The alerts are over, and the file is to be told; whether nobody is about to.
    mutating func finish(_ sequences: [UInt64]) -> Bool {
        settle(sequences)
        return finished.add(sequences)
    }

    mutating func nextUndecided(limit: Int) -> Next {
        undecided = settled.end(of: undecided)
        guard undecided <= committed else { return isClosed ? .ended : .wait }
        var entries: [JournalEntry] = []
        while entries.count < limit, undecided <= committed, let entry = recent[undecided] {
            entries.append(entry)
            undecided += 1
        }
        return entries.isEmpty
            ? .inFile(first: undecided, last: committed, settled: settled) : .entries(entries)
    }

    /// All before this number was handed out, or is settled.
    mutating func handedOut(before next: UInt64) {
        undecided = max(undecided, next)
    }

    /// Leaves who waits for alerts; true when there are some already.
    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) -> Bool {
        if undecided <= committed || isClosed { return true }
        precondition(waiter == nil, "one caller at a time takes alerts")
        waiter = continuation
        return false
    }

    var isAwaited: Bool { waiter != nil }

    mutating func close() -> CheckedContinuation<Void, Never>? {
        isClosed = true
        return waiter.take()
    }

    /// Whether it is time to look how large the file is: once in a while.
    var isToBeMeasured: Bool {
        mutating get {
            untilMeasured -= 1
            guard untilMeasured < 0 else { return false }
            untilMeasured = 256
            return true
        }
    }
}
