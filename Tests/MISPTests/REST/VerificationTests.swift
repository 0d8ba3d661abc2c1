import Pipeline
import TestKit
import Testing

@testable import MISP

/// How what MISP leaves out with status 200 is found and told.
struct VerificationTests {
    @Test(
        "An attribute that MISP drops without a word is found, and its reason asked for once",
        arguments: [
            (AttributeType.ipSource, "203.0.113.299", "value: ip-src has an invalid format."),
            (.md5, "abc", "value: md5 has an invalid format."),
            (.ipSource, "203.0.113.0", "value: A similar attribute already exists for this event."),
            (.url, "", "value: Value cannot be empty."),
        ])
    func silentDrop(type: AttributeType, value: String, reason: String) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var event = SentEvent()
        event.event.attributes.insert(SentEvent.attribute(9, type, value), at: 1)
        let receipt = try await bench.deliver(event)
        #expect(receipt.stored == .init(confirmed: 3, refused: [.init(id: SentEvent.id(9), reason: reason)]))
        #expect(bench.stored?.count == 3)
        #expect(bench.requests == ["add", "view", "attributes"])
        event.isUpdate = true
        bench.forget()
        #expect(try await bench.deliver(event).stored == .init(confirmed: 3))
        #expect(bench.requests == ["edit"])
    }

    @Test("An attribute UUID that another event has is told")
    func foreignUUID() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(SentEvent(addresses: 1))
        bench.misp.change { $0.events["other"] = $0.events.removeValue(forKey: SentEvent.uuid.lowercase) }
        let receipt = try await bench.deliver(SentEvent())
        #expect(
            receipt.stored?.refused
                == [.init(id: SentEvent.id(0), reason: "uuid: The UUID provided is not unique")])
    }

    @Test("What MISP drops out of an object is told, and is not put beside the object")
    func objectDrop() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var event = SentEvent(addresses: 1)
        event.event.objects = [SentEvent.flow(10, port: "70000")]
        let receipt = try await bench.deliver(event)
        #expect(
            receipt.stored
                == .init(
                    confirmed: 2,
                    refused: [
                        .init(id: SentEvent.id(11), reason: "left out of the object netflow without a reason")
                    ]))
        #expect(bench.stored?.count == 2)
        #expect(bench.requests == ["add", "view"])
    }

    @Test("More than one request is asked for reasons when many are missing")
    func manyDrops() async throws {
        let bench = try RESTSinkBench(attributesPerRequest: 5)
        defer { bench.stop() }
        var event = SentEvent(addresses: 1)
        event.event.attributes += (1...6).map { SentEvent.attribute($0, .md5, "\($0)") }
        let refused = try #require(try await bench.deliver(event).stored?.refused)
        #expect(refused.count == 6)
        #expect(Set(refused.map(\.reason)) == ["value: md5 has an invalid format."])
        #expect(bench.requests.filter { $0 == "attributes" }.count == 2)
    }

    @Test(
        "An attribute that was lost and is taken when asked about is confirmed",
        arguments: [#"{"Event":{"attribute_count":3,"Tag":[]}}"#, #"{"Event":{}}"#])
    func secondChance(answer: String) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        _ = try await bench.deliver(SentEvent())
        var event = SentEvent(addresses: 4)
        event.isUpdate = true
        event.event.tags = []
        // An answer that claims success for an edit that was not done.
        bench.misp.fail(next: .reply(.json(answer)))
        let receipt = try await bench.deliver(event)
        #expect(receipt.stored?.confirmed == 4)
        #expect(receipt.stored?.refused == [])
        #expect(bench.stored?.count == 4)
    }

    @Test("What analysts add and take away costs one look")
    func analysts() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var event = SentEvent()
        _ = try await bench.deliver(event)
        event.isUpdate = true
        bench.misp.change { state in
            let uuid = SentEvent.uuid.lowercase
            state.events[uuid]?.attributes[1].deleted = true
            for number in 1...2 {
                state.events[uuid]?.attributes.append(
                    .init(uuid: SentEvent.id(90 + number).lowercase, value: "192.0.2.\(number)"))
            }
        }
        bench.forget()
        event.event.attributes.append(SentEvent.address(5, time: SentEvent.time + 60))
        #expect(try await bench.deliver(event).stored == .init(confirmed: 3))
        #expect(bench.requests == ["edit", "view"])
        bench.forget()
        event.event.attributes.append(SentEvent.address(6, time: SentEvent.time + 120))
        #expect(try await bench.deliver(event).stored == .init(confirmed: 4))
        #expect(bench.requests == ["edit"])
        bench.misp.change { $0.events[SentEvent.uuid.lowercase]?.attributes[0].deleted = true }
        bench.forget()
        #expect(try await bench.deliver(event).stored == .init(confirmed: 3))
        #expect(bench.requests == ["edit", "view"])
    }

    /// Of an event that was never published MISP keeps nothing of what is deleted.
    @Test("What an analyst deleted stays deleted, and is no refusal", arguments: [true, false], [true, false])
    func deletion(isSoft: Bool, isNoteLost: Bool) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var event = SentEvent()
        event.event.objects = [SentEvent.flow(20)]
        _ = try await bench.deliver(event)
        bench.misp.change { state in
            let uuid = SentEvent.uuid.lowercase
            if isSoft {
                for index in [1, 3, 4] { state.events[uuid]?.attributes[index].deleted = true }
            } else {
                for index in [4, 3, 1] { state.events[uuid]?.attributes.remove(at: index) }
                state.events[uuid]?.objects = []
            }
        }
        event.isUpdate = true
        event.event.tags = []
        event.event.attributes.append(SentEvent.address(3, time: SentEvent.time + 60))
        let sink = try RESTSinkBench.sink(url: bench.misp.url)
        for _ in 0..<2 {
            let receipt = await sink.deliver(try event.composition(), note: isNoteLost ? nil : bench.note)
            #expect(receipt.stored == .init(confirmed: 3))
        }
        let living = bench.stored?.attributes.filter { !$0.deleted }.map(\.value)
        #expect(living == ["203.0.113.0", "203.0.113.2", "203.0.113.3"])
        #expect(bench.stored?.attributes.count == (isSoft ? 6 : 3))
    }

    @Test("Where our data is lost too, what was deleted softly stays as it is")
    func adoptedDeletion() async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var old = SentEvent()
        old.event.objects = [SentEvent.flow(20)]
        _ = try await bench.deliver(old)
        bench.misp.change { state in
            let uuid = SentEvent.uuid.lowercase
            for index in [1, 3, 4] { state.events[uuid]?.attributes[index].deleted = true }
            state.events[uuid]?.attributes[1].comment = "a scanner of ours"
            state.events[uuid]?.objects[0].deleted = true
        }
        var event = SentEvent(addresses: 4, time: SentEvent.time + 100)
        event.event.objects = [SentEvent.flow(20, time: SentEvent.time + 100)]
        event.event.attributes.append(SentEvent.attribute(9, .md5, "abc", time: SentEvent.time + 100))
        let receipt = await (try RESTSinkBench.sink(url: bench.misp.url)).deliver(try event.composition())
        #expect(
            receipt.stored
                == .init(
                    confirmed: 3,
                    refused: [.init(id: SentEvent.id(9), reason: "value: md5 has an invalid format.")]))
        #expect(bench.stored?.attributes[1].deleted == true)
        #expect(bench.stored?.attributes[1].comment == "a scanner of ours")
        #expect(bench.stored?.attributes[1].timestamp == SentEvent.time)
    }

    @Test(
        "Numbers that no server has bring nothing down",
        arguments: ["-9223372036854775808", "9223372036854775807", "0", "-1"])
    func numbers(count: String) async throws {
        let bench = try RESTSinkBench()
        defer { bench.stop() }
        var event = SentEvent()
        event.event.objects = [SentEvent.flow(20)]
        let parts = [0, 1, 2].map { #"{"uuid":"\#(SentEvent.id($0).lowercase)","timestamp":"\#(count)"}"# }
        let object = #"{"uuid":"\#(SentEvent.id(20).lowercase)","timestamp":"\#(count)","Attribute":[]}"#
        let stored =
            #"{"Event":{"attribute_count":"\#(count)","Tag":[],"Attribute":[\#(parts.joined(separator: ","))],"#
            + #""Object":[\#(object)]}}"#
        for faults in [
            [.reply(.json(#"{"Event":{"attribute_count":"\#(count)","Tag":[]}}"#)), .reply(.json(stored))],
            [.reply(.json(#"{"name":"Event already exists"}"#, status: 404)), .reply(.json(stored))],
        ] as [[MISPStandIn.Fault]] {
            bench.misp.change { $0.faults = faults }
            _ = try await bench.deliver(event)
        }
    }

    @Test(
        "Tags that do not arrive are named, with the right that is missing",
        arguments: [
            (true, true, [String](), [String]()),
            (
                true, false, ["tlp:amber"],
                [
                    "MISP left out the tag misp-galaxy:x=\"y\": the role Publisher may not make tags that the server "
                        + "does not have (perm_tag_editor)"
                ]
            ),
            (
                false, false, [],
                [
                    "MISP left out the tag TLP:Amber: the role Publisher may not tag (perm_tagger)",
                    "MISP left out the tag misp-galaxy:x=\"y\": the role Publisher may not tag (perm_tagger)",
                ]
            ),
        ])
    func tags(mayTag: Bool, mayCreate: Bool, expected: [String], warnings: [String]) async throws {
        let bench = try RESTSinkBench {
            $0.role.tagger = mayTag
            $0.role.tagEditor = mayCreate
        }
        defer { bench.stop() }
        try await bench.sink.prepare()
        var event = SentEvent()
        event.event.tags = [Tag(name: "TLP:Amber"), Tag(name: "misp-galaxy:x=\"y\"")]
        let receipt = try await bench.deliver(event)
        #expect(receipt.stored?.warnings == warnings)
        #expect(receipt.stored?.confirmed == 3)
        #expect(bench.stored?.tags == (mayCreate ? ["tlp:amber", "misp-galaxy:x=\"y\""] : expected))
    }

    @Test("Sightings that the key may not add are a warning and no failure", arguments: [true, false])
    func sightings(isPrepared: Bool) async throws {
        let bench = try RESTSinkBench { $0.role.sighting = false }
        defer { bench.stop() }
        if isPrepared { try await bench.sink.prepare() }
        _ = try await bench.deliver(SentEvent())
        var event = SentEvent()
        event.isUpdate = true
        event.event.attributes[0].sightings = [SentEvent.sighting(0)]
        let receipt = try await bench.deliver(event)
        #expect(
            receipt.stored?.warnings == ["MISP left out the sightings: the key may not add any (perm_sighting)"])
        #expect(bench.requests == (isPrepared ? ["add", "edit"] : ["add", "edit", "sightings"]))
    }
}
