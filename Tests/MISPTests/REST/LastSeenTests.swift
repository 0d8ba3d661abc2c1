import Pipeline
import TestKit
import Testing
import Timestamps

@testable import MISP

/// How an event goes on saying when its attacker was seen last, while analysts work on it.
struct LastSeenTests {
    private static let uuid = SentEvent.uuid.lowercase

    /// The event as it is composed `minutes` after it began: the attacker was seen by then, and the report is new.
    private func event(after minutes: Int64, seen: Int64? = nil) -> SentEvent {
        var event = SentEvent(addresses: 2)
        event.isUpdate = minutes > 0
        if event.isUpdate { event.event.tags = [] }
        event.event.attributes[0].lastSeen = Self.moment(seen ?? minutes)
        event.event.attributes[0].firstSeen = Self.moment(0)
        event.event.reports = [
            EventReport(
                uuid: WireUUID(SentEvent.id(50)), name: "r", content: "after \(minutes)",
                timestamp: WireSeconds(seconds: SentEvent.time + minutes * 60))
        ]
        return event
    }

    private static func moment(_ minutes: Int64) -> WireMoment {
        WireMoment(Timestamp(seconds: SentEvent.time + minutes * 60))
    }

    private static func text(_ minutes: Int64) -> String {
        "\(Timestamp(seconds: SentEvent.time + minutes * 60).iso8601.dropLast())+00:00"
    }

    private func attacker(_ bench: RESTSinkBench) throws -> MISPStandIn.Attribute {
        try #require(bench.stored?[attribute: SentEvent.id(0).lowercase])
    }

    @Test("It grows with the updates by one request each, and what an analyst made of the attribute stays")
    func growing() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(event(after: 0))
        #expect(bench.requests == ["add"])
        bench.misp.change { state in
            state.events[Self.uuid]?.attributes[0].comment = "a scanner of ours"
            state.events[Self.uuid]?.attributes[0].toIDs = false
            state.events[Self.uuid]?.attributes[0].timestamp = SentEvent.time + 30
        }
        for minutes in [10, 20] as [Int64] {
            bench.forget()
            #expect(try await bench.deliver(event(after: minutes)).stored == .init(confirmed: 2))
            #expect(
                bench.misp.state.requests == [
                    "POST /events/edit/\(Self.uuid)/metadata:1", "POST /attributes/edit/\(SentEvent.id(0).lowercase)",
                ])
            let stored = try attacker(bench)
            #expect(stored.lastSeen == Self.text(minutes))
            #expect(stored.firstSeen == Self.text(0))
            #expect(stored.comment == "a scanner of ours")
            #expect(!stored.toIDs)
        }
        #expect(bench.misp.state.last?.json?.members?.keys.sorted() == ["last_seen", "timestamp"])
    }

    @Test("Where it says so already there is no request, after a restart either", arguments: [true, false])
    func unmoved(isRestarted: Bool) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(event(after: 0))
        _ = try await bench.deliver(event(after: 10))
        bench.forget()
        let sink = isRestarted ? try RESTSinkBench.sink(url: bench.misp.url) : bench.sink
        let receipt = await sink.deliver(try event(after: 20, seen: 10).composition(), note: bench.note)
        #expect(receipt.stored == .init(confirmed: 2))
        #expect(bench.requests == ["edit"])
    }

    @Test("An attribute that an analyst deleted is left alone", arguments: [true, false], [true, false])
    func deleted(isSoft: Bool, isReplaced: Bool) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(event(after: 0))
        bench.misp.change { state in
            if isSoft {
                state.events[Self.uuid]?.attributes[0].deleted = true
            } else {
                state.events[Self.uuid]?.attributes.remove(at: 0)
            }
            // Another one in its place hides it from whoever only counts.
            guard isReplaced else { return }
            state.events[Self.uuid]?.attributes.append(.init(uuid: SentEvent.id(90).lowercase, value: "192.0.2.1"))
        }
        bench.forget()
        #expect(try await bench.deliver(event(after: 10)).stored?.refused == [])
        #expect(bench.requests == (isReplaced ? ["edit", "attributes"] : ["edit", "view"]))
        let stored = bench.stored?[attribute: SentEvent.id(0).lowercase]
        #expect(stored?.lastSeen == (isSoft ? Self.text(0) : nil))
        #expect(stored?.deleted == (isSoft ? true : nil))
    }

    @Test("What somebody changed after the update was composed stays until the next update")
    func newer() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(event(after: 0))
        bench.misp.change { $0.events[Self.uuid]?.attributes[0].timestamp = SentEvent.time + 11 * 60 }
        #expect(try await bench.deliver(event(after: 10)).stored == .init(confirmed: 2))
        #expect(try attacker(bench).lastSeen == Self.text(0))
        #expect(try await bench.deliver(event(after: 20)).stored == .init(confirmed: 2))
        #expect(try attacker(bench).lastSeen == Self.text(20))
    }

    @Test("An end before the begin that an analyst has set is not insisted on")
    func refused() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(event(after: 0))
        bench.misp.change { $0.events[Self.uuid]?.attributes[0].firstSeen = Self.text(60) }
        #expect(try await bench.deliver(event(after: 10)).stored == .init(confirmed: 2))
        bench.forget()
        #expect(try await bench.deliver(event(after: 20, seen: 10)).stored == .init(confirmed: 2))
        #expect(bench.requests == ["edit"])
    }

    @Test(
        "A move that breaks off comes again with its update",
        arguments: [.dropBefore, .dropAfter, .page(502)] as [MISPStandIn.Fault])
    func broken(fault: MISPStandIn.Fault) async throws {
        let bench = try RESTSinkBench { $0.keepsConnections = false }
        defer { bench.stop() }
        _ = try await bench.deliver(event(after: 0))
        bench.misp.change { $0.faults = [.none, fault] }
        let (attempts, receipt) = try await bench.deliverUntilStored(event(after: 10))
        #expect(attempts == 2)
        #expect(receipt.stored == .init(confirmed: 2))
        #expect(try attacker(bench).lastSeen == Self.text(10))
    }

    @Test("Of an event that is adopted it is moved forward only", arguments: [(5, 10), (20, 20)] as [(Int64, Int64)])
    func adopted(stored: Int64, expected: Int64) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(event(after: 0, seen: stored))
        var again = event(after: 10)
        again.isUpdate = false
        bench.forget()
        let receipt = await (try RESTSinkBench.sink(url: bench.misp.url)).deliver(try again.composition())
        #expect(receipt.stored == .init(confirmed: 2))
        #expect(bench.requests == (stored < 10 ? ["add", "view", "attributes"] : ["add", "view"]))
        #expect(try attacker(bench).lastSeen == Self.text(expected))
    }

    @Test("Of several addresses the one seen last counts; addresses of ours never do")
    func several() throws {
        var event = event(after: 10).event
        event.attributes[1].lastSeen = Self.moment(20)
        var ours = SentEvent.address(2)
        ours.lastSeen = Self.moment(30)
        ours.distribution = .organisation
        event.attributes.append(ours)
        #expect(event.attacker?.uuid == WireUUID(SentEvent.id(1)))
        event.attributes = [ours]
        #expect(event.attacker == nil)
    }

    @Test("A composed update costs two requests: the edit, and the time")
    func composed() async throws {
        let bench = try RESTSinkBench { $0.role.tagEditor = true }
        defer { bench.stop() }
        try await bench.sink.prepare()
        let evidence = Sample.bruteForce()
        let first = try bench.sink.compose(nil, Sample.batch(evidence), flows: [], now: Sample.now)
        let receipt = await bench.sink.deliver(first)
        bench.forget()
        let later = Sample.evidence(count: 3, from: Sample.now + .seconds(60))
        let second = try bench.sink.compose(
            Sample.history(first, evidence), Sample.batch(later), flows: [], now: Sample.now + .seconds(120))
        #expect(await bench.sink.deliver(second, note: receipt.note).kind == "stored")
        #expect(bench.requests == ["edit", "attributes"])
        let stored = bench.misp.state.events[first.event.lowercase]?.attributes.first { $0.type == "ip-src" }
        #expect(stored?.lastSeen == "2026-11-20T08:02:02.000+00:00")
        #expect(stored?.firstSeen == "2026-11-20T08:00:00.050+00:00")
    }
}
