import Pipeline
import TestKit
import Testing

@testable import MISP

/// What the sink has the journal remember of an event, so that a restart forgets nothing of it.
struct EventNoteTests {
    @Test("What was written is read again")
    func written() throws {
        var note = EventNote()
        note.refused = [SentEvent.id(1): "value: md5 has an invalid format.", SentEvent.id(2): ""]
        note.gone = [SentEvent.id(3)]
        note.surplus = -2
        #expect(EventNote(try #require(note.encoded)) == note)
        #expect(note.missing == [SentEvent.id(1), SentEvent.id(2), SentEvent.id(3)])
    }

    /// An event with one attribute that MISP refuses and another that an analyst took away, and its next update.
    private func differing() async throws -> (bench: RESTSinkBench, update: SentEvent) {
        let bench = try RESTSinkBench()
        var event = SentEvent()
        event.event.attributes.append(SentEvent.attribute(9, .md5, "abc"))
        _ = try await bench.deliver(event)
        bench.misp.change { $0.events[SentEvent.uuid.lowercase]?.attributes[1].deleted = true }
        event.isUpdate = true
        event.event.tags = []
        event.event.attributes.append(SentEvent.address(5, time: SentEvent.time + 60))
        #expect(try await bench.deliver(event).stored == .init(confirmed: 3))
        bench.forget()
        event.event.attributes.append(SentEvent.address(6, time: SentEvent.time + 120))
        return (bench, event)
    }

    @Test("After a restart an update of an event that has not changed needs no look at it")
    func restart() async throws {
        let (bench, update) = try await differing()
        defer { bench.stop() }
        let restarted = try RESTSinkBench.sink(url: bench.misp.url)
        let receipt = await restarted.deliver(try update.composition(), note: bench.note)
        #expect(receipt.stored == .init(confirmed: 4))
        #expect(receipt.note == bench.note)
        #expect(bench.requests == ["edit"])
    }

    @Test(
        "A note that can't be read counts as none: a look at the event, and all is known again",
        arguments: [nil, "", "{}", "[]", "no JSON", #"{"refused":[],"gone":["x"],"surplus":0}"#])
    func unreadable(note: String?) async throws {
        let (bench, update) = try await differing()
        defer { bench.stop() }
        let composition = try update.composition()
        let receipt = await bench.sink.deliver(composition, note: note.map { Array($0.utf8) })
        #expect(receipt.stored == .init(confirmed: 4))
        #expect(bench.requests == ["edit", "view"])
        bench.forget()
        #expect(await bench.sink.deliver(composition, note: receipt.note).stored == .init(confirmed: 4))
        #expect(bench.requests == ["edit"])
    }

    @Test("What MISP refused is not sent again, even where it would be taken by now")
    func refused() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var event = SentEvent()
        event.event.attributes.append(SentEvent.attribute(9, .ipSource, "203.0.113.0"))
        let refusal = Receipt.Refusal(
            id: SentEvent.id(9), reason: "value: A similar attribute already exists for this event.")
        #expect(try await bench.deliver(event).stored == .init(confirmed: 3, refused: [refusal]))
        bench.misp.change { $0.events[SentEvent.uuid.lowercase]?.attributes.remove(at: 0) }
        event.isUpdate = true
        // An edit with nothing new names what was new last.
        event.event.attributes.remove(at: 0)
        #expect(try await bench.deliver(event).stored == .init(confirmed: 2))
        #expect(bench.stored?.attributes.map(\.uuid) == [1, 2].map { SentEvent.id($0).lowercase })
    }

    @Test("An event that MISP lost is made anew with all that was ever ours")
    func lost() async throws {
        let (bench, update) = try await differing()
        defer { bench.stop() }
        bench.misp.change { $0.events = [:] }
        let receipt = try await bench.deliver(update)
        #expect(receipt.stored?.confirmed == 5)
        #expect(receipt.stored?.refused.map(\.id) == [SentEvent.id(9)])
        #expect(bench.requests == ["edit", "add", "view", "attributes"])
    }
}
