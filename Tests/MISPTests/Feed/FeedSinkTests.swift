import Foundation
import Glibc
import HTTPClient
import Pipeline
import TestKit
import Testing
import Timestamps

@testable import MISP

struct FeedSinkTests {
    let directory: TemporaryFolder
    let composer: EventComposer

    init() throws {
        directory = try TemporaryFolder()
        composer = EventComposer(settings: try EventSettings())
    }

    private func sink(
        includesTests: Bool = true, eventLimit: Int = 100, path: String? = nil,
        publisher: FeedSink.Publisher = .organisation(Sample.organisation)
    ) -> FeedSink {
        var settings = FeedDirectory.Settings.immediate
        settings.eventLimit = eventLimit
        return FeedSink(
            directory: path ?? directory.path + "/feed", publisher: publisher, composer: composer,
            includesTests: includesTests, settings: settings)
    }

    private func compose(
        _ evidence: Evidence, history: History? = nil, now: Timestamp = Sample.now, with sink: FeedSink
    ) throws -> Composition {
        try sink.compose(history, Sample.batch(evidence), flows: Sample.flows(), now: now)
    }

    private func manifest() throws -> [String: [String: Any]] {
        let data = Data(try directory.read("feed/manifest.json").utf8)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
    }

    private func event(_ uuid: UUID) throws -> MISPEvent {
        try EventDocument(body: Array(try directory.read("feed/\(uuid.lowercase).json").utf8)).event
    }

    @Test("A delivered event is a file, an entry of the manifest and lines of hashes")
    func delivered() async throws {
        let sink = sink()
        try await sink.prepare()
        let composition = try compose(Sample.webAttack(), with: sink)
        #expect(await sink.deliver(composition) == .stored(.init(confirmed: composition.items.count)))

        let name = composition.event.lowercase
        #expect(try directory.names(in: "feed") == ["\(name).json", "hashes.csv", "manifest.json"].sorted())
        let entry = try #require(try manifest()[name])
        #expect(Set(entry.keys) == ["Orgc", "Tag", "info", "date", "analysis", "threat_level_id", "timestamp"])
        #expect(
            entry["Orgc"] as? [String: String] == ["name": "Example Org", "uuid": Sample.organisation.uuid.lowercase])
        #expect(entry["timestamp"] as? Int64 == Sample.now.seconds)
        #expect(entry["threat_level_id"] as? Int == 2)
        #expect(entry["analysis"] as? Int == 0)
        #expect(entry["date"] as? String == "2026-11-20")
        let tags = try #require(entry["Tag"] as? [[String: Any]])
        #expect(
            tags.map { $0["name"] as? String } == [
                "tlp:amber", "misp:automation-level=\"unsupervised\"",
                "misp-galaxy:mitre-attack-pattern=\"Exploit Public-Facing Application - T1190\"",
            ])
        #expect(tags.allSatisfy { Set($0.keys) == ["name", "colour", "local", "relationship_type"] })

        let event = try event(composition.event)
        #expect(event.published == true)
        #expect(event.timestamp?.seconds == Sample.now.seconds)
        #expect(event.publishTimestamp == event.timestamp)
        #expect(event.creator == .init(Sample.organisation))
        // printf 203.0.113.9 | md5sum
        let hashes = try directory.read("feed/hashes.csv")
        #expect(hashes.contains("8226d05ff811db619a466d17b0b2d1bb,\(name)\n"))
        #expect(hashes.split(separator: "\n").count == event.attributes.count)
    }

    @Test("Internal parts, sightings and distributions of parts are not in a feed")
    func publicOnly() async throws {
        let sink = sink()
        let composition = try compose(Sample.bruteForce(), with: sink)
        _ = await sink.deliver(composition)
        let text = try directory.read("feed/\(composition.event.lowercase).json")
        for word in ["bastion-zq", "10.20.30", "operator7", "sshd: brute force", "Sighting", "\"Object\":[{"] {
            #expect(!text.contains(word), "\(word)")
        }
        let event = try event(composition.event)
        #expect(event.attributes.allSatisfy { $0.distribution == nil })
        #expect(event.reports.map(\.distribution) == [nil])
        #expect(composition.items.allSatisfy { !$0.key.contains("internal") && !$0.key.hasPrefix("sighting") })
    }

    @Test("A sharing group means nothing outside its server")
    func sharingGroup() throws {
        let composer = EventComposer(settings: try EventSettings(distribution: .sharingGroup, sharingGroup: 7))
        let composition = try composer.composeForFeed(
            nil, Sample.batch(Sample.download("45.148.10.9")), flows: [], now: Sample.now,
            organisation: Sample.organisation)
        let event = try EventDocument(body: composition.body).event
        #expect(event.distribution == .organisation)
        #expect(event.sharingGroup == nil)
    }

    @Test("Files and directory are readable for everybody")
    func modes() async throws {
        let sink = sink()
        let composition = try compose(Sample.webAttack(), with: sink)
        _ = await sink.deliver(composition)
        func mode(_ name: String) throws -> Int? {
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.path + "/" + name)
            return (attributes[.posixPermissions] as? NSNumber)?.intValue
        }
        #expect(try mode("feed") == 0o755)
        for name in try directory.names(in: "feed") { #expect(try mode("feed/\(name)") == 0o644, "\(name)") }
    }

    @Test("Every update has a later time, in the file as in the manifest", arguments: [900, 0, -900])
    func update(seconds: Int) async throws {
        let sink = sink()
        let first = try compose(Sample.webAttack(), with: sink)
        _ = await sink.deliver(first)
        let second = try compose(
            Sample.bruteForce(), history: Sample.history(first, Sample.webAttack()),
            now: Sample.now + .seconds(seconds),
            with: sink)
        #expect(second.event == first.event)
        _ = await sink.deliver(second)
        let expected = max(Sample.now.seconds + 1, Sample.now.seconds + Int64(seconds))
        #expect(try event(first.event).timestamp?.seconds == expected)
        #expect(try manifest()[first.event.lowercase]?["timestamp"] as? Int64 == expected)
        #expect(try manifest().count == 1)
        #expect(try event(first.event).tags.count == 6, "in a feed an event has all its tags")
        #expect(try event(first.event).attributes.contains { $0.value == "/wp-login.php" })
    }

    @Test("The same event once more changes nothing")
    func again() async throws {
        let sink = sink()
        let composition = try compose(Sample.webAttack(), with: sink)
        let receipt = await sink.deliver(composition)
        let before = try directory.names(in: "feed").map { try directory.read("feed/\($0)") }
        #expect(await sink.deliver(composition) == receipt)
        let other = self.sink()
        #expect(await other.deliver(composition) == receipt)
        #expect(try directory.names(in: "feed").map { try directory.read("feed/\($0)") } == before)
    }

    @Test("What the feed has of an event from before the data was lost stays, and what is new joins it")
    func lostLedger() async throws {
        var large = Sample.webAttack("45.148.10.9")
        large.merge(Sample.evidence("45.148.10.9", count: 4000, level: 12))
        let first = try compose(large, with: sink())
        _ = await sink().deliver(first)
        let before = try event(first.event)
        let start = Sample.now + .seconds(7200)
        var small = Sample.evidence("45.148.10.9", count: 1, level: 3, from: start)
        small.mayDetect = false
        small.userAgents.add("curl/8.1", Sample.tally(from: start))
        small.techniques.add("T1110", Sample.tally(from: start))
        let second = try compose(small, now: start, with: sink())
        #expect(!second.isUpdate)
        _ = await sink().deliver(second)

        let after = try event(first.event)
        #expect(after.timestamp?.seconds == start.seconds)
        #expect(after.info == before.info)
        #expect(after.threatLevel == .high)
        #expect(after.reports == before.reports)
        #expect(Set(after.tags).isSuperset(of: before.tags) && after.tags.count == before.tags.count + 1)
        let values = Set(after.attributes.map(\.value))
        #expect(values == Set(before.attributes.map(\.value)).union(["curl/8.1"]))
        #expect(after.attributes.count == values.count)
        let attacker = try #require(after.attributes(.ipSource).first)
        #expect(attacker.toIDs)
        #expect(attacker.comment == before.attributes(.ipSource).first?.comment)
        #expect(attacker.firstSeen == before.attributes(.ipSource).first?.firstSeen)
        #expect(attacker.lastSeen?.moment == start)
        let hashes = try directory.read("feed/hashes.csv")
        #expect(hashes.split(separator: "\n").count == after.attributes.count)
    }

    @Test("From the second delivery after the loss on, the text is that of what is known again, and nothing leaves")
    func afterLoss() async throws {
        let first = try compose(Sample.webAttack(), with: sink())
        _ = await sink().deliver(first)
        let second = try compose(Sample.evidence(), now: Sample.now + .seconds(60), with: sink())
        _ = await sink().deliver(second)
        let third = try compose(
            Sample.bruteForce(), history: Sample.history(second, Sample.evidence()), now: Sample.now + .seconds(120),
            with: sink())
        _ = await sink().deliver(third)
        let event = try event(first.event)
        #expect(event.info.contains("24 alerts"))
        #expect(event.reports[0].content.contains("24 alerts"))
        #expect(event.attributes.contains { $0.value == "/wp-login.php" })
        let written = try directory.read("feed/\(first.event.lowercase).json")
        _ = await sink().deliver(third)
        #expect(try directory.read("feed/\(first.event.lowercase).json") == written)
    }

    @Test("Beside a MISP server the feed speaks for the key's organisation, and has the server's events")
    func account() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        let client = MISPClient(.init(url: bench.misp.url, key: MISPKey(MISPStandIn.key)), http: HTTPClient())
        let sink = self.sink(publisher: .account(client))
        let batch = Sample.batch(Sample.webAttack())
        #expect(throws: NotPreparedError.self) { try sink.compose(nil, batch, flows: [], now: Sample.now) }
        bench.misp.fail(next: .page(502))
        await #expect(throws: MISPError.self) { try await sink.prepare() }
        try await sink.prepare()
        try await sink.prepare()
        try await bench.sink.prepare()
        let composition = try sink.compose(nil, batch, flows: [], now: Sample.now)
        #expect(composition.event == (try bench.sink.compose(nil, batch, flows: [], now: Sample.now)).event)
        // A start in between: nothing was asked yet.
        let restarted = self.sink(publisher: .account(client))
        bench.misp.fail(next: .page(502))
        guard case .retry = await restarted.deliver(composition) else {
            Issue.record("expected another try")
            return
        }
        #expect(await restarted.deliver(composition) == .stored(.init(confirmed: composition.items.count)))
        #expect(try event(composition.event).creator?.name == "Example CERT")
    }

    @Test(
        "A key that MISP does not take pauses the feed beside it, and what passes by itself does not",
        arguments: [
            (.reply(.json(#"{"name":"Authentication failed."}"#, status: 403)), "pause"),
            (.reply(.json(#"{"name":"You do not have permission to use this functionality."}"#, status: 403)), "pause"),
            (.page(502), "retry"), (.reply(.init(status: 429)), "retry"),
            (.reply(.json(#"{"name":"What?"}"#, status: 400)), "retry"), (.reply(.json("{}")), "retry"),
        ] as [(MISPStandIn.Fault, String)])
    func accountFailures(fault: MISPStandIn.Fault, kind: String) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        let client = MISPClient(.init(url: bench.misp.url, key: MISPKey(MISPStandIn.key)), http: HTTPClient())
        let sink = self.sink(publisher: .account(client))
        bench.misp.fail(next: fault, fault)
        let error = await #expect(throws: MISPError.self) { try await sink.prepare() }
        #expect(sink.receipt(for: try #require(error)).kind == kind)
        let composition = try compose(Sample.webAttack(), with: self.sink())
        #expect(await sink.deliver(composition).kind == kind)
        try await sink.prepare()
    }

    @Test("A new start takes up the feed that is there")
    func restart() async throws {
        let first = try compose(Sample.webAttack(), with: sink())
        _ = await sink().deliver(first)
        let sink = sink()
        try await sink.prepare()
        let second = try compose(Sample.download(), with: sink)
        _ = await sink.deliver(second)
        #expect(Set(try manifest().keys) == [first.event.lowercase, second.event.lowercase])
        let hashes = try directory.read("feed/hashes.csv")
        #expect(hashes.contains(first.event.lowercase) && hashes.contains(second.event.lowercase))
    }

    /// What a crash may leave: the files before the manifest are new, the rest is old.
    @Test("After a crash between the files the event is delivered again and all is in order", arguments: [1, 2])
    func crash(filesWritten: Int) async throws {
        let sink = sink()
        let first = try compose(Sample.webAttack(), with: sink)
        _ = await sink.deliver(first)
        let old = try ["hashes.csv", "manifest.json"].map { try directory.read("feed/\($0)") }
        let second = try compose(
            Sample.bruteForce(), history: Sample.history(first, Sample.webAttack()), now: Sample.now + .seconds(60),
            with: sink)
        _ = await sink.deliver(second)
        let new = try directory.names(in: "feed").map { try directory.read("feed/\($0)") }
        try directory.write(old[1], to: "feed/manifest.json")
        if filesWritten == 1 { try directory.write(old[0], to: "feed/hashes.csv") }

        let restarted = self.sink()
        try await restarted.prepare()
        #expect(await restarted.deliver(second) == .stored(.init(confirmed: second.items.count)))
        #expect(try directory.names(in: "feed").map { try directory.read("feed/\($0)") } == new)
    }

    @Test("After a crash before the very first manifest the directory is taken as it is")
    func crashAtFirst() async throws {
        let composition = try compose(Sample.webAttack(), with: sink())
        _ = await sink().deliver(composition)
        try FileManager.default.removeItem(atPath: directory.path + "/feed/manifest.json")
        let restarted = sink()
        try await restarted.prepare()
        _ = await restarted.deliver(composition)
        #expect(try manifest().count == 1)
    }

    @Test("An event whose file was taken away leaves the manifest with the next delivery")
    func takenBack() async throws {
        let first = try compose(Sample.webAttack(), with: sink())
        _ = await sink().deliver(first)
        try FileManager.default.removeItem(atPath: directory.path + "/feed/\(first.event.lowercase).json")
        let sink = sink()
        let second = try compose(Sample.download(), with: sink)
        _ = await sink.deliver(second)
        #expect(Set(try manifest().keys) == [second.event.lowercase])
        #expect(!(try directory.read("feed/hashes.csv")).contains(first.event.lowercase))
    }

    @Test("Hashes that are lost or not ours are made anew", arguments: [nil, "garbage\n", "a,b\n"] as [String?])
    func hashes(content: String?) async throws {
        let first = try compose(Sample.webAttack(), with: sink())
        _ = await sink().deliver(first)
        let before = try directory.read("feed/hashes.csv")
        let file = directory.path + "/feed/hashes.csv"
        if let content { try directory.write(content, to: "feed/hashes.csv") } else { unlink(file) }
        let sink = sink()
        let second = try compose(Sample.download(), with: sink)
        _ = await sink.deliver(second)
        let lines = Set(try directory.read("feed/hashes.csv").split(separator: "\n"))
        #expect(lines.isSuperset(of: before.split(separator: "\n")))
        #expect(lines.contains { $0.hasSuffix(second.event.lowercase) })
    }

    static let brokenManifests: [(content: String, reason: String)] = [
        ("", "not a file that Warnbell wrote"),
        ("{", "not a file that Warnbell wrote"),
        ("[]", "not a file that Warnbell wrote"),
        ("{\"a\":1}", "not a file that Warnbell wrote"),
        ("{\"3c0dfd3a-01a3-5383-b515-5000af10ac2b\":{}}", "lacks \"Orgc\""),
        (
            "{\"3c0dfd3a-01a3-5383-b515-5000af10ac2b\":{\"Orgc\":{\"name\":\"Example Org\",\"uuid\":\"5f0c6a3e-8d1b-4c52-9b7e-2a4d6e8f0a1c\"}}}",
            "lacks"
        ),
        (
            "{\"x\":{\"Orgc\":{\"name\":\"Example Org\",\"uuid\":\"5f0c6a3e-8d1b-4c52-9b7e-2a4d6e8f0a1c\"},\"Tag\":[],\"info\":\"\",\"date\":\"\",\"analysis\":0,\"threat_level_id\":1,\"timestamp\":1}}",
            "\"x\" is no UUID"
        ),
        (
            "{\"3c0dfd3a-01a3-5383-b515-5000af10ac2b\":{\"Orgc\":{\"name\":\"CIRCL\",\"uuid\":\"55f6ea5e-2c60-40e5-964f-47a8950d210f\"},\"analysis\":\"2\"}}",
            "lists events of CIRCL"
        ),
    ]

    @Test("A manifest that is broken or another's stops all deliveries and is left alone", arguments: brokenManifests)
    func broken(content: String, reason: String) async throws {
        try FileManager.default.createDirectory(atPath: directory.path + "/feed", withIntermediateDirectories: true)
        try directory.write(content, to: "feed/manifest.json")
        let sink = sink()
        let error = await #expect(throws: FeedError.self) { try await sink.prepare() }
        #expect(
            error.map { "\($0)".contains(reason) && "\($0)".contains("manifest.json") } == true,
            "\(String(describing: error))")
        guard case .pause(let why) = await sink.deliver(try compose(Sample.webAttack(), with: sink)) else {
            Issue.record("expected a pause")
            return
        }
        #expect(why.contains(reason))
        #expect(try directory.read("feed/manifest.json") == content)
        #expect(try directory.names(in: "feed") == ["manifest.json"])
    }

    @Test("Once a person has moved the broken manifest away, deliveries go on")
    func repaired() async throws {
        try FileManager.default.createDirectory(atPath: directory.path + "/feed", withIntermediateDirectories: true)
        try directory.write("{", to: "feed/manifest.json")
        let sink = sink()
        let composition = try compose(Sample.webAttack(), with: sink)
        _ = await sink.deliver(composition)
        unlink(directory.path + "/feed/manifest.json")
        #expect(await sink.deliver(composition) == .stored(.init(confirmed: composition.items.count)))
    }

    @Test("A directory that can't be written is tried again later")
    func unwritable() async throws {
        try directory.write("a file, no directory", to: "blocked")
        let sink = sink(path: directory.path + "/blocked/feed")
        let receipt = await sink.deliver(try compose(Sample.webAttack(), with: sink))
        #expect(receipt == .retry(after: nil, reason: "mkdir \(directory.path)/blocked/feed: Not a directory"))
    }

    @Test("So is one that can't be made, below a link that leads nowhere", arguments: ["dangling/feed", "dangling"])
    func danglingLink(path: String) async throws {
        symlink("/nonexistent", directory.path + "/dangling")
        let sink = sink(path: directory.path + "/" + path)
        let receipt = await sink.deliver(try compose(Sample.webAttack(), with: sink))
        #expect(receipt == .retry(after: nil, reason: "mkdir \(directory.path)/dangling: No such file or directory"))
    }

    @Test("A body that is no event of a feed is refused", arguments: ["", "{}", "{\"Event\":{}}", "null"])
    func wrongBody(body: String) async throws {
        let sink = sink()
        let good = try compose(Sample.webAttack(), with: sink)
        let receipt = await sink.deliver(
            Composition(event: good.event, window: good.window, body: Array(body.utf8), items: [], isUpdate: false))
        guard case .refused(let reason) = receipt else {
            Issue.record("expected a refusal, got \(receipt)")
            return
        }
        #expect(reason.hasPrefix("the body is no event of a feed"))
    }

    @Test("A body composed for a server is not put into a feed")
    func serverBody() async throws {
        let sink = sink()
        let composition = try composer.compose(
            nil, Sample.batch(Sample.bruteForce()), flows: [], now: Sample.now, organisation: Sample.organisation)
        guard case .refused = await sink.deliver(composition) else {
            Issue.record("expected a refusal")
            return
        }
        #expect(try directory.names() == [])
    }

    @Test("Tests are left out unless they are wished, and real events are not")
    func tests() async throws {
        let sink = sink(includesTests: false)
        let test = try compose(Sample.webAttack("203.0.113.9"), with: sink)
        #expect(await sink.deliver(test) == .leftOut(reason: "it is a test, and feed.include_tests is off"))
        #expect(try directory.names() == [])
        let real = try compose(Sample.webAttack("45.148.10.9"), with: sink)
        #expect(await sink.deliver(real) == .stored(.init(confirmed: real.items.count)))
        #expect(Set(try manifest().keys) == [real.event.lowercase])
    }

    @Test(
        "Beyond its limit the feed lets go of what has not changed for the longest time",
        arguments: [(3, 3), (4, 3), (6, 3)])
    func limit(given: Int, kept: Int) async throws {
        let sink = sink(eventLimit: 3)
        var names: [String] = []
        for number in 1...given {
            let composition = try compose(
                Sample.webAttack("45.148.10.\(number)"), now: Sample.now + .seconds(number), with: sink)
            _ = await sink.deliver(composition)
            names.append(composition.event.lowercase)
        }
        #expect(Set(try manifest().keys) == Set(names.suffix(kept)))
        #expect(try directory.names(in: "feed").count == kept + 2)
    }

    @Test("Many deliveries at once leave a feed in order")
    func concurrent() async throws {
        let sink = sink()
        let compositions = try (1...20).map { try compose(Sample.webAttack("45.148.10.\($0)"), with: sink) }
        await withTaskGroup(of: Void.self) { group in
            for composition in compositions {
                group.addTask { _ = await sink.deliver(composition) }
            }
        }
        #expect(Set(try manifest().keys) == Set(compositions.map(\.event.lowercase)))
        for composition in compositions { #expect(try event(composition.event).uuid.uuid == composition.event) }
    }
}
