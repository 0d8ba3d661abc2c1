import Foundation
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import MISP

/// The whole life of an event on a MISP: a stand-in, or any real one by `scripts/test-misp`.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct LiveMISPTests {
    @Test("The key may do all that Warnbell needs")
    func survey() async throws {
        try await LiveMISP.visit { misp in
            for finding in await misp.client.survey(isPublishing: true) {
                #expect(finding.verdict != .failed, "\(finding.text)")
            }
        }
    }

    @Test("A new event arrives whole, unpublished, with our UUIDs, and sent again it is the same")
    func creation() async throws {
        try await LiveMISP.visit { misp in
            let sink = try await misp.sink()
            let composition = try sink.compose(
                nil, Sample.batch(LiveMISP.attack()), flows: Sample.flows(), now: Sample.now)
            let sent = try EventDocument(body: composition.body).event
            let ours = Set(
                (sent.attributes + sent.objects.flatMap(\.attributes)).map(\.uuid.uuid.lowercase))
            for _ in 0..<2 {
                let receipt = try await misp.deliver(composition, to: sink)
                #expect(receipt.stored?.confirmed == ours.count, "\(receipt.reason)")
                #expect(receipt.stored?.refused == [])
                let event = try #require(try await misp.event(composition.event))
                #expect(event.allAttributes.count == ours.count)
                #expect(Set(event.allAttributes.compactMap { $0["uuid"]?.text }) == ours)
                #expect(event["published"]?.flag == false)
                #expect(event["EventReport"]?.elements?.count == sent.reports.count)
                let sightings = event.allAttributes.flatMap { $0["Sighting"]?.elements ?? [] }
                #expect(sightings.count == sent.sightings.count)
                #expect(event["info"]?.text == sent.info)
            }
        }
    }

    @Test("An update leaves what an analyst changed and deleted in between, and says when the attacker was seen last")
    func analyst() async throws {
        try await LiveMISP.visit { misp in
            let sink = try await misp.sink()
            let evidence = LiveMISP.attack()
            let first = try sink.compose(nil, Sample.batch(evidence), flows: [], now: Sample.now)
            let receipt = try await misp.deliver(first, to: sink)
            let sent = try EventDocument(body: first.body).event
            let attacker = try #require(sent.attacker).uuid.uuid.lowercase
            let agent = try #require(sent.attributes.first { $0.type == .userAgent }).uuid.uuid.lowercase

            // The analyst works on the event a little before the update is composed.
            let later = Sample.now + .seconds(7200)
            let change: AnyJSON = [
                "comment": "a scanner of ours", "to_ids": false, "timestamp": "\((Sample.now + .seconds(60)).seconds)",
            ]
            #expect(try await misp.call("POST", "/attributes/edit/\(attacker)", change).status == 200)
            #expect(try await misp.call("POST", "/attributes/delete/\(agent)").status == 200)

            var more = Sample.evidence(count: 3, from: later)
            more.rules.add(.init(id: "31151", level: 10, groups: ["web"]), Sample.tally(3, from: later))
            more.requests.add(
                .init(scheme: nil, host: nil, target: "/new", role: .source), Sample.tally(1, from: later))
            let second = try sink.compose(
                Sample.history(first, evidence), Sample.batch(more), flows: [], now: later + .seconds(60))
            let update = try await misp.deliver(second, to: sink, note: receipt.note)
            #expect(update.stored?.refused == [], "\(update.reason)")

            let event = try #require(try await misp.event(first.event))
            let attribute = try #require(event.allAttributes.first { $0["uuid"]?.text == attacker })
            #expect(attribute["comment"]?.text == "a scanner of ours")
            #expect(attribute["to_ids"]?.flag == false)
            #expect(attribute["last_seen"]?.text?.hasPrefix("2026-11-20T10:01:02") == true)
            #expect(attribute["first_seen"]?.text?.hasPrefix("2026-11-20T08:00:00") == true)
            #expect(!event.allAttributes.contains { $0["uuid"]?.text == agent && $0["deleted"]?.flag != true })
            #expect(event.allAttributes.contains { $0["value"]?.text == "/new" })
        }
    }

    @Test("What MISP does not take is told with its reason")
    func verification() async throws {
        try await LiveMISP.visit { misp in
            let sink = try await misp.sink()
            let composition = try sink.compose(nil, Sample.batch(LiveMISP.attack()), flows: [], now: Sample.now)
            var wrong = SentEvent.attribute(1, .ipSource, "203.0.113.299")
            wrong.uuid = WireUUID(UUID(version5: "wrong", in: composition.event))
            let receipt = try await misp.deliver(try LiveMISP.adding([wrong], to: composition), to: sink)
            #expect(receipt.stored?.refused.map(\.id) == [wrong.uuid.uuid])
            #expect(receipt.stored?.refused.first?.reason.isEmpty == false)
        }
    }

    @Test("An event is published, again after an update, and an update takes it back")
    func publishing() async throws {
        try await LiveMISP.visit { misp in
            let sink = try await misp.sink()
            let evidence = LiveMISP.attack()
            let first = try sink.compose(nil, Sample.batch(evidence), flows: [], now: Sample.now)
            let receipt = try await misp.deliver(first, to: sink)
            for _ in 0..<2 { #expect(await sink.publish(first.event).kind == "stored") }
            #expect(try await misp.event(first.event)?["published"]?.flag == true)
            let later = Sample.now + .seconds(120)
            let second = try sink.compose(
                Sample.history(first, evidence), Sample.batch(Sample.evidence(count: 2, from: later)), flows: [],
                now: later + .seconds(60))
            #expect(try await misp.deliver(second, to: sink, note: receipt.note).kind == "stored")
            #expect(try await misp.event(first.event)?["published"]?.flag == false)
        }
    }

    @Test("Of an event that is revoked nothing of ours is left, and what an analyst added stays")
    func revocation() async throws {
        try await LiveMISP.visit { misp in
            let sink = try await misp.sink()
            let evidence = LiveMISP.attack()
            let composition = try sink.compose(nil, Sample.batch(evidence), flows: Sample.flows(), now: Sample.now)
            #expect(try await misp.deliver(composition, to: sink).kind == "stored")
            #expect(await sink.publish(composition.event).kind == "stored")
            let added: AnyJSON = ["type": "comment", "category": "Other", "value": "an analyst's own"]
            #expect(
                try await misp.call("POST", "/attributes/add/\(composition.event.lowercase)", added).status == 200)

            let history = Sample.history(composition, evidence, flows: Sample.flows())
            let withdrawal = Withdrawal(.revoked(actor: "root", reason: nil), at: .now())
            for _ in 0..<2 {
                let receipt = await sink.withdraw(history, withdrawal)
                #expect(receipt.stored?.refused == [], "\(receipt.reason)")
            }
            #expect(await sink.publish(composition.event).kind == "stored")
            let event = try #require(try await misp.event(composition.event))
            let living = event.allAttributes.filter { $0["deleted"]?.flag != true }
            #expect(living.compactMap { $0["value"]?.text } == ["an analyst's own"])
            #expect(event["published"]?.flag == true)
        }
    }

    @Test("Whenever a client hangs up in the middle, the next try ends with one event and each attribute once")
    func aborted() async throws {
        try await LiveMISP.visit { misp in
            let sink = try await misp.sink()
            let composition = try misp.wide(sink, attributes: 300)
            for milliseconds in [0, 20, 40, 80, 160, 320, 640] {
                let attempt = Task { await sink.deliver(composition, note: nil) }
                try await Task.sleep(for: .milliseconds(misp.standIn == nil ? milliseconds : milliseconds / 8))
                attempt.cancel()
                _ = await attempt.value
            }
            let receipt = try await misp.deliver(composition, to: sink)
            let sent = try EventDocument(body: composition.body).event
            let ours = sent.attributes.count + sent.objects.reduce(0) { $0 + $1.attributes.count }
            #expect(receipt.stored?.confirmed == ours, "\(receipt.reason)")
            let event = try #require(try await misp.event(composition.event))
            #expect(event.allAttributes.count == ours)
            #expect(Set(event.allAttributes.compactMap { $0["uuid"]?.text }).count == ours)
        }
    }

    @Test(
        "Another organisation sees the public parts of a shared event and nothing else, and changes nothing",
        .enabled(if: LiveMISP.hasSecondKey, "WARNBELL_MISP_SECOND_KEY names no key of another organisation"))
    func visibility() async throws {
        try await LiveMISP.visit { misp in
            // A test address would keep the event inside.
            let evidence = LiveMISP.attack("45.83.64.1")
            let flows = Sample.flows("45.83.64.1")
            let sink = try await misp.sink(.community)
            let composition = try sink.compose(nil, Sample.batch(evidence), flows: flows, now: Sample.now)
            let receipt = try await misp.deliver(composition, to: sink)
            #expect(receipt.stored?.refused == [], "\(receipt.reason)")
            let sent = try EventDocument(body: composition.body).event
            let seen = try #require(try await misp.event(composition.event, isSecond: true))
            let open = sent.attributes.filter { $0.distribution != .organisation }.map(\.uuid.uuid.lowercase)
            #expect(Set(seen.allAttributes.compactMap { $0["uuid"]?.text }) == Set(open))
            #expect(seen["Object"]?.elements?.isEmpty != false)
            #expect(seen["EventReport"]?.elements?.count == 1)
            let text = String(decoding: seen.bytes, as: UTF8.self)
            for secret in ["bastion-zq", "operator7", "10.20.30."] { #expect(!text.contains(secret)) }
            let edit = try await misp.call(
                "POST", "/events/edit/\(composition.event.lowercase)", ["Event": ["info": "x"]], isSecond: true)
            #expect(edit.status >= 400)

            let closed = try await misp.sink(.organisation)
            let own = try closed.compose(
                nil, Sample.batch(LiveMISP.attack("203.0.113.10")), flows: [], now: Sample.now)
            #expect(try await misp.deliver(own, to: closed).kind == "stored")
            #expect(try await misp.event(own.event, isSecond: true) == nil)
        }
    }
}
