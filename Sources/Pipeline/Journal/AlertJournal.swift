package import FoundationEssentials
package import Timestamps
package import Wazuh

/// Where alerts wait from the moment they are accepted until every sink has what they say.
///
/// All conformances keep the same promises: an alert is taken whole or not at all, a known identity is taken once,
/// and only what is finished is ever removed.
package protocol AlertJournal: Sendable {
    /// Takes the alerts of one request, all or none, and says so once they are as safe as this journal makes them.
    ///
    /// Alerts that are known already are left out and counted as duplicates. `completion` is called exactly once, on
    /// any thread, possibly before `append` returns; it must not block.
    func append(
        _ alerts: [Alert], received: Timestamp, completion: @escaping @Sendable (AppendOutcome) -> Void)

    /// The oldest alerts that were not handed out yet, at most `limit`, in the order they came.
    ///
    /// Waits while there are none; an empty answer means that the journal is closed. One caller at a time.
    func undecided(limit: Int) async -> [JournalEntry]

    /// Ends alerts that go nowhere: ignored, or only counted.
    func finish(_ sequences: [UInt64]) async

    /// Alerts in the order asked for. One that is finished may be missing.
    func entries(_ sequences: [UInt64]) async -> [JournalEntry]

    /// Keeps a closed batch for each of `sinks`, and ends its alerts: from now on the batch says all of them that will
    /// be told.
    func close(_ batch: Batch, members: [UInt64], sinks: [String]) async

    /// What is to be done for `source` at `sink`.
    /// - Throws: where what is kept can't be read; it stays as it is.
    func outstanding(of source: SourceKey, at sink: String) async throws -> Outstanding

    /// Keeps one batch for `sink` in the place of those that it is made of.
    func merge(_ batches: [UUID], into batch: Batch, at sink: String) async

    /// Keeps a delivery in the place of the batches that it tells of, before it is sent: it is sent exactly as
    /// composed, however often it takes.
    ///
    /// - Returns: false where its source was revoked meanwhile: then nothing has changed, and nothing may be sent.
    @discardableResult
    func begin(_ delivery: Delivery) async -> Bool

    /// Ends a delivery. One that was stored is added to the ledger's entry of its source; one that was refused becomes
    /// a dead letter.
    func finish(_ delivery: Delivery, _ receipt: Receipt, at moment: Timestamp) async

    /// Adds outstanding batches to the dead letter of their event at `sink`, and ends them; false where there is none,
    /// and nothing has changed.
    ///
    /// - Parameter batch: all of `batches` as one; the letter is that whose event's window it opened in.
    func join(_ batches: [UUID], as batch: Batch, at sink: String) async -> Bool

    /// The event of `source` needs no publishing any more.
    func published(_ event: UUID, of source: SourceKey, at sink: String, moment: Timestamp) async

    /// Has every sink take back what it holds of the source, and lets go of batches that wait. What is being sent counts
    /// as stored once it is over, and is taken back then. Nothing changes where there is nothing of all that.
    ///
    /// Asking again for the same moment changes nothing.
    func revoke(_ revocation: Revocation) async -> Revoked

    /// The revocations that hold at `moment`.
    func revocations(at moment: Timestamp) async -> [Revocation]

    /// Has sinks take back what was not seen since `moment`, the longest unseen first, `limit` entries at most: which
    /// sources that is of, at which sinks.
    func retire(unseenSince moment: Timestamp, limit: Int, now: Timestamp) async -> [(sink: String, source: SourceKey)]

    /// Ends what the entry asks to take back, unless something else was asked meanwhile.
    func withdrawn(_ entry: History, of source: SourceKey, at sink: String, _ receipt: Receipt, moment: Timestamp) async

    /// Ends batches of `source` at a sink that gets nothing of them.
    func drop(_ batches: [UUID], of source: SourceKey, at sink: String) async

    /// What `sink` holds of `source` in the window that `moment` falls into; nil when nothing was stored there.
    /// - Throws: where what is kept can't be read; it stays as it is.
    func history(of source: SourceKey, in sink: String, at moment: Timestamp) async throws -> History?

    /// The sources that have something outstanding at `sink`, at most `limit` of them that come after `source` in an order of
    /// the journal's own.
    func sources(outstandingAt sink: String, after source: SourceKey?, limit: Int) async -> [SourceKey]

    /// The sources that `sink` has stored something of last, at most `limit`.
    func sources(storedAt sink: String, limit: Int) async -> [SourceKey]

    /// Keeps alerts for a person, each source's with what is held of it already, and ends them.
    func hold(_ held: [Held], members: [UInt64]) async

    /// What is held, at most `limit` sources that come after `source` in an order of the journal's own.
    func heldSources(after source: SourceKey?, limit: Int) async -> [Held]

    /// What is held of `source`; nil where nothing is.
    func held(_ source: SourceKey) async -> Held?

    /// Has each of `sinks` told of what is held of `source`: the batch is outstanding there from now on. A revocation of the
    /// source is over.
    ///
    /// - Returns: what was held; nil where nothing was, or there is no sink, and nothing has changed.
    func release(_ source: SourceKey, to sinks: [String]) async -> Held?

    /// Forgets what is held of `source`.
    func dropHeld(_ source: SourceKey) async -> Held?

    /// Forgets what is held of sources of which nothing was held any more since `moment`.
    func expireHeld(lastReceivedBefore moment: Timestamp) async -> [SourceKey]

    /// Keeps what alerts taught about addresses; as safe, by the time that anything given later is, as that.
    func learn(_ sightings: [AddressSighting]) async

    /// What was learned and is not too old to count, the newest of it.
    func sightings() async -> [AddressSighting]

    /// The dead letters with numbers above `id`, the oldest first, at most `limit`.
    func deadLetters(after id: Int64, limit: Int) async -> [DeadLetter]

    /// Makes what a dead letter tells of outstanding at its sink again, to be composed anew; the letter is gone. Nil
    /// where there is none of that number.
    func replay(deadLetter id: Int64) async -> DeadLetter?

    /// Lets go of a dead letter; nil where there is none of that number.
    func drop(deadLetter id: Int64) async -> DeadLetter?

    /// Lets go of what has been kept long enough. To be called now and then.
    func tidy(at moment: Timestamp) async

    /// Returns as soon as the journal gets to it, which it does also while it can't write: for whoever watches whether
    /// it still does.
    func answer() async

    /// Numbers for metrics and readiness.
    var state: JournalState { get }

    /// Whether it is there again when the process is not.
    var isDurable: Bool { get }

    /// Takes nothing more; ``undecided(limit:)`` hands out what is left and then ends.
    func close()
}

/// An accepted alert and its place.
package struct JournalEntry: Sendable {
    /// Ascending in the order of acceptance, never used twice.
    package let sequence: UInt64

    /// When it came to us.
    package let received: Timestamp
    package let alert: Alert

    package init(sequence: UInt64, received: Timestamp, alert: Alert) {
        self.sequence = sequence
        self.received = received
        self.alert = alert
    }
}

/// What became of the alerts of one request.
package enum AppendOutcome: Sendable, Equatable {
    /// Safe. `duplicates` of them were known before and changed nothing.
    case stored(duplicates: Int)

    /// Nothing was taken: no room. Time helps.
    case full

    /// Nothing was taken: these are more alerts, or more bytes of them, than there is room for at all.
    case tooLarge

    /// Nothing was taken: the journal can't write. Time may help; the reason is for the log.
    case failed(reason: String)
}

/// How full a journal is.
package struct JournalState: Sendable, Equatable {
    /// Alerts accepted and neither finished nor in a closed batch.
    package var unfinished: Int
    /// How many of those there may be.
    package var capacity: Int
    /// Alerts of closed batches that some sink lacks, counted for each sink.
    package var undelivered: Int
    /// Bytes held for all of them.
    package var bytes: Int
    /// How many of those there may be.
    package var byteCapacity: Int
    /// Sources of which alerts are held for a person.
    package var held: Int
    /// Whether the last attempt to write failed. The journal tries again by itself until it works.
    package var isFailing: Bool

    package init(
        unfinished: Int, capacity: Int, undelivered: Int, bytes: Int, byteCapacity: Int, held: Int = 0,
        isFailing: Bool = false
    ) {
        self.unfinished = unfinished
        self.capacity = capacity
        self.undelivered = undelivered
        self.bytes = bytes
        self.byteCapacity = byteCapacity
        self.held = held
        self.isFailing = isFailing
    }

    /// The longest alert that a Wazuh manager writes: OS_MAXSTR.
    package static let longestAlert = 64 << 10

    /// Whether it takes one more alert, however long that is.
    package var hasRoom: Bool { unfinished < capacity && bytes + Self.longestAlert <= byteCapacity }
}
