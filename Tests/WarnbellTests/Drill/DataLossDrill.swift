import Foundation
import TestKit
import Testing

/// The data directory is gone, and every alert comes again.
@Suite(.timeLimit(.minutes(20)))
struct DataLossDrill {
    private let seed = DrillSettings.seed

    /// What an analyst did to one event.
    private struct Edit {
        let event: String
        let commented: String
        let deleted: String
    }

    @Test("A receiver that lost its data doubles nothing, and undoes nothing that an analyst did")
    func loss() throws {
        let misp = try DrillSettings.misp()
        defer { misp.stop() }
        let installation = try Installation(DrillSettings.configuration(misp))
        let first = try RunningReceiver(installation)
        let client = DrillClient(book: DrillBook(seed: seed), port: installation.port)
        client.allow(DrillSettings.isLong ? 1500 : 100)
        let before = try DrillEnd(installation, misp, client, running: first)
        before.expectClean("seed \(seed), before the loss")

        let edits = edit(misp)
        if FileManager.default.fileExists(atPath: installation.data) {
            try FileManager.default.removeItem(atPath: installation.data)
        }
        misp.change { $0.chaos = .init(seed: seed, percent: 20, timeout: DrillSettings.timeout) }
        let second = try RunningReceiver(installation)
        var book = before.book
        book.repeatAll()
        let after = try DrillEnd(
            installation, misp, DrillClient(book: book, port: installation.port), running: second, sightings: 2)
        after.expectClean("seed \(seed), after the loss")

        let state = misp.state
        for edit in edits {
            let event = try #require(state.events[edit.event])
            #expect(event[attribute: edit.commented]?.comment == "an analyst's words")
            #expect(event[attribute: edit.deleted]?.deleted == true)
            #expect(event.tags.contains("workflow:todo=\"review\""))
        }
    }

    /// Every third event is changed as analysts do it.
    private func edit(_ misp: MISPStandIn) -> [Edit] {
        var edits: [Edit] = []
        misp.change { state in
            for uuid in state.events.keys.sorted().enumerated().filter({ $0.offset % 3 == 0 }).map(\.element) {
                guard var event = state.events[uuid],
                    let commented = event.attributes.firstIndex(where: { $0.type == "ip-src" }),
                    let deleted = event.attributes.firstIndex(where: { $0.type == "uri" && $0.object == nil })
                else { continue }
                event.attributes[commented].comment = "an analyst's words"
                event.attributes[commented].timestamp += 60
                event.attributes[deleted].deleted = true
                event.attributes[deleted].timestamp += 60
                event.tags.append("workflow:todo=\"review\"")
                state.events[uuid] = event
                edits.append(
                    Edit(
                        event: uuid, commented: event.attributes[commented].uuid,
                        deleted: event.attributes[deleted].uuid))
            }
        }
        return edits
    }
}
