import Foundation
import Pipeline
import Testing

@testable import MISP

/// Whole events as they go out, for people to read. The files in Tests/Fixtures/misp are changed by hand only.
struct GoldenTests {
    @Test("An event for a server, with Netflow")
    func server() throws {
        var evidence = Sample.bruteForce()
        evidence.merge(Sample.webAttack())
        let composition = try EventComposer(settings: EventSettings(pap: .amber, tags: ["type:CYBINT"])).compose(
            nil, Sample.batch(evidence), flows: Sample.flows(), now: Sample.now, organisation: Sample.organisation)
        try Self.expect(composition.body, "event-server.json")
    }

    @Test("An event of a feed")
    func feed() throws {
        let composition = try EventComposer(settings: EventSettings()).composeForFeed(
            nil, Sample.batch(Sample.download("198.51.100.77")), flows: Sample.flows("198.51.100.77"), now: Sample.now,
            organisation: Sample.organisation)
        try Self.expect(composition.body, "event-feed.json")
    }

    private static func expect(_ body: [UInt8], _ name: String) throws {
        let object = try JSONSerialization.jsonObject(with: Data(body))
        let pretty = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        let composed = String(decoding: pretty, as: UTF8.self) + "\n"
        let golden = try String(contentsOf: PyMISP.fixtures.appending(path: name), encoding: .utf8)
        #expect(composed == golden, "Tests/Fixtures/misp/\(name)")
    }
}
