import Foundation
import Pipeline
import TestKit
import Testing

@testable import MISP

/// Whole events as they go out, for people to read.
///
/// `WARNBELL_WRITE_GOLDEN=yes scripts/test --filter GoldenTests` writes the files anew: read what has changed in them.
struct GoldenTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("An event of each kind of attacker, as a server gets it", arguments: GoldenSample.all)
    func server(sample: GoldenSample) throws {
        let composer = try GoldenSample.composer(databaseIn: folder)
        let composition = try composer.compose(
            nil, sample.batch(), flows: sample.flows(), now: Sample.now, organisation: Sample.organisation)
        try Self.expect(composition.body, "golden/\(sample.name).json")
    }

    @Test("An event with everything in it, as a server gets it")
    func whole() throws {
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

    private static let writes = ProcessInfo.processInfo.environment["WARNBELL_WRITE_GOLDEN"] != nil

    private static func expect(_ body: [UInt8], _ name: String) throws {
        let object = try JSONSerialization.jsonObject(with: Data(body))
        let pretty = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        let composed = String(decoding: pretty, as: UTF8.self) + "\n"
        let file = PyMISP.fixtures.appending(path: name)
        if writes { try composed.write(to: file, atomically: true, encoding: .utf8) }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(composed == golden, "Tests/Fixtures/misp/\(name)")
    }
}
