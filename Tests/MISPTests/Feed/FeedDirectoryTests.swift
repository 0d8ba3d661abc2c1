import Foundation
import Isolation
import TestKit
import Testing
import Timestamps

@testable import MISP

/// The files of a feed, while events come, go and the service starts and stops.
struct FeedDirectoryTests {
    private let directory: TemporaryFolder
    private let time = ManualFeedTime(at: Sample.now)

    init() throws {
        directory = try TemporaryFolder()
    }

    /// The directory as one run of the service has it.
    private func feed(_ change: (inout FeedDirectory.Settings) -> Void = { _ in }) -> FeedDirectory {
        var settings = FeedDirectory.Settings()
        settings.clock = time.clock
        change(&settings)
        return FeedDirectory(path: directory.path, organisation: Sample.organisation, settings: settings)
    }

    /// An event of one address, in a feed's form.
    private func event(_ number: Int, at moment: Timestamp = Sample.now, by maker: Organisation = Sample.organisation)
        -> MISPEvent
    {
        var event = SentEvent(addresses: 1).event
        event.uuid = WireUUID(SentEvent.id(number))
        event.attributes = [SentEvent.address(number)]
        return event.asFeedEvent(by: maker, at: moment)
    }

    private func listed() throws -> Set<UUID> {
        let bytes = Array(try directory.read("manifest.json").utf8)
        return Set(try FeedManifest(bytes, of: Sample.organisation, file: "manifest.json").entries.keys)
    }

    private func hashed() throws -> Set<UUID> {
        Set(try #require(FeedHashes(Array(try directory.read("hashes.csv").utf8))).byEvent.keys)
    }

    private func ids(_ numbers: some Sequence<Int>) -> Set<UUID> { Set(numbers.map(SentEvent.id)) }

    private func hasFile(_ number: Int) -> Bool { exists("\(SentEvent.id(number).lowercase).json") }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: directory.path + "/" + name) }

    private func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: directory.path + "/" + name)
    }

    /// Waits until the feed waits for time to pass, for the next manifest and for what becomes too old.
    private func rests() async throws {
        try await eventually("the feed rests") { time.sleepers == 2 }
    }

    // MARK: How often

    @Test("In a burst of 1,000 events the manifest is written twice: at once, and when a second is over")
    func burst() async throws {
        let feed = feed()
        for number in 1...1000 { try await feed.publish(event(number), isUpdate: false) }
        #expect(try listed() == ids([1]))
        #expect(hasFile(1000))
        try await rests()
        time.advance(by: .seconds(1))
        try await eventually("the manifest lists all") { try listed().count == 1000 }
        #expect(try hashed() == ids(1...1000))
    }

    @Test("After a quiet second the next event is in the manifest without another")
    func quiet() async throws {
        let feed = feed()
        try await feed.publish(event(1), isUpdate: false)
        try await rests()
        time.advance(by: .seconds(1))
        try await feed.publish(event(2), isUpdate: false)
        try await eventually("both are listed") { try listed() == ids([1, 2]) }
    }

    @Test("A stop writes what waits")
    func stop() async throws {
        let feed = feed()
        for number in 1...3 { try await feed.publish(event(number), isUpdate: false) }
        #expect(try listed() == ids([1]))
        try await feed.finish()
        #expect(try listed() == ids(1...3))
        #expect(try hashed() == ids(1...3))
    }

    @Test("After a crash before the manifest was written the next start lists what was delivered")
    func crash() async throws {
        let first = feed()
        try await first.publish(event(1), isUpdate: false)
        try await first.publish(event(2), isUpdate: false)
        try await first.publish(event(1, at: Sample.now + .seconds(60)), isUpdate: true)
        #expect(try listed() == ids([1]))
        try await feed().open()
        #expect(try listed() == ids([1, 2]))
        #expect(try hashed() == ids([1, 2]))
        let manifest = try FeedManifest(
            Array(try directory.read("manifest.json").utf8), of: Sample.organisation, file: "")
        #expect(manifest.entries[SentEvent.id(1)]?.timestamp == Sample.now.seconds + 60)
    }

    @Test("A manifest that can't be written is tried again, by the next delivery and by itself")
    func failing() async throws {
        try FileManager.default.createDirectory(
            atPath: directory.path + "/manifest.json.new", withIntermediateDirectories: true)
        let feed = feed()
        await #expect(throws: FeedError.self) { try await feed.publish(event(1), isUpdate: false) }
        try remove("manifest.json.new")
        try await feed.publish(event(1), isUpdate: false)
        #expect(try listed() == ids([1]))

        try FileManager.default.createDirectory(
            atPath: directory.path + "/manifest.json.new", withIntermediateDirectories: true)
        try await feed.publish(event(2), isUpdate: false)
        try await rests()
        time.advance(by: .seconds(1))
        try await eventually("it was tried, and rests again") { time.sleepers == 2 }
        #expect(try listed() == ids([1]))
        try remove("manifest.json.new")
        time.advance(by: .seconds(1))
        try await eventually("it is written") { try listed() == ids([1, 2]) }
    }

    // MARK: What stays

    @Test("An event leaves when its last change is as old as feed.keep says, also while nothing else comes")
    func keep() async throws {
        let feed = feed { $0.keep = .seconds(7200) }
        try await feed.publish(event(1), isUpdate: false)
        try await feed.publish(event(2, at: Sample.now + .seconds(1_000_000)), isUpdate: false)
        try await rests()
        time.advance(by: .seconds(7199))
        try await eventually("both are listed") { try listed() == ids([1, 2]) }
        try await eventually("the first is out") {
            time.advance(by: .seconds(60))
            return try listed() == ids([2])
        }
        #expect(try hashed() == ids([2]))
    }

    @Test("A start lets go of what became too old meanwhile")
    func keepAtStart() async throws {
        let first = feed()
        for number in 1...2 {
            try await first.publish(event(number, at: Sample.now + .seconds(number)), isUpdate: false)
        }
        try await first.finish()
        time.advance(by: .seconds(90 * 86_400 + 2))
        try await feed().open()
        #expect(try listed() == ids([2]))
    }

    @Test("The file of an event that left stays for an hour, for whoever has read the old manifest")
    func grace() async throws {
        let feed = feed {
            $0.eventLimit = 1
            $0.interval = .zero
        }
        try await feed.publish(event(1), isUpdate: false)
        try await feed.publish(event(2, at: Sample.now + .seconds(1)), isUpdate: false)
        #expect(try listed() == ids([2]))
        #expect(hasFile(1))
        time.advance(by: .seconds(3599))
        try await feed.publish(event(2, at: Sample.now + .seconds(2)), isUpdate: true)
        #expect(hasFile(1))
        time.advance(by: .seconds(1))
        try await feed.publish(event(2, at: Sample.now + .seconds(3)), isUpdate: true)
        #expect(!hasFile(1) && hasFile(2))
    }

    @Test("An event that comes back meanwhile stays")
    func comingBack() async throws {
        let feed = feed {
            $0.eventLimit = 2
            $0.interval = .zero
        }
        for number in 1...3 {
            try await feed.publish(event(number, at: Sample.now + .seconds(number)), isUpdate: false)
        }
        try await feed.publish(event(1, at: Sample.now + .seconds(4)), isUpdate: false)
        time.advance(by: .seconds(3600))
        try await feed.publish(event(1, at: Sample.now + .seconds(5)), isUpdate: true)
        #expect(try listed() == ids([1, 3]))
        #expect(hasFile(1) && !hasFile(2) && hasFile(3))
    }

    // MARK: What was damaged

    @Test(
        "A manifest that is missing or damaged is made anew of the event files",
        arguments: [nil, "", "{", "[]", #"{"a":1}"#, #"{"x":{}}"#, "\0\0\0\0"] as [String?])
    func damaged(manifest: String?) async throws {
        let first = feed { $0.interval = .zero }
        for number in 1...3 { try await first.publish(event(number), isUpdate: false) }
        let before = try ["manifest.json", "hashes.csv"].map(directory.read)
        if let manifest { try directory.write(manifest, to: "manifest.json") } else { try remove("manifest.json") }
        try FeedDirectory.check(directory.path, of: Sample.organisation)
        try await feed().open()
        #expect(try ["manifest.json", "hashes.csv"].map(directory.read) == before)
    }

    @Test(
        "An event file that can't be read is not listed, and there again with its next delivery",
        arguments: ["", "{", #"{"Event":{}}"#])
    func damagedEvent(content: String) async throws {
        let first = feed { $0.interval = .zero }
        for number in 1...2 { try await first.publish(event(number), isUpdate: false) }
        try directory.write(content, to: "\(SentEvent.id(1).lowercase).json")
        let second = feed { $0.interval = .zero }
        try await second.open()
        #expect(try listed() == ids([2]))
        #expect(try directory.read("\(SentEvent.id(1).lowercase).json") == content)
        try await second.publish(event(1), isUpdate: true)
        #expect(try listed() == ids([1, 2]))
    }

    @Test("Events of somebody else without a manifest are another's feed; beside ours they are passed over")
    func foreign() async throws {
        let other = Organisation(name: "CIRCL", uuid: SentEvent.id(0))
        let file = "\(SentEvent.id(7).lowercase).json"
        let foreign = try EventDocument(event(7, by: other)).encoded()
        try directory.write(String(decoding: foreign, as: UTF8.self), to: file)
        await #expect(throws: FeedError.foreign(file: "\(directory.path)/\(file)", organisation: "CIRCL")) {
            try await feed().open()
        }
        #expect(try directory.names() == [file])
        try remove(file)
        try await feed().publish(event(1), isUpdate: false)
        try directory.write(String(decoding: foreign, as: UTF8.self), to: file)
        try await feed().open()
        #expect(try listed() == ids([1]))
    }

    // MARK: Reading

    @Test("Whoever reads at any moment finds every event of the manifest, whole and as new as it says")
    func reading() async throws {
        let feed = feed {
            $0.eventLimit = 20
            $0.interval = .milliseconds(2)
            $0.clock = FeedClock(now: { Sample.now })
        }
        try await feed.publish(event(0), isUpdate: false)
        let isOver = Flag()
        let reader = Task.detached {
            var rounds = 0
            while !isOver.isSet || rounds == 0 {
                let manifest = try FeedManifest(
                    Array(try directory.read("manifest.json").utf8), of: Sample.organisation, file: "")
                for (uuid, entry) in manifest.entries {
                    let body = Array(try directory.read("\(uuid.lowercase).json").utf8)
                    let event = try EventDocument(body: body).event
                    #expect(event.uuid.uuid == uuid)
                    #expect(event.timestamp.map { $0.seconds >= entry.timestamp } == true)
                }
                #expect(FeedHashes(Array(try directory.read("hashes.csv").utf8)) != nil)
                rounds += 1
            }
            return rounds
        }
        for round in 1...150 {
            try await feed.publish(event(round % 40, at: Sample.now + .seconds(round)), isUpdate: true)
        }
        isOver.set()
        #expect(try await reader.value > 0)
    }
}
