import Pipeline
import TestKit
import Testing

@testable import MISP

/// How an event is shown to those whom it is for.
struct PublishingTests {
    private static let stored = Receipt.stored(.init(confirmed: 0))

    @Test("An event is published by a call of its own, and nobody gets a mail")
    func published() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(SentEvent())
        #expect(bench.stored?.published == false)
        bench.forget()
        for _ in 0..<2 { #expect(await bench.sink.publish(SentEvent.uuid) == Self.stored) }
        #expect(bench.stored?.published == true)
        #expect(
            bench.misp.state.requests == Array(repeating: "POST /events/publish/\(SentEvent.uuid.lowercase)", count: 2))
        var update = SentEvent(addresses: 4)
        update.isUpdate = true
        _ = try await bench.deliver(update)
        #expect(bench.stored?.published == false, "an edit takes it back")
        #expect(bench.misp.state.mails == 0)
    }

    @Test("An event that waits to be published is not, where that is not wanted any more")
    func notAnyMore() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(SentEvent())
        let sink = try RESTSinkBench.sink(url: bench.misp.url, publishing: .never)
        #expect(await sink.publish(SentEvent.uuid) == .leftOut(reason: "misp.publish is never"))
        #expect(bench.stored?.published == false)
    }

    @Test("A key that may not publish keeps no event from coming")
    func withoutRight() async throws {
        let bench = try RESTSinkBench { $0.role.publish = false }
        defer { bench.stop() }
        try await bench.sink.prepare()
        _ = try await bench.deliver(SentEvent())
        #expect(
            await bench.sink.publish(SentEvent.uuid)
                == .leftOut(
                    reason:
                        "the key may not publish (perm_publish): You do not have permission to use this functionality."
                ))
        bench.misp.fail(next: .reply(.json(#"{"name":"You don't have the permission to do that."}"#, status: 405)))
        #expect(await bench.sink.publish(SentEvent.uuid).kind == "left out")
        var update = SentEvent(addresses: 4)
        update.isUpdate = true
        #expect(try await bench.deliver(update).stored?.confirmed == 4)
    }

    @Test("An event that is gone needs no publishing")
    func unknown() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        #expect(await bench.sink.publish(SentEvent.uuid) == .leftOut(reason: "MISP does not know the event"))
    }

    @Test(
        "Other failures are those of deliveries",
        arguments: [
            (.page(502), .retry(after: nil, reason: "MISP answers with status 502")),
            (.page(200), .retry(after: nil, reason: "what answers /events/publish/UUID with no JSON is not MISP")),
            (
                .reply(.init(status: 429, fields: [("Retry-After", "7")])),
                .retry(after: .seconds(7), reason: "MISP's rate limit is reached")
            ),
            (
                .reply(.json(#"{"name":"Authentication failed."}"#, status: 403)),
                .pause(reason: "MISP does not accept the key: Authentication failed.")
            ),
            (
                .reply(.json(#"{"saved":false,"name":"x","errors":"A workflow says no."}"#, status: 403)),
                .refused(reason: "MISP refuses event: A workflow says no.")
            ),
            // With background jobs MISP says so.
            (.reply(.json(#"{"saved":true,"success":true,"name":"Job queued"}"#)), stored),
        ] as [(MISPStandIn.Fault, Receipt)])
    func failures(fault: MISPStandIn.Fault, receipt: Receipt) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        bench.misp.fail(next: fault)
        let answer = await bench.sink.publish(SentEvent.uuid)
        #expect(answer.kind == receipt.kind)
        #expect(answer.reason.replacing(SentEvent.uuid.lowercase, with: "UUID") == receipt.reason)
    }

    @Test(
        "Published is what the setting says, but no test, and nothing of a feed",
        arguments: [
            (.afterQuiet, "45.148.10.9", .organisation, true), (.afterQuiet, "45.148.10.9", .all, true),
            (.afterQuiet, "203.0.113.9", .organisation, false), (.afterQuiet, "203.0.113.9", .all, false),
            (.never, "45.148.10.9", .organisation, false), (.never, "45.148.10.9", .all, false),
        ] as [(EventSettings.Publishing, String, Distribution, Bool)])
    func wanted(setting: EventSettings.Publishing, address: String, distribution: Distribution, expected: Bool) throws {
        let composer = EventComposer(settings: try EventSettings(distribution: distribution, publishing: setting))
        let batch = Sample.batch(Sample.bruteForce(address))
        let first = try composer.compose(
            nil, batch, flows: [], now: Sample.now, organisation: Sample.organisation)
        let second = try composer.compose(
            Sample.history(first, Sample.bruteForce(address)), batch, flows: [], now: Sample.now,
            organisation: Sample.organisation)
        #expect([first, second].map(\.isToBePublished) == [expected, expected])
        let feed = try composer.composeForFeed(
            nil, batch, flows: [], now: Sample.now, organisation: Sample.organisation)
        #expect(!feed.isToBePublished)
        #expect(try EventDocument(body: first.body).event.published == nil, "never inline")
    }
}
