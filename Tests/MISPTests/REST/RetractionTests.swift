import FoundationEssentials
import Pipeline
import TestKit
import Testing
import Timestamps

@testable import MISP

/// What a MISP server holds after events were taken back.
struct RetractionTests {
    private static let moment = Sample.now + .seconds(100)
    private static let revoked = Withdrawal(.revoked(actor: "root", reason: nil), at: moment)
    private static let retired = Withdrawal(.retired, at: moment)
    private static let flows = Sample.flows("45.148.10.9")

    /// An event with everything in it, published, and the ledger's entry of it.
    private func stored(in bench: RESTSinkBench) async throws -> (
        history: History, event: () throws -> MISPStandIn.Event
    ) {
        try await bench.sink.prepare()
        let batch = Sample.batch(Sample.bruteForce("45.148.10.9"))
        let composition = try bench.sink.compose(nil, batch, flows: Self.flows, now: Sample.now)
        let receipt = await bench.sink.deliver(composition)
        #expect(receipt.stored?.refused == [])
        #expect(await bench.sink.publish(composition.event).kind == "stored")
        let history = Sample.history(composition, Sample.bruteForce("45.148.10.9"), flows: Self.flows)
        bench.forget()
        return (history, { try #require(bench.misp.state.events[composition.event.lowercase]) })
    }

    @Test(
        "Of what is revoked nothing is left, its address is told to be a false positive, and others are to hear of it")
    func revoke() async throws {
        let bench = try RESTSinkBench { $0.role.tagEditor = true }
        defer { bench.stop() }
        let (history, event) = try await stored(in: bench)
        bench.misp.change { state in
            state.events[history.event.lowercase]?.attributes[0].comment = "an analyst's words"
            state.events[history.event.lowercase]?.attributes.append(
                .init(uuid: "00000000-0000-4000-8000-000000000001", value: "192.0.2.77"))
        }
        let receipt = await bench.sink.withdraw(history, Self.revoked)
        #expect(receipt.stored?.isToBePublished == true)
        #expect(receipt.stored?.refused == [])
        let after = try event()
        #expect(after.attributes.filter { !$0.deleted }.map(\.value) == ["192.0.2.77"], "what is not ours stays")
        #expect(after.attributes.filter(\.deleted).allSatisfy { !$0.toIDs })
        #expect(after.attributes[0].comment == "an analyst's words")
        #expect(after.reports.values.allSatisfy { $0.deleted })
        let falsePositives = after.attributes.flatMap { attribute in
            attribute.sightings.values.filter { $0.type == "1" }.map { _ in attribute.value }
        }
        #expect(falsePositives == ["45.148.10.9"])
        #expect(bench.requests == ["view", "sightings", "edit", "view"])
        let again = await bench.sink.withdraw(history, Self.revoked)
        #expect(again.stored?.isToBePublished == true, "it is not published yet")
        #expect(try event().attributes.flatMap { $0.sightings.values.filter { $0.type == "1" } }.count == 1)
        _ = await bench.sink.publish(history.event)
        #expect(await bench.sink.withdraw(history, Self.revoked).stored?.isToBePublished == false)
    }

    @Test("Of what is retired everything stays, and nothing acts on it any more")
    func retire() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        let (history, event) = try await stored(in: bench)
        let before = try event()
        #expect(before.attributes.contains { $0.toIDs })
        #expect(await bench.sink.withdraw(history, Self.retired).stored?.isToBePublished == true)
        let after = try event()
        #expect(after.attributes.map(\.uuid) == before.attributes.map(\.uuid))
        #expect(after.attributes.map(\.comment) == before.attributes.map(\.comment))
        #expect(!after.attributes.contains { $0.toIDs })
        #expect(!after.attributes.contains { $0.deleted })
        #expect(after.reports.values.allSatisfy { !$0.deleted })
    }

    @Test("An event that nobody else has seen, that is gone, or that is never published, needs no publishing")
    func unpublished() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        let (history, _) = try await stored(in: bench)
        bench.misp.change { state in
            state.events[history.event.lowercase]?.published = false
            state.events[history.event.lowercase]?.publishTimestamp = 0
        }
        #expect(await bench.sink.withdraw(history, Self.revoked).stored?.isToBePublished == false)
        bench.misp.change { $0.events = [:] }
        #expect(await bench.sink.withdraw(history, Self.revoked) == .stored(Receipt.Stored(confirmed: 0)))
    }

    @Test("A server that is away is asked again; one that takes the key no more needs a person")
    func failures() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        let (history, event) = try await stored(in: bench)
        bench.misp.fail(next: .page(502))
        #expect(await bench.sink.withdraw(history, Self.revoked).kind == "retry")
        bench.misp.change { $0.access = .disabledUser }
        #expect(await bench.sink.withdraw(history, Self.revoked).kind == "pause")
        bench.misp.change { $0.access = .granted }
        bench.misp.change { $0.role.sighting = false }
        let receipt = await bench.sink.withdraw(history, Self.revoked)
        #expect(receipt.reason.contains("perm_sighting"))
        #expect(try event().count == 0)
    }

    @Test("Large events are taken back in requests of bounded size")
    func split() async throws {
        let bench = try RESTSinkBench(attributesPerRequest: 2)
        defer { bench.stop() }
        let (history, event) = try await stored(in: bench)
        let count = try event().count
        #expect(count > 2)
        _ = await bench.sink.withdraw(history, Self.revoked)
        #expect(bench.requests.filter { $0 == "edit" }.count > 2, "objects stay whole")
        #expect(try event().count == 0)
    }

    @Test("What is shared again after it was taken back is all there again", arguments: [revoked, retired])
    func sharedAgain(withdrawal: Withdrawal) async throws {
        let bench = try RESTSinkBench { $0.role.tagEditor = true }
        defer { bench.stop() }
        let (history, event) = try await stored(in: bench)
        let before = try event()
        let receipt = await bench.sink.withdraw(history, withdrawal)
        let done = history.withdrawn(withdrawal.answered(receipt, at: Self.moment + .seconds(1)))
        let batch = Sample.batch(Sample.bruteForce("45.148.10.9"))
        let composition = try bench.sink.compose(done, batch, flows: Self.flows, now: Self.moment)
        let delivered = await bench.sink.deliver(composition, note: done.note.map { Array($0) })
        #expect(delivered.stored?.refused == [])
        let after = try event()
        #expect(Set(after.attributes.filter { !$0.deleted }.map(\.uuid)).isSuperset(of: before.attributes.map(\.uuid)))
        #expect(after.attributes.contains { $0.value == "45.148.10.9" && $0.toIDs })
        #expect(after.reports.values.allSatisfy { !$0.deleted })
    }
}
