import Foundation
import Pipeline
import TestKit
import Testing

@testable import MISP

/// Values, types and categories: what Warnbell composes is what MISP takes, as it is.
struct ValueTests {
    private static let samples: [(String, Evidence)] = [
        ("brute force", Sample.bruteForce()), ("brute force over IPv6", Sample.bruteForce("2001:DB8:0:0::00AB")),
        ("web attack", Sample.webAttack()), ("download", Sample.download()),
    ]

    @Test("Whatever is composed is taken whole, and stored as it was sent", arguments: samples.indices)
    func taken(index: Int) async throws {
        let (name, evidence) = Self.samples[index]
        let bench = try RESTSinkBench { $0.role.tagEditor = true }
        defer { bench.stop() }
        try await bench.sink.prepare()
        let flows = Sample.flows("\(try #require(evidence.attackers.values.keys.first).address)")
        let composition = try bench.sink.compose(nil, Sample.batch(evidence), flows: flows, now: Sample.now)
        let receipt = await bench.sink.deliver(composition)
        #expect(receipt.stored?.refused == [], "\(name)")
        #expect(receipt.stored?.warnings == [], "\(name)")
        let event = try EventDocument(body: composition.body).event
        let stored = try #require(bench.misp.state.events[composition.event.lowercase])
        for attribute in event.attributes + event.objects.flatMap(\.attributes) where attribute.type != .datetime {
            #expect(stored[attribute: attribute.uuid.uuid.lowercase]?.value == attribute.value, "\(name)")
        }
    }

    @Test("Nothing of an attribute is left to the server's defaults", arguments: samples.indices)
    func explicit(index: Int) throws {
        let (name, evidence) = Self.samples[index]
        let composer = EventComposer(settings: try EventSettings())
        let composition = try composer.compose(
            nil, Sample.batch(evidence), flows: Sample.flows(), now: Sample.now, organisation: Sample.organisation)
        let event = try #require(AnyJSON(composition.body)?["Event"])
        let objects = event["Object"]?.elements ?? []
        let single = event["Attribute"]?.elements ?? []
        let inObjects = objects.flatMap { $0["Attribute"]?.elements ?? [] }
        for attribute in single + inObjects {
            for field in [
                "uuid", "type", "category", "value", "to_ids", "disable_correlation", "distribution", "timestamp",
            ] {
                #expect(attribute[field] != nil, "\(name): \(field) of \(attribute)")
            }
        }
        for object in objects {
            let isInternal = object["name"] == "netflow"
            #expect(object["distribution"] == (isInternal ? "0" : "5"), "\(name): \(object)")
        }
        for attribute in inObjects {
            #expect(attribute["to_ids"] == false)
            #expect(attribute["disable_correlation"] == true)
        }
    }

    @Test(
        "Each type goes under a category that has it",
        arguments: [
            (.ipSource, .networkActivity), (.ipDestination, .networkActivity), (.url, .networkActivity),
            (.domain, .networkActivity), (.uri, .networkActivity), (.port, .networkActivity),
            (.userAgent, .networkActivity), (.md5, .payloadDelivery), (.sha1, .payloadDelivery),
            (.sha256, .payloadDelivery), (.targetMachine, .targetingData), (.targetUser, .targetingData),
            (.text, .other),
            (.datetime, .other), (.counter, .other), (.sizeInBytes, .other), (.integer, .other),
        ] as [(AttributeType, AttributeType.Category)])
    func category(of type: AttributeType, expected: AttributeType.Category) {
        #expect(type.category == expected)
    }
}
