import Pipeline
import TestKit
import Testing

@testable import MISP

/// `events/edit`: what MISP makes of an update, row by row.
struct EditingTests {
    @Test("An update", arguments: rows)
    func row(_ row: BehaviourRow) async throws { try await row.run(isUpdate: true) }

    private static let uuid = SentEvent.uuid.lowercase

    /// Adds an address that no earlier composition had.
    @Sendable private static func addAddress(_ sent: inout SentEvent) {
        sent.event.attributes.append(SentEvent.address(5, time: SentEvent.time + 60))
    }

    private static let rows = [
        BehaviourRow(
            name: "It carries no time of the event, so it is taken whatever the event's own is",
            server: { $0.events[uuid]?.timestamp = 4_000_000_000 }, event: addAddress, requests: ["edit"],
            check: { receipt, server in
                #expect(receipt.stored == .init(confirmed: 4))
                let keys = try #require(server.last?.json?["Event"]?.members?.keys)
                #expect(keys.sorted() == ["Attribute", "uuid"], "nor anything else that an analyst may have set")
            }),
        BehaviourRow(
            name: "The answer is asked for without the parts", requests: ["edit"],
            check: { _, server in #expect(server.requests == ["POST /events/edit/\(uuid)/metadata:1"]) }),
        BehaviourRow(
            name: "Every attribute has its own time, and what an analyst changed or deleted stays as it is",
            server: { state in
                state.events[uuid]?.attributes[0].comment = "ours"
                state.events[uuid]?.attributes[0].toIDs = false
                state.events[uuid]?.attributes[1].deleted = true
            }, event: addAddress, requests: ["edit", "view"],
            check: { receipt, server in
                #expect(receipt.stored == .init(confirmed: 3))
                let sent = server.requests.first
                #expect(sent?.contains("edit") == true)
                #expect(server.event?.attributes.map(\.comment) == ["ours", "", "", ""])
                #expect(server.event?.attributes.map(\.toIDs) == [false, true, true, true])
                #expect(server.event?.attributes.map(\.deleted) == [false, true, false, false])
            }),
        BehaviourRow(
            name: "The same value again is dropped with status 200, and told",
            event: { sent in
                sent.event.attributes.append(
                    SentEvent.attribute(9, .ipSource, "203.0.113.0", time: SentEvent.time + 60))
            }, requests: ["edit", "view", "attributes"],
            check: { receipt, server in
                #expect(receipt.stored?.refused.map(\.id) == [SentEvent.id(9)])
                #expect(server.event?.count == 3)
            }),
        BehaviourRow(
            name: "What is not named stays",
            event: { $0.event.attributes = [SentEvent.address(7, time: SentEvent.time + 60)] },
            requests: ["edit", "view"],
            check: { receipt, server in
                #expect(receipt.stored == .init(confirmed: 1))
                #expect(server.event?.count == 4)
            }),
        BehaviourRow(
            name: "Report, sighting and tag are there once, however often they are sent", faults: [.dropAfter],
            event: { sent in
                sent.event.tags = [Tag(name: "tlp:green")]
                sent.event.attributes[0].sightings = [SentEvent.sighting(0)]
                sent.event.reports = [
                    EventReport(
                        uuid: WireUUID(SentEvent.id(50)), name: "r", content: "c",
                        timestamp: WireSeconds(seconds: SentEvent.time + 60))
                ]
            }, requests: ["edit", "edit", "sightings"],
            check: { _, server in
                #expect(server.event?.reports.count == 1)
                #expect(server.event?.attributes.flatMap(\.sightings.keys).count == 1)
                #expect(server.event?.tags == ["tlp:amber", "tlp:green"])
            }),
        BehaviourRow(
            name: "A tag that an analyst took away does not come back", server: { $0.events[uuid]?.tags = [] },
            event: addAddress, requests: ["edit"], check: { _, server in #expect(server.event?.tags == []) }),
        BehaviourRow(
            name: "It unpublishes, and mails nobody", server: { $0.events[uuid]?.published = true }, event: addAddress,
            requests: ["edit"],
            check: { _, server in
                #expect(server.event?.published == false)
                #expect(server.mails == 0)
            }),
        BehaviourRow(
            name: "Another organisation's event is not ours to change",
            server: { $0.events[uuid]?.organisation = "another" }, requests: ["edit", "add", "view"],
            check: { receipt, _ in #expect(receipt == .refused(reason: MISPError.foreignEvent.description)) }),
        BehaviourRow(
            name: "A key that may only read stops everything", server: { $0.access = .readOnly }, requests: ["edit"],
            check: { receipt, _ in #expect(receipt.kind == "pause") }),
        BehaviourRow(
            name: "An event that was deleted there stays away",
            server: { state in
                state.events = [:]
                state.blocklist = [uuid]
            }, requests: ["edit", "add"], check: { receipt, _ in #expect(receipt.kind == "refused") }),
        BehaviourRow(
            name: "What an internal error left undone is done by the next try", faults: [.halfStored(0)],
            event: addAddress, requests: ["edit", "edit"],
            check: { receipt, server in
                #expect(receipt.stored == .init(confirmed: 4))
                #expect(server.event?.count == 4)
            }),
    ]
}
