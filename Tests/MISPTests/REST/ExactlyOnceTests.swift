import Pipeline
import TestKit
import Testing

@testable import MISP

/// Whatever breaks off and is tried again: one event, every attribute and sighting in it once.
struct ExactlyOnceTests {
    /// Six addresses and a flow object, in two requests of at most five attributes; a report, two sightings.
    private static let event: SentEvent = {
        var event = SentEvent(addresses: 6)
        event.event.attributes[0].sightings = [SentEvent.sighting(0)]
        event.event.attributes[5].sightings = [SentEvent.sighting(1)]
        event.event.objects = [SentEvent.flow(9_000)]
        event.event.reports = [
            EventReport(
                uuid: WireUUID(SentEvent.id(9_100)), name: "Report", content: "Text",
                timestamp: WireSeconds(seconds: SentEvent.time))
        ]
        return event
    }()

    private func expectWhole(_ stored: MISPStandIn.Event?, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let stored = try #require(stored, sourceLocation: sourceLocation)
        #expect(stored.attributes.count == 8, sourceLocation: sourceLocation)
        #expect(Set(stored.attributes.map(\.uuid)).count == 8, sourceLocation: sourceLocation)
        #expect(Set(stored.attributes.map { $0.type + $0.value }).count == 8, sourceLocation: sourceLocation)
        #expect(stored.attributes.flatMap(\.sightings.keys).count == 2, sourceLocation: sourceLocation)
        #expect(stored.objects.count == 1, sourceLocation: sourceLocation)
        #expect(stored.reports.count == 1, sourceLocation: sourceLocation)
        #expect(stored.tags == ["tlp:amber"], sourceLocation: sourceLocation)
    }

    enum Break: Sendable, CaseIterable { case before, after, page }

    @Test(
        "A delivery that breaks off at any request and is tried again", arguments: Break.allCases, 0..<4)
    func breaks(at kind: Break, after requests: Int) async throws {
        let bench = try RESTSinkBench(attributesPerRequest: 5) { $0.keepsConnections = false }
        defer { bench.stop() }
        let faults: [MISPStandIn.Fault] = Array(repeating: .none, count: requests) + [fault(kind)]
        bench.misp.change { $0.faults = faults }
        let (attempts, receipt) = try await bench.deliverUntilStored(Self.event)
        #expect(receipt.stored?.confirmed == 8)
        #expect(receipt.stored?.refused == [])
        // A first delivery is three requests: add, edit, sightings.
        #expect(attempts == (requests < 3 ? 2 : 1))
        try expectWhole(bench.stored)
    }

    @Test("A delivery that breaks off again and again", arguments: Break.allCases)
    func repeatedBreaks(of kind: Break) async throws {
        let bench = try RESTSinkBench(attributesPerRequest: 5)
        defer { bench.stop() }
        bench.misp.change {
            $0.faults = [fault(kind), fault(kind), .none, fault(kind), fault(kind), .none, .none, fault(kind)]
        }
        let (_, receipt) = try await bench.deliverUntilStored(Self.event)
        #expect(receipt.stored?.confirmed == 8)
        try expectWhole(bench.stored)
        #expect(bench.misp.state.events.count == 1)
    }

    @Test("An update that breaks off and is tried again", arguments: Break.allCases, 0..<3)
    func updates(at kind: Break, after requests: Int) async throws {
        let bench = try RESTSinkBench(attributesPerRequest: 5) { $0.keepsConnections = false }
        defer { bench.stop() }
        _ = try await bench.deliver(SentEvent())
        var update = Self.event
        update.isUpdate = true
        update.event.tags = []
        let faults: [MISPStandIn.Fault] = Array(repeating: .none, count: requests) + [fault(kind)]
        bench.misp.change { $0.faults = faults }
        let (attempts, receipt) = try await bench.deliverUntilStored(update)
        #expect(attempts == 2)
        #expect(receipt.stored?.confirmed == 8)
        try expectWhole(bench.stored)
    }

    @Test("Half an event that an internal error left behind is completed")
    func partialEvent() async throws {
        let bench = try RESTSinkBench(attributesPerRequest: 5)
        defer { bench.stop() }
        var broken = Self.event
        broken.event.attributes[3].comment = "🔔"
        let receipt = try await bench.deliver(broken)
        #expect(receipt == .retry(after: nil, reason: "MISP answers with status 500"))
        #expect(bench.stored?.count == 3)
        #expect(bench.stored?.tags == [])
        #expect(try await bench.deliver(Self.event).stored?.confirmed == 8)
        try expectWhole(bench.stored)
    }

    @Test("Half an object that an internal error left behind is completed")
    func partialObject() async throws {
        let bench = try RESTSinkBench(attributesPerRequest: 5)
        defer { bench.stop() }
        var event = SentEvent(addresses: 1)
        event.event.objects = [SentEvent.flow(10)]
        var broken = event
        broken.event.objects[0].attributes[1].comment = "🔔"
        #expect(try await bench.deliver(broken).kind == "retry")
        #expect(bench.stored?.count == 2)
        #expect(try await bench.deliver(event).stored?.confirmed == 3)
        #expect(bench.stored?.attributes.map(\.uuid) == [0, 11, 12].map { SentEvent.id($0).lowercase })
    }

    @Test(
        "An internal error that leaves any part of an event behind: it is completed, and nothing is there twice",
        arguments: [(0, 0...6), (1, 0...6)] as [(Int, ClosedRange<Int>)], [false, true])
    func halfStored(place: (request: Int, parts: ClosedRange<Int>), isUpdate: Bool) async throws {
        for parts in place.parts {
            let bench = try RESTSinkBench(attributesPerRequest: 5)
            defer { bench.stop() }
            var event = Self.event
            if isUpdate {
                _ = try await bench.deliver(SentEvent())
                event.isUpdate = true
                event.event.tags = []
            }
            let faults: [MISPStandIn.Fault] = Array(repeating: .none, count: place.request) + [.halfStored(parts)]
            bench.misp.change { $0.faults = faults }
            let (attempts, receipt) = try await bench.deliverUntilStored(event)
            #expect(attempts == 2)
            #expect(receipt.stored == .init(confirmed: 8), "after \(parts) parts")
            try expectWhole(bench.stored)
        }
    }

    @Test("A delivery that arrived and is sent once more changes nothing, not even whether it is published")
    func repetition() async throws {
        let bench = try RESTSinkBench(attributesPerRequest: 5)
        defer { bench.stop() }
        _ = try await bench.deliver(Self.event)
        bench.misp.change { $0.events[SentEvent.uuid.lowercase]?.published = true }
        #expect(try await bench.deliver(Self.event).stored?.confirmed == 8)
        try expectWhole(bench.stored)
        #expect(bench.stored?.published == true)
    }

    private func fault(_ kind: Break) -> MISPStandIn.Fault {
        switch kind {
        case .before: .dropBefore
        case .after: .dropAfter
        case .page: .page(502)
        }
    }
}
