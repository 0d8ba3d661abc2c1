import FoundationEssentials
import IPAddresses
import Isolation
import Timestamps

/// The directory that any MISP can pull as a feed: `manifest.json`, a file for each event, `hashes.csv`.
///
/// Event files come first and the manifest last, each replaced whole, so that whoever reads in between, and a start
/// after a crash in between, finds a feed in order. However many events change, the manifest is written once a second
/// at most: what it does not tell yet it tells within a second, or after the next start. Runs on a queue of its own,
/// because the disk may be slow.
actor FeedDirectory {
    private let executor = QueueExecutor(label: "warnbell.feed")
    private let path: String
    private let organisation: Organisation
    private let settings: Settings

    /// Nil until the feed that is there has been taken up.
    private var index: FeedIndex?

    /// Whether the manifest does not tell all of ``index`` yet.
    private var isDirty = false

    /// Runs from one writing of the manifest until another may come.
    private var rest: Task<Void, Never>?

    /// Looks every now and then what has become too old.
    private var expiry: Task<Void, Never>?

    /// Events that have left the manifest, and when: their files stay a while for whoever has read the old one.
    private var leaving: [UUID: Timestamp] = [:]

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// How much a feed keeps, and how often its manifest is written.
    struct Settings: Sendable {
        /// Events; beyond that those that have not changed for the longest time leave.
        var eventLimit = 10_000
        /// How long after their last change events stay.
        var keep = Duration.seconds(90 * 86_400)
        /// Between two writings of the manifest.
        var interval = Duration.seconds(1)
        /// How long the file of an event that has left the manifest stays.
        var grace = Duration.seconds(3600)
        var clock = FeedClock()
    }

    init(path: String, organisation: Organisation, settings: Settings) {
        self.path = path
        self.organisation = organisation
        self.settings = settings
    }

    deinit {
        rest?.cancel()
        expiry?.cancel()
    }

    /// Makes the directory, or takes up the feed that is there.
    /// - Throws: ``FeedError``.
    func open() throws {
        _ = try opened()
    }

    /// Puts the event into the feed, with what the feed has of it already.
    ///
    /// The event gets a later time if the feed has it with the same or a later one. Nothing is written if the feed has
    /// exactly this. `isUpdate` says that the event tells of all that is known, and not of one batch alone.
    /// - Throws: ``FeedError``, and ``FeedBodyError`` for an event that is not in a feed's form or not ours.
    func publish(_ event: MISPEvent, isUpdate: Bool) throws {
        guard event.creator?.uuid.uuid == organisation.uuid, FeedManifest.Entry(event) != nil else {
            throw FeedBodyError()
        }
        let uuid = event.uuid.uuid
        let entry = try opened().manifest.entries[uuid]
        // A file that can't be read as an event is no reason to keep it: the new one is whole.
        let existing =
            try entry == nil
            ? nil : AtomicFile.read(FeedIndex.file(of: uuid, in: path)).flatMap { try? EventDocument(body: $0).event }
        var event = existing.map { event.merged(onto: $0, isUpdate: isUpdate) } ?? event
        if let entry, let timestamp = event.timestamp, entry.timestamp >= timestamp.seconds {
            if existing?.changed(at: timestamp) == event, existing?.timestamp?.seconds == entry.timestamp {
                return try writeIndexUnlessResting()
            }
            event = event.changed(at: WireSeconds(seconds: entry.timestamp &+ 1))
        }
        try replace(event)
    }

    /// Takes back what the feed says of the event; whoever pulled it finds it changed. An event that is not there needs no
    /// taking back.
    /// - Throws: ``FeedError``.
    func withdraw(_ uuid: UUID, isRevoked: Bool, at moment: Timestamp) throws {
        guard let entry = try opened().manifest.entries[uuid],
            let event = try AtomicFile.read(FeedIndex.file(of: uuid, in: path))
                .flatMap({ try? EventDocument(body: $0).event })
        else { return }
        let time = WireSeconds(seconds: max(moment.seconds, entry.timestamp &+ 1))
        let withdrawn = event.withdrawn(isRevoked: isRevoked, at: time)
        guard withdrawn != event else { return try writeIndexUnlessResting() }
        try replace(withdrawn.changed(at: time))
    }

    private func replace(_ event: MISPEvent) throws {
        let uuid = event.uuid.uuid
        try AtomicFile.write(EventDocument(event).encoded(), to: FeedIndex.file(of: uuid, in: path))
        index?.set(event)
        leaving[uuid] = nil
        isDirty = true
        try writeIndexUnlessResting()
    }

    /// Writes what is not written yet.
    func finish() throws {
        rest?.cancel()
        rest = nil
        expiry?.cancel()
        if isDirty { try writeIndex() }
    }

    /// Looks whether the directory holds a feed of `organisation`, or none; nil has no feed yet. Changes nothing.
    static func check(_ path: String, of organisation: Organisation?) throws(FeedError) {
        _ = try FeedIndex(in: path, of: organisation ?? Organisation(name: "", uuid: UUID()))
    }

    private func opened() throws -> FeedIndex {
        if let index { return index }
        try AtomicFile.makeDirectory(path)
        let found = try FeedIndex(in: path, of: organisation)
        index = found
        isDirty = found.isAheadOfFiles
        if expiry == nil { startExpiry() }
        try expire()
        return index ?? found
    }

    // MARK: The manifest

    private func writeIndexUnlessResting() throws {
        guard isDirty, rest == nil else { return }
        try writeIndex()
        guard settings.interval > .zero else { return }
        rest = Task { [weak self, settings] in
            repeat {
                await settings.clock.sleep(settings.interval)
            } while await self?.goesOnResting() ?? false
        }
    }

    /// After a rest: what has changed meanwhile is written, and the next rest begins.
    private func goesOnResting() -> Bool {
        guard isDirty, !Task.isCancelled else {
            if !Task.isCancelled { rest = nil }
            return false
        }
        // A disk that is full now is tried again after the next rest; so it is by the next start.
        try? writeIndex()
        return true
    }

    private func writeIndex() throws {
        guard var index else { return }
        let now = settings.clock.now()
        for uuid in index.evict(beyond: settings.eventLimit, before: now - settings.keep) where leaving[uuid] == nil {
            leaving[uuid] = now
        }
        self.index = index
        try AtomicFile.write(index.hashes.encoded, to: "\(path)/hashes.csv")
        try AtomicFile.write(index.manifest.encoded(), to: "\(path)/manifest.json")
        isDirty = false
        try removeLeft(at: now)
    }

    // MARK: Leaving

    private func startExpiry() {
        expiry = Task { [weak self, settings] in
            while true {
                await settings.clock.sleep(.seconds(600))
                guard !Task.isCancelled, let self else { return }
                // A disk that fails is tried again by and by.
                try? await self.expire()
            }
        }
    }

    /// Lets go of what is too old or too much.
    private func expire() throws {
        guard var trimmed = index else { return }
        let now = settings.clock.now()
        if !trimmed.evict(beyond: settings.eventLimit, before: now - settings.keep).isEmpty { isDirty = true }
        try writeIndexUnlessResting()
        try removeLeft(at: now)
    }

    private func removeLeft(at now: Timestamp) throws(FeedError) {
        for (uuid, since) in leaving where now - since >= settings.grace {
            try AtomicFile.remove(FeedIndex.file(of: uuid, in: path))
            leaving[uuid] = nil
        }
    }
}

/// The time as a feed sees it.
struct FeedClock: Sendable {
    var now: @Sendable () -> Timestamp = { .now() }

    /// Returns after this time, or earlier when its task is cancelled.
    var sleep: @Sendable (Duration) async -> Void = { time in
        try? await Task.sleep(for: time)  // Who was woken looks whether it was cancelled.
    }
}

/// A body that was not composed for this feed.
struct FeedBodyError: Error, CustomStringConvertible {
    let description = "it names no maker, another maker, or no time"
}
