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

    /// Alerts that are not finished, in the order asked for.
    func entries(_ sequences: [UInt64]) async -> [JournalEntry]

    /// Keeps a closed batch with its members; from now on it is the same batch, whatever happens. It ends, and its
    /// members with it, when a delivery to every one of `sinks` has finished, or the batch was dropped there.
    func close(_ batch: Batch, members: [UInt64], sinks: [String]) async

    /// Keeps a delivery before it is sent: it is sent exactly as composed, however often it takes.
    func begin(_ delivery: Delivery) async

    /// Ends a delivery. One that was stored becomes the ledger's entry of its source.
    func finish(_ delivery: Delivery, _ receipt: Receipt) async

    /// Ends batches at a sink that gets nothing of them.
    func drop(_ batches: [UUID], of sink: String) async

    /// What `sink` holds of `source` in the window that `moment` falls into; nil when nothing was stored there.
    func history(of source: SourceKey, in sink: String, at moment: Timestamp) async -> History?

    /// Numbers for metrics and readiness.
    var state: JournalState { get }

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

    /// Nothing was taken: the journal can't write. The reason is for the log.
    case failed(reason: String)
}

/// One composition on its way to one sink.
package struct Delivery: Sendable {
    package let sink: String
    package let source: SourceKey

    /// The batches it tells of; several when the sink was busy or away.
    package let batches: [UUID]

    /// How many alerts those batches have.
    package let alerts: Int
    package let composition: Composition

    /// What the ledger's entry is to be once it is stored.
    package let outcome: History

    package init(
        sink: String, source: SourceKey, batches: [UUID], alerts: Int, composition: Composition, outcome: History
    ) {
        self.sink = sink
        self.source = source
        self.batches = batches
        self.alerts = alerts
        self.composition = composition
        self.outcome = outcome
    }
}

/// How full a journal is.
package struct JournalState: Sendable, Equatable {
    /// Alerts accepted and not finished.
    package var unfinished: Int
    /// How many of those there may be.
    package var capacity: Int
    /// Alert bytes held for them.
    package var bytes: Int
    /// How many of those there may be.
    package var byteCapacity: Int

    package init(unfinished: Int, capacity: Int, bytes: Int, byteCapacity: Int) {
        self.unfinished = unfinished
        self.capacity = capacity
        self.bytes = bytes
        self.byteCapacity = byteCapacity
    }

    /// The longest alert that a Wazuh manager writes: OS_MAXSTR.
    package static let longestAlert = 64 << 10

    /// Whether it takes one more alert, however long that is.
    package var hasRoom: Bool { unfinished < capacity && bytes + Self.longestAlert <= byteCapacity }
}
