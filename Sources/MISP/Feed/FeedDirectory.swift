import FoundationEssentials
import IPAddresses
import Isolation

/// The directory that any MISP can pull as a feed: `manifest.json`, a file for each event, `hashes.csv`.
///
/// One event at a time is written: its file first, the manifest last, each replaced whole, so that whoever reads in
/// between, and a start after a crash in between, finds a feed in order. Runs on a queue of its own, because the disk
/// may be slow.
actor FeedDirectory {
    private let executor = QueueExecutor(label: "warnbell.feed")
    private let path: String
    private let organisation: Organisation
    private let eventLimit: Int
    private var manifest: FeedManifest?
    private var hashes = FeedHashes()

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(path: String, organisation: Organisation, eventLimit: Int) {
        self.path = path
        self.organisation = organisation
        self.eventLimit = max(1, eventLimit)
    }

    /// Makes the directory, or takes up the feed that is there.
    func open() throws(FeedError) {
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
        var manifest = try opened()
        // A file that can't be read as an event is no reason to keep it: the new one is whole.
        let existing =
            try manifest.entries[event.uuid.uuid] == nil
            ? nil : AtomicFile.read(file(event.uuid.uuid)).flatMap { try? EventDocument(body: $0).event }
        var event = existing.map { event.merged(onto: $0, isUpdate: isUpdate) } ?? event
        if let entry = manifest.entries[event.uuid.uuid], let timestamp = event.timestamp,
            entry.timestamp >= timestamp.seconds
        {
            if existing?.changed(at: timestamp) == event, existing?.timestamp?.seconds == entry.timestamp { return }
            event = event.changed(at: WireSeconds(seconds: entry.timestamp &+ 1))
        }
        manifest.entries[event.uuid.uuid] = FeedManifest.Entry(event)
        let leaving = Self.oldest(in: manifest, beyond: eventLimit, but: event.uuid.uuid)
        for uuid in leaving { manifest.entries[uuid] = nil }
        var hashes = hashes
        hashes.set(event)
        for uuid in leaving { hashes.remove(uuid) }

        try AtomicFile.write(EventDocument(event).encoded(), to: file(event.uuid.uuid))
        try AtomicFile.write(hashes.encoded, to: "\(path)/hashes.csv")
        try AtomicFile.write(manifest.encoded(), to: "\(path)/manifest.json")
        self.manifest = manifest
        self.hashes = hashes
        for uuid in leaving { try AtomicFile.remove(file(uuid)) }
    }

    /// Looks whether the directory holds a feed of `organisation`, or none; nil has no feed yet. Changes nothing.
    static func check(_ path: String, of organisation: Organisation?) throws(FeedError) {
        _ = try manifest(in: path, of: organisation ?? Organisation(name: "", uuid: UUID()))
    }

    private static func manifest(in path: String, of organisation: Organisation) throws(FeedError) -> FeedManifest {
        let name = "\(path)/manifest.json"
        guard let bytes = try AtomicFile.read(name) else { return FeedManifest() }
        return try FeedManifest(bytes, of: organisation, file: name)
    }

    private func opened() throws(FeedError) -> FeedManifest {
        if let manifest { return manifest }
        try AtomicFile.makeDirectory(path)
        var manifest = try Self.manifest(in: path, of: organisation)
        // Whoever removed an event's file has taken the event back.
        manifest.entries = manifest.entries.filter { AtomicFile.exists(file($0.key)) }
        hashes = try readHashes(for: manifest)
        self.manifest = manifest
        return manifest
    }

    /// The hashes of the manifest's events, made anew from their files where `hashes.csv` can't tell.
    private func readHashes(for manifest: FeedManifest) throws(FeedError) -> FeedHashes {
        var hashes = try AtomicFile.read("\(path)/hashes.csv").flatMap(FeedHashes.init) ?? FeedHashes()
        for uuid in hashes.byEvent.keys where manifest.entries[uuid] == nil { hashes.remove(uuid) }
        for uuid in manifest.entries.keys where hashes.byEvent[uuid] == nil {
            guard let bytes = try AtomicFile.read(file(uuid)) else { continue }
            do {
                hashes.set(try EventDocument(body: bytes).event)
            } catch let error as DecodingError {
                throw .broken(file: file(uuid), reason: error.reason)
            } catch {
                throw .broken(file: file(uuid), reason: "\(error)")
            }
        }
        return hashes
    }

    private func file(_ event: UUID) -> String { "\(path)/\(event.lowercase).json" }

    /// The events that have not changed for the longest time, as many as are too many.
    private static func oldest(in manifest: FeedManifest, beyond limit: Int, but kept: UUID) -> [UUID] {
        manifest.entries.filter { $0.key != kept }
            .sorted { ($0.value.timestamp, $0.key.lowercase) < ($1.value.timestamp, $1.key.lowercase) }
            .prefix(max(0, manifest.entries.count - limit)).map(\.key)
    }
}

/// A body that was not composed for this feed.
struct FeedBodyError: Error, CustomStringConvertible {
    let description = "it names no maker, another maker, or no time"
}
