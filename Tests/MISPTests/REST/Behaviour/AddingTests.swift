import Pipeline
import TestKit
import Testing

@testable import MISP

/// `events/add`: what MISP makes of a new event, row by row.
struct AddingTests {
    @Test("A new event", arguments: rows + invalid)
    func row(_ row: BehaviourRow) async throws { try await row.run(isUpdate: false) }

    private static let rows = [
        BehaviourRow(
            name: "Attributes, an object, a tag, a report and a sighting come in one request, with our UUIDs and times",
            event: { sent in
                sent.event.objects = [SentEvent.flow(20)]
                sent.event.attributes[0].sightings = [SentEvent.sighting(0)]
                sent.event.reports = [
                    EventReport(
                        uuid: WireUUID(SentEvent.id(50)), name: "r", content: "c",
                        timestamp: WireSeconds(seconds: SentEvent.time))
                ]
            }, requests: ["add"],
            check: { receipt, server in
                #expect(receipt.stored == .init(confirmed: 5))
                let event = try #require(server.event)
                #expect(event.attributes.map(\.uuid) == [0, 1, 2, 21, 22].map { SentEvent.id($0).lowercase })
                #expect(Set(event.attributes.map(\.timestamp)) == [SentEvent.time])
                #expect(event.reports.count == 1)
                #expect(event.attributes[0].sightings.count == 1)
            }),
        BehaviourRow(
            name: "The answer is asked for without the parts", requests: ["add"],
            check: { _, server in #expect(server.requests == ["POST /events/add/metadata:1"]) }),
        BehaviourRow(
            name: "Nothing is left to the server's defaults, and nothing is published by the way", requests: ["add"],
            check: { _, server in
                let event = try #require(server.last?.json?["Event"])
                for field in ["uuid", "info", "date", "distribution", "threat_level_id", "analysis"] {
                    #expect(event[field] != nil, "\(field)")
                }
                for field in ["published", "timestamp"] { #expect(event[field] == nil, "\(field)") }
                #expect(server.event?.published == false)
                #expect(server.mails == 0)
            }),
        BehaviourRow(
            name: "One that is there, whoever sees it, is no failure, and the address in the answer is not followed",
            server: { state in
                state.put(
                    .init(uuid: SentEvent.uuid.lowercase, organisation: state.organisation.uuid, distribution: "0"))
            }, requests: ["add", "view", "attributes", "edit"],
            check: { receipt, server in
                #expect(receipt.stored == .init(confirmed: 3))
                #expect(!server.requests.contains { $0.hasSuffix("/events/9") })
            }),
        BehaviourRow(
            name: "Another organisation's that we see is not ours to complete",
            server: { state in
                state.put(.init(uuid: SentEvent.uuid.lowercase, organisation: "another", distribution: "1"))
            }, requests: ["add", "view", "attributes"],
            check: { receipt, _ in #expect(receipt == .refused(reason: MISPError.foreignEvent.description)) }),
        BehaviourRow(
            name: "One that was deleted there stays away", server: { $0.blocklist = [SentEvent.uuid.lowercase] },
            requests: ["add"], check: { receipt, _ in #expect(receipt.kind == "refused") }),
        BehaviourRow(
            name: "All attributes invalid: each is told",
            event: { sent in
                sent.event.attributes = [0, 1].map { SentEvent.attribute($0, .md5, "\($0)") }
            }, requests: ["add", "view", "attributes"],
            check: { receipt, server in
                #expect(receipt.stored?.confirmed == 0)
                #expect(receipt.stored?.refused.map(\.id) == [SentEvent.id(0), SentEvent.id(1)])
                #expect(server.event?.count == 0)
            }),
        BehaviourRow(
            name: "An object stays without its invalid attribute, which is told and not put beside it",
            event: { $0.event.objects = [SentEvent.flow(20, port: "0")] }, requests: ["add", "view"],
            check: { receipt, server in
                #expect(receipt.stored?.refused.map(\.id) == [SentEvent.id(21)])
                #expect(server.event?.objects.count == 1)
                #expect(server.event?.count == 4)
            }),
        BehaviourRow(
            name: "A tag that the role may not make is named",
            event: { $0.event.tags.append(Tag(name: "misp-galaxy:mitre-attack-pattern=\"Brute Force - T1110\"")) },
            requests: ["add"],
            check: { receipt, server in
                #expect(receipt.stored?.warnings.count == 1)
                #expect(receipt.reason.contains("Brute Force - T1110"))
                #expect(server.event?.tags == ["tlp:amber"])
            }),
        BehaviourRow(
            name: "A tag in another case is the same tag", event: { $0.event.tags = [Tag(name: "TLP:AMBER")] },
            requests: ["add"],
            check: { receipt, server in
                #expect(receipt.stored?.warnings == [])
                #expect(server.event?.tags == ["tlp:amber"])
            }),
        BehaviourRow(
            name: "No info and a bad date: refused for good, by their names",
            event: { sent in
                sent.event.info = ""
                sent.event.date = "today"
            }, requests: ["add"],
            check: { receipt, _ in
                #expect(receipt.kind == "refused")
                #expect(receipt.reason.contains("info: ") && receipt.reason.contains("date: "))
            }),
        BehaviourRow(
            name: "Half an event after an internal error is completed", faults: [.halfStored(1)],
            requests: ["add", "add", "view", "attributes", "edit"],
            check: { receipt, server in
                #expect(receipt.stored == .init(confirmed: 3))
                #expect(server.event?.count == 3)
            }),
        BehaviourRow(
            name: "The same event at the same time by another: an internal error, and then it is there",
            faults: [.dropAfter, .reply(.init(status: 500))], requests: ["add", "add", "add", "view"],
            check: { receipt, server in
                #expect(receipt.stored == .init(confirmed: 3))
                #expect(server.events.count == 1)
            }),
        BehaviourRow(
            name: "MISP goes on when we hang up, and a second try finds what it did", faults: [.dropAfter],
            requests: ["add", "add", "view"],
            check: { receipt, server in
                #expect(receipt.stored == .init(confirmed: 3))
                #expect(server.event?.count == 3)
            }),
        BehaviourRow(
            name: "A body too large for the web server goes in parts", server: { $0.largestBody = 1_400 },
            event: { sent in sent.event.attributes = (0..<8).map { SentEvent.address($0) } },
            requests: ["add", "add", "edit"],
            check: { receipt, _ in #expect(receipt.stored == .init(confirmed: 8)) }),
        BehaviourRow(
            name: "Data base or PHP down: again later", faults: [.page(500), .page(502)],
            requests: ["add", "add", "add"],
            check: { receipt, _ in #expect(receipt.stored == .init(confirmed: 3)) }),
        BehaviourRow(
            name: "MISP is not live: again later, and the redirect is not followed", server: { $0.isLive = false },
            requests: ["add", "add", "add"],
            check: { receipt, server in
                #expect(receipt.kind == "retry")
                #expect(!server.requests.contains { $0.contains("login") })
            }),
        BehaviourRow(
            name: "What is said to be no JSON is refused for good",
            faults: [.reply(.json(#"{"name":"Invalid JSON input."}"#, status: 405))], requests: ["add"],
            check: { receipt, _ in #expect(receipt.kind == "refused") }),
    ]

    /// Each way in which an attribute is dropped with status 200.
    private static let invalid = invalidAttributes.map { what, attribute in
        BehaviourRow(
            name: "Dropped with status 200: \(what)", event: { $0.event.attributes.append(attribute) },
            requests: ["add", "view", "attributes"],
            check: { receipt, server in
                #expect(receipt.stored?.confirmed == 3)
                #expect(receipt.stored?.refused.map(\.id) == [SentEvent.id(9)])
                #expect(receipt.stored?.refused.first?.reason.contains(": ") == true)
                #expect(server.event?.count == 3)
            })
    }

    private static let invalidAttributes: [(String, Attribute)] = [
        ("an address that is none", SentEvent.attribute(9, .ipSource, "203.0.113.299")),
        ("a category of another type", wrongCategory),
        ("the same value again", SentEvent.attribute(9, .ipSource, "203.0.113.0")),
        ("a hash of the wrong length", SentEvent.attribute(9, .sha256, "abc")),
        ("no value", SentEvent.attribute(9, .url, "")),
        ("a value over 64 KiB", SentEvent.attribute(9, .url, String(repeating: "x", count: 70_000))),
    ]

    private static let wrongCategory: Attribute = {
        var attribute = SentEvent.attribute(9, .ipSource, "203.0.113.9")
        attribute.category = .targetingData
        return attribute
    }()
}
