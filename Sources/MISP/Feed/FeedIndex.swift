import FoundationEssentials
import Timestamps

/// What a feed says of its events beside their files: manifest and hashes, always of the same events.
struct FeedIndex: Sendable {
    private(set) var manifest = FeedManifest()
    private(set) var hashes = FeedHashes()

    /// Whether the files of manifest and hashes say something else than this.
    private(set) var isAheadOfFiles = false

    /// Where the event's file is.
    static func file(of event: UUID, in path: String) -> String { "\(path)/\(event.lowercase).json" }

    /// Takes up the feed in a directory: what its manifest says, and what event files say that were written after it
    /// or that it lacks. A manifest that is damaged or missing is made anew of them.
    ///
    /// Whoever removed an event's file has taken the event back, and one that can't be read is not in the feed until
    /// it is delivered again.
    /// - Throws: ``FeedError/foreign(file:organisation:)`` for another's feed, ``FeedError/broken(file:reason:)`` for
    ///   a manifest that can't be read with no event of ours beside it.
    init(in path: String, of organisation: Organisation) throws(FeedError) {
        let name = "\(path)/manifest.json"
        var fault: FeedError?
        var written: Timestamp?
        if let bytes = try AtomicFile.read(name) {
            do throws(FeedError) {
                manifest = try FeedManifest(bytes, of: organisation, file: name)
                written = AtomicFile.modified(name)
            } catch {
                guard case .broken = error else { throw error }
                fault = error
            }
        }
        let listed = manifest
        let listedHashes = try AtomicFile.read("\(path)/hashes.csv").flatMap(FeedHashes.init)
        hashes = listedHashes ?? FeedHashes()
        let files = try Self.events(in: path)
        for event in manifest.entries.keys where !files.contains(event) { manifest.entries[event] = nil }
        for event in hashes.byEvent.keys where manifest.entries[event] == nil { hashes.remove(event) }
        for event in files {
            let file = Self.file(of: event, in: path)
            let isListed = manifest.entries[event] != nil && hashes.byEvent[event] != nil
            if isListed, let written, let modified = AtomicFile.modified(file), modified < written { continue }
            try take(event, from: file, of: organisation, isOurFeed: written != nil)
        }
        if let fault, manifest.entries.isEmpty { throw fault }
        isAheadOfFiles = fault != nil || manifest != listed || hashes != (listedHashes ?? FeedHashes())
    }

    /// Replaces what is said of an event.
    mutating func set(_ event: MISPEvent) {
        manifest.entries[event.uuid.uuid] = FeedManifest.Entry(event)
        hashes.set(event)
    }

    /// Removes the events that have not changed since a moment, and those that have not for the longest time as many
    /// as are too many.
    mutating func evict(beyond limit: Int, before moment: Timestamp) -> [UUID] {
        var left = manifest.entries.filter { $0.value.timestamp < moment.seconds }.map(\.key)
        let tooMany = manifest.entries.count - left.count - max(1, limit)
        if tooMany > 0 {
            left += manifest.entries.filter { $0.value.timestamp >= moment.seconds }
                .sorted { first, second in
                    let times = (first.value.timestamp, second.value.timestamp)
                    return times.0 == times.1 ? first.key.lowercase < second.key.lowercase : times.0 < times.1
                }
                .prefix(tooMany).map(\.key)
        }
        for event in left {
            manifest.entries[event] = nil
            hashes.remove(event)
        }
        return left
    }

    private mutating func take(
        _ event: UUID, from file: String, of organisation: Organisation, isOurFeed: Bool
    ) throws(FeedError) {
        manifest.entries[event] = nil
        hashes.remove(event)
        // What is no event was damaged, and is not in the feed.
        guard let bytes = try AtomicFile.read(file), let found = try? EventDocument(body: bytes).event,
            found.uuid.uuid == event, let creator = found.creator
        else { return }
        guard creator.uuid.uuid == organisation.uuid else {
            if isOurFeed { return }
            throw .foreign(file: file, organisation: creator.name)
        }
        if FeedManifest.Entry(found) != nil { set(found) }
    }

    /// The events that have a file, by its name.
    private static func events(in path: String) throws(FeedError) -> Set<UUID> {
        Set(
            try AtomicFile.names(in: path).compactMap { name in
                guard name.hasSuffix(".json"), let event = UUID(uuidString: String(name.dropLast(5))),
                    name == "\(event.lowercase).json"
                else { return nil }
                return event
            })
    }
}
