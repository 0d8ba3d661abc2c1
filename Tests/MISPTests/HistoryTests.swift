import Foundation
import Pipeline
import Testing
import Timestamps
import Wazuh

@testable import MISP

/// A second batch of the same source in the same window.
struct HistoryTests {
    let composer: EventComposer
    let first: Composition
    let later = Sample.moment("2026-11-20T12:00:00Z")

    init() throws {
        composer = EventComposer(settings: try EventSettings())
        first = try composer.compose(
            nil, Sample.batch(Sample.bruteForce()), flows: Sample.flows(), now: Sample.now,
            organisation: Sample.organisation)
    }

    private func update(
        _ evidence: Evidence, id: UUID = UUID(), opened: Timestamp? = nil, now: Timestamp? = nil,
        flows: [FlowFindings] = []
    ) throws -> Composition {
        try composer.compose(
            Sample.history(first, Sample.bruteForce(), flows: Sample.flows()),
            Sample.batch(evidence, id: id, opened: opened ?? later), flows: flows, now: now ?? later,
            organisation: Sample.organisation)
    }

    private static func event(_ composition: Composition) throws -> MISPEvent {
        try EventDocument(body: composition.body).event
    }

    @Test("What was sent keeps its UUID and time, what is new gets the new time")
    func stable() throws {
        var evidence = Sample.evidence(from: later)
        evidence.userAgents.add("curl/8.1", Sample.tally())
        let second = try update(evidence)
        #expect(second.isUpdate)
        #expect(second.event == first.event)
        #expect(second.window == first.window)

        let before = Dictionary(uniqueKeysWithValues: try Self.event(first).attributes.map { ($0.uuid, $0.timestamp) })
        let after = Dictionary(uniqueKeysWithValues: try Self.event(second).attributes.map { ($0.uuid, $0.timestamp) })
        #expect(before.allSatisfy { after[$0.key] == $0.value })
        let new = try Self.event(second).attributes.filter { before[$0.uuid] == nil }
        #expect(new.map(\.value) == ["curl/8.1"])
        #expect(new.map(\.timestamp.seconds) == [later.seconds])
    }

    @Test("Counts and times of both batches are merged")
    func merged() throws {
        let event = try Self.event(update(Sample.evidence(count: 3, from: later)))
        let attribute = try #require(event.attributes(.ipSource).first)
        #expect(attribute.comment.hasPrefix("15 alerts"))
        #expect(attribute.firstSeen?.moment == Sample.moment("2026-11-20T08:00:00.050Z"))
        #expect(attribute.lastSeen?.moment == later + .seconds(2))
        #expect(event.info.contains("15 alerts"))
        #expect(event.date == "2026-11-20")
    }

    @Test("The items list everything, old and new, and keep what is old")
    func items() throws {
        let second = try update(Sample.webAttack())
        let old = Dictionary(uniqueKeysWithValues: first.items.map { ($0.id, $0) })
        let new = Dictionary(uniqueKeysWithValues: second.items.map { ($0.id, $0) })
        for item in first.items where ItemKind(key: item.key) != .report { #expect(new[item.id] == item) }
        #expect(second.items.contains { $0.key == "uri|/wp-login.php" && $0.timestamp == later && old[$0.id] == nil })
        for item in second.items {
            #expect(item.id == UUID(version5: item.key, in: second.event), "\(item.key)")
        }
    }

    @Test("Every part of the body is an item with its time")
    func complete() throws {
        let event = try Self.event(first)
        let items = Dictionary(uniqueKeysWithValues: first.items.map { ($0.id, $0) })
        var parts: [(WireUUID, WireSeconds)] = event.attributes.map { ($0.uuid, $0.timestamp) }
        parts += event.objects.map { ($0.uuid, $0.timestamp) }
        parts += event.objects.flatMap(\.attributes).map { ($0.uuid, $0.timestamp) }
        parts += event.reports.map { ($0.uuid, $0.timestamp) }
        parts += event.attributes.flatMap { $0.sightings ?? [] }.map { ($0.uuid, $0.date) }
        #expect(parts.count + event.tags.count == first.items.count)
        for (uuid, timestamp) in parts { #expect(items[uuid.uuid]?.timestamp.seconds == timestamp.seconds) }
    }

    @Test("A tag is sent once: it is in the items, but no more in the body")
    func tags() throws {
        #expect(try Self.event(first).tags.map(\.name).contains("tlp:amber"))
        let second = try update(Sample.webAttack())
        #expect(
            try Self.event(second).tags.map(\.name) == [
                "misp-galaxy:mitre-attack-pattern=\"Exploit Public-Facing Application - T1190\""
            ])
        #expect(second.items.contains { $0.key == "tag|tlp:amber" })
    }

    @Test("Reports are written anew, and always later than before")
    func reports() throws {
        let second = try update(Sample.evidence(from: later))
        let reports = try Self.event(second).reports
        #expect(reports.map(\.uuid) == (try Self.event(first)).reports.map(\.uuid))
        #expect(reports.allSatisfy { $0.timestamp.seconds == later.seconds })
        let backwards = try update(Sample.evidence(from: later), now: Sample.now - .seconds(100))
        #expect(try Self.event(backwards).reports.allSatisfy { $0.timestamp.seconds == Sample.now.seconds + 1 })
    }

    @Test("A batch that opens after the window belongs to the event that the ledger knows")
    func storedWindow() throws {
        let opened = first.window.upperBound + .seconds(5)
        #expect(try update(Sample.evidence(), opened: opened).window == first.window)
    }

    @Test("The window of a new event is the one its batch was opened in", arguments: [0, -1])
    func newWindow(offset: Int64) throws {
        let boundary = Timestamp(seconds: 1_796_256_000)
        let batch = Sample.batch(Sample.evidence(), opened: Timestamp(milliseconds: boundary.milliseconds + offset))
        let composition = try composer.compose(
            nil, batch, flows: [], now: Sample.now, organisation: Sample.organisation)
        #expect(composition.window.lowerBound.seconds == (offset == 0 ? 1_796_256_000 : 1_793_664_000))
    }

    @Test("What was sent stays in the event when other values become louder")
    func sticky() throws {
        var limits = EventLimits()
        limits.publicValues = 2
        let composer = EventComposer(settings: try EventSettings(limits: limits))
        func requests(_ names: [String], count: Int) -> Evidence {
            var evidence = Sample.evidence()
            for name in names {
                evidence.requests.add(.init(scheme: nil, host: nil, target: name, role: .source), Sample.tally(count))
            }
            return evidence
        }
        let quiet = requests(["/a"], count: 1)
        let composition = try composer.compose(
            nil, Sample.batch(quiet), flows: [], now: Sample.now, organisation: Sample.organisation)
        let event = try composer.event(
            requests(["/x", "/y", "/z"], count: 9), history: Sample.history(composition, quiet), now: later)
        #expect(event.attributes(.uri).map(\.value) == ["/a", "/x"])
    }
}

struct SightingTests {
    /// Batches at these seconds after eight o'clock, one after the other, and the seconds of the sightings in the end.
    @Test(
        "An attribute is sighted at most once an hour, and the last four sightings are repeated",
        arguments: [
            ([0], [0]), ([0, 3599], [0]), ([0, 3600], [0, 3600]), ([0, 1800, 3600, 7199, 7200], [0, 3600, 7200]),
            ([3600, 0], [3600]), ([0, 3600, 7200, 10_800, 14_400], [3600, 7200, 10_800, 14_400]),
        ] as [([Int], [Int])])
    func hourly(batches: [Int], expected: [Int]) throws {
        let composer = EventComposer(settings: try EventSettings())
        let start = Sample.moment("2026-11-20T08:00:00Z")
        var history: History?
        var sightings: [Sighting] = []
        for second in batches {
            let seen = start + .seconds(second)
            let evidence = Sample.evidence(count: 1, from: seen)
            let composition = try composer.compose(
                history, Sample.batch(evidence, id: UUID()), flows: [], now: start + .seconds(86_400),
                organisation: Sample.organisation)
            var merged = history?.evidence ?? evidence
            if history != nil { merged.merge(evidence) }
            history = Sample.history(composition, merged)
            sightings = try EventDocument(body: composition.body).event.attributes[0].sightings ?? []
        }
        #expect(sightings.map { $0.date.seconds - start.seconds } == expected.map(Int64.init))
        #expect(Set(sightings.map(\.uuid)).count == expected.count)
    }

    @Test("A sighting has a UUID of its batch, type 0, and lies not in the future")
    func form() throws {
        let composer = EventComposer(settings: try EventSettings())
        let event = try composer.event(Sample.evidence(from: Sample.now + .seconds(200)))
        let sighting = try #require(event.attributes[0].sightings?.first)
        #expect(sighting.uuid.uuid.lowercase == "0eff2b71-b8b8-5772-b463-bd9ebf5c8574")
        #expect(sighting.type == "0")
        #expect(sighting.date.seconds == Sample.now.seconds)
    }

    @Test("An address that this batch did not see gets no sighting")
    func unseen() throws {
        let composer = EventComposer(settings: try EventSettings())
        let before = Sample.evidence("2001:db8::1")
        let first = try composer.compose(
            nil, Sample.batch(before), flows: [], now: Sample.now, organisation: Sample.organisation)
        let event = try composer.event(
            Sample.evidence("2001:db8::2", from: Sample.now + .seconds(7200)), history: Sample.history(first, before),
            now: Sample.now + .seconds(7300))
        let counts = event.attributes(.ipSource).map { "\($0.value) \($0.sightings?.count ?? 0)" }
        #expect(counts.sorted() == ["2001:db8::1 1", "2001:db8::2 1"])
    }
}
