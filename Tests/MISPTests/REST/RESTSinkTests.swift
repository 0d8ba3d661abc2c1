import Foundation
import HTTPClient
import Pipeline
import TestKit
import Testing

@testable import MISP

/// What a MISP server holds after events were sent to it.
struct RESTSinkTests {
    @Test("A batch is composed for the key's organisation and arrives whole, unpublished")
    func composed() async throws {
        let bench = try RESTSinkBench { $0.role.tagEditor = true }
        defer { bench.stop() }
        try await bench.sink.prepare()
        try await bench.sink.prepare()
        #expect(bench.misp.state.requests == ["GET /servers/getVersion", "GET /users/view/me"])
        let batch = Sample.batch(Sample.bruteForce())
        let composition = try bench.sink.compose(nil, batch, flows: [], now: Sample.now)
        let receipt = await bench.sink.deliver(composition)
        let stored = try #require(bench.misp.state.events[composition.event.lowercase])
        #expect(receipt.stored?.refused == [])
        #expect(receipt.stored?.warnings == [])
        #expect(receipt.stored?.confirmed == stored.attributes.count)
        let sent = try EventDocument(body: composition.body).event
        #expect(Set(stored.attributes.map(\.uuid)) == Set(sent.attributes.map(\.uuid.uuid.lowercase)))
        #expect(stored.attributes.flatMap(\.sightings.keys).count == sent.sightings.count)
        #expect(Set(stored.tags) == Set(sent.tags.map(\.name)))
        #expect(stored.reports.count == sent.reports.count)
        #expect(stored.published == false)
        #expect(bench.misp.state.mails == 0)
        #expect(bench.requests == ["add"])
    }

    @Test("Nothing is composed before the organisation is known")
    func unprepared() throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        #expect(throws: NotPreparedError.self) {
            try bench.sink.compose(nil, Sample.batch(Sample.evidence()), flows: [], now: Sample.now)
        }
    }

    @Test("An update adds what is new and leaves what an analyst changed, took away or set")
    func update() async throws {
        let bench = try RESTSinkBench { $0.role.tagEditor = true }
        defer { bench.stop() }
        var event = SentEvent()
        event.event.tags.append(Tag(name: "tlp:green"))
        _ = try await bench.deliver(event)
        let uuid = SentEvent.uuid.lowercase
        bench.misp.change { state in
            state.events[uuid]?.fields["info"] = "Known scanner"
            state.events[uuid]?.fields["distribution"] = "1"
            state.events[uuid]?.tags = ["tlp:green"]
            state.events[uuid]?.attributes[0].comment = "ours"
            state.events[uuid]?.attributes[0].toIDs = false
            state.events[uuid]?.attributes[1].deleted = true
        }
        bench.forget()
        var update = SentEvent(addresses: 4)
        update.isUpdate = true
        update.event.attributes[3].timestamp = WireSeconds(seconds: SentEvent.time + 60)
        update.event.tags = [Tag(name: "type:CYBINT")]
        update.event.attributes[0].sightings = [SentEvent.sighting(1)]
        let receipt = try await bench.deliver(update)
        let stored = try #require(bench.stored)
        #expect(stored.fields["info"] == "Known scanner")
        #expect(stored.fields["distribution"] == "1")
        #expect(stored.tags == ["tlp:green", "type:CYBINT"])
        #expect(stored.attributes.map(\.comment) == ["ours", "", "", ""])
        #expect(stored.attributes.map(\.toIDs) == [false, true, true, true])
        #expect(stored.attributes.map(\.deleted) == [false, true, false, false])
        #expect(stored.attributes[0].sightings.count == 1)
        #expect(receipt.stored?.confirmed == 3)
        #expect(receipt.stored?.refused == [])
        #expect(bench.requests == ["edit", "sightings", "view"])
        bench.forget()
        _ = try await bench.deliver(update)
        #expect(bench.requests == ["edit"], "a sighting is sent once")
        #expect(bench.stored?.attributes[0].sightings.count == 1)
        update.event.attributes[0].sightings?.append(SentEvent.sighting(2))
        bench.forget()
        _ = try await bench.deliver(update)
        #expect(bench.requests == ["edit", "sightings"])
        #expect(bench.stored?.attributes[0].sightings.count == 2)
        #expect(bench.misp.state.last?.json?.elements?.count == 1)
    }

    @Test("Our own flow objects are rewritten when they are newer")
    func flows() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var event = SentEvent(addresses: 1)
        event.event.objects = [SentEvent.flow(10)]
        #expect(try await bench.deliver(event).stored?.confirmed == 3)
        event.isUpdate = true
        event.event.objects = [SentEvent.flow(10, port: "2222", time: SentEvent.time + 5)]
        #expect(try await bench.deliver(event).stored?.confirmed == 3)
        #expect(bench.stored?[attribute: SentEvent.id(11).lowercase]?.value == "2222")
        #expect(bench.stored?.count == 3)
    }

    @Test("An update of an event that MISP lost makes it anew, with the tags it had")
    func lost() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var update = SentEvent()
        update.isUpdate = true
        let composition = try update.composition()
        var event = try EventDocument(body: composition.body).event
        event.tags = []
        let body = try EventDocument(event).encoded()
        let receipt = await bench.sink.deliver(
            Composition(
                event: composition.event, window: composition.window, body: body, items: composition.items,
                isUpdate: true))
        #expect(receipt.stored?.confirmed == 3)
        #expect(bench.stored?.tags == ["tlp:amber"])
        #expect(bench.requests == ["edit", "add"])
    }

    @Test("An event of before our data was lost is read and adopted: analysts' edits stay, what is new comes in")
    func adoption() async throws {
        let bench = try RESTSinkBench { $0.role.tagEditor = true }
        defer { bench.stop() }
        var event = SentEvent()
        event.event.tags.append(Tag(name: "tlp:green"))
        _ = try await bench.deliver(event)
        let uuid = SentEvent.uuid.lowercase
        bench.misp.change { state in
            state.events[uuid]?.tags = ["tlp:amber"]
            state.events[uuid]?.attributes[0].toIDs = false
            state.events[uuid]?.fields["threat_level_id"] = "3"
        }
        bench.forget()
        var again = SentEvent(addresses: 4, time: SentEvent.time + 100)
        again.event.tags += [Tag(name: "tlp:green"), Tag(name: "misp-galaxy:x=\"y\"")]
        again.event.attributes[0].sightings = [SentEvent.sighting(7)]
        #expect(try await bench.deliver(again).stored?.confirmed == 4)
        let stored = try #require(bench.stored)
        #expect(stored.attributes.map(\.toIDs) == [false, true, true, true])
        #expect(stored.attributes[0].sightings.count == 1)
        #expect(stored.tags == ["tlp:amber", "misp-galaxy:x=\"y\""])
        #expect(stored.fields["threat_level_id"] == "3")
        #expect(bench.requests == ["add", "view", "attributes", "edit", "sightings"])
    }

    @Test("It is read once, whatever others have put into it")
    func adoptedOnce() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(SentEvent())
        bench.misp.change { state in
            for number in 1...7 {
                state.events[SentEvent.uuid.lowercase]?.attributes.append(
                    .init(uuid: SentEvent.id(90 + number).lowercase, value: "192.0.2.\(number)"))
            }
            state.events[SentEvent.uuid.lowercase]?.attributes[2].deleted = true
        }
        bench.forget()
        var again = SentEvent(addresses: 4, time: SentEvent.time + 100)
        again.event.objects = [SentEvent.flow(20, time: SentEvent.time + 100)]
        let restarted = try RESTSinkBench.sink(url: bench.misp.url)
        let receipt = await restarted.deliver(try again.composition())
        #expect(receipt.stored == .init(confirmed: 5))
        #expect(bench.requests == ["add", "view", "attributes", "edit"])
        bench.forget()
        again.isUpdate = true
        again.event.attributes.append(SentEvent.address(8, time: SentEvent.time + 200))
        #expect(await restarted.deliver(try again.composition(), note: receipt.note).stored == .init(confirmed: 6))
        #expect(bench.requests == ["edit"])
    }

    @Test("The report of an adopted event stays until there is more to tell than this start knows")
    func adoptedReport() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        func report(_ content: String, after seconds: Int64) -> EventReport {
            EventReport(
                uuid: WireUUID(SentEvent.id(50)), name: "r", content: content,
                timestamp: WireSeconds(seconds: SentEvent.time + seconds))
        }
        var event = SentEvent()
        event.event.reports = [report("4000 alerts", after: 0)]
        _ = try await bench.deliver(event)
        event.event.reports = [report("1 alert", after: 100)]
        #expect(try await bench.deliver(event).kind == "stored")
        #expect(bench.stored?.reports.values.map(\.content) == ["4000 alerts"])
        event.isUpdate = true
        event.event.reports = [report("2 alerts", after: 200)]
        _ = try await bench.deliver(event)
        #expect(bench.stored?.reports.values.map(\.content) == ["2 alerts"])
    }

    @Test("An event of another organisation is refused for good", arguments: [false, true])
    func foreign(isUpdate: Bool) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(SentEvent())
        bench.misp.change { $0.organisation.uuid = "5f5c1a3e-7a3c-4f0e-9d55-2f1d0c6f0a02" }
        var event = SentEvent()
        event.isUpdate = isUpdate
        let receipt = try await bench.deliver(event)
        #expect(
            receipt
                == .refused(
                    reason: "an event with this UUID is in MISP, and the key's organisation may not change it"))
    }

    @Test("No request holds more than 500 attributes", arguments: [(500, 1), (501, 2)])
    func largeEvents(count: Int, requests: Int) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var event = SentEvent(addresses: count)
        event.event.attributes[0].sightings = [SentEvent.sighting(0)]
        event.event.attributes[count - 1].sightings = [SentEvent.sighting(1)]
        #expect(try await bench.deliver(event).stored?.confirmed == count)
        #expect(bench.stored?.count == count)
        #expect(bench.stored?.tags == ["tlp:amber"])
        #expect(bench.stored?.attributes.flatMap(\.sightings.keys).count == 2)
        #expect(bench.requests.filter { ["add", "edit"].contains($0) }.count == requests)
        event.isUpdate = true
        bench.forget()
        #expect(try await bench.deliver(event).stored?.confirmed == count)
        #expect(bench.requests.filter { $0 == "edit" }.count == requests)
    }

    @Test("Objects stay whole when an event is split")
    func splitObjects() throws {
        var event = SentEvent(addresses: 4).event
        event.objects = [SentEvent.flow(10), SentEvent.flow(20), SentEvent.flow(30)]
        event.reports = [
            EventReport(uuid: event.uuid, name: "r", content: "c", timestamp: WireSeconds(seconds: 1))
        ]
        let requests = EventChanges(event).split(limit: 5)
        #expect(requests.map(\.attributes.count) == [4, 0, 0])
        #expect(requests.map(\.objects.count) == [0, 2, 1])
        #expect(requests.map(\.reports.count) == [1, 0, 0])
        #expect(requests.map(\.tags.count) == [1, 0, 0])
    }

    @Test("Bodies go out as gzip to a server that reads it", arguments: [true, false])
    func compression(readsGzip: Bool) async throws {
        let bench = try RESTSinkBench { $0.readsGzip = readsGzip }
        defer { bench.stop() }
        try await bench.sink.prepare()
        #expect(try await bench.deliver(SentEvent(addresses: 50)).stored?.confirmed == 50)
        #expect(bench.misp.state.gzipRequests == (readsGzip ? 1 : 0))
    }
}
