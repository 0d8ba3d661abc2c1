import Foundation
import IPAddresses
import Pipeline
import TestKit
import Testing
import Timestamps

@testable import Netflow

/// Against a real engine; skipped where WARNBELL_OSMEM is not set.
@Suite(.enabled(if: Osmem.isThere, Osmem.missing))
struct OsmemTests {
    private func source(
        _ engine: Osmem, _ change: (inout ElasticsearchSource.Configuration) -> Void = { _ in }
    ) -> ElasticsearchSource {
        var configuration = ElasticsearchSource.Configuration(url: engine.url)
        configuration.indices = ["netflow-*", "filebeat-*"]
        change(&configuration)
        return ElasticsearchSource(configuration)
    }

    @Test("The engine gives the same answers as the file")
    func fixture() async throws {
        try await Osmem.run(Fixture.bytes(Fixture.flows)) { engine in
            let findings = try await source(engine).lookup(Fixture.addresses, in: Fixture.window)
            #expect(findings.map(Fixture.lines) == Fixture.answers)
            #expect(findings.allSatisfy { $0.incomplete.isEmpty })
        }
    }

    @Test("Small pages, and searches that do not fit into one request, give the same answers")
    func pages() async throws {
        try await Osmem.run(Fixture.bytes(Fixture.flows)) { engine in
            let source = source(engine) {
                $0.pageSize = 2
                $0.searchesPerRequest = 2
            }
            let findings = try await source.lookup(Fixture.addresses, in: Fixture.window)
            #expect(findings.map(Fixture.lines) == Fixture.answers)
            #expect(findings.allSatisfy { $0.incomplete.isEmpty })
        }
    }

    @Test("When there are more pages than are read, the totals are exact and the answer says that peers are missing")
    func cappedPages() async throws {
        try await Osmem.run(Fixture.bytes(Fixture.flows)) { engine in
            let source = source(engine) {
                $0.pageSize = 2
                $0.maxPages = 3
            }
            let findings = try await source.lookup([Fixture.addresses[0]], in: Fixture.window)
            let lines = Fixture.lines(findings[0]).split(separator: "\n")
            #expect(lines.first == Fixture.answers[0].split(separator: "\n").first)
            #expect(lines.count < 8)
            #expect(
                findings[0].incomplete == [
                    "stopped after 6 groups of records: peers are missing, the totals are exact"
                ])
        }
    }

    @Test("That no index matched is said, and is not the same as no flows")
    func noIndex() async throws {
        try await Osmem.run { engine in
            let findings = try await source(engine).lookup([Fixture.addresses[0]], in: Fixture.window)
            #expect(findings[0].flowRecords == 0)
            #expect(findings[0].incomplete == ["no index matched netflow-*,filebeat-*"])
        }
    }

    @Test("Indices without flows are left alone, and the answer says when there are no others")
    func otherIndices() async throws {
        try await Osmem.run { engine in
            let mapping = #"{"mappings":{"properties":{"source":{"properties":{"ip":{"type":"ip"}}}}}}"#
            try await engine.send("PUT", "/filebeat-web", Array(mapping.utf8))
            let findings = try await source(engine).lookup([Fixture.addresses[0]], in: Fixture.window)
            #expect(findings[0].incomplete == ["none of the 1 indices that match netflow-*,filebeat-* holds flows"])
        }
    }

    @Test("Indices that dynamic mapping made are asked by their keywords, beside well mapped ones")
    func dynamicMapping() async throws {
        let document = """
            {"create":{"_index":"filebeat-dynamic"}}
            {"@timestamp":"2026-11-20T08:10:00.000Z","source":{"ip":"203.0.113.7","port":52000,"bytes":60,"packets":1},\
            "destination":{"ip":"10.20.0.50","port":8080},"network":{"transport":"tcp"}}

            """
        try await Osmem.run(Fixture.bytes(Fixture.flows) + Array(document.utf8)) { engine in
            let findings = try await source(engine).lookup(Fixture.addresses, in: Fixture.window)
            let peer = try #require(findings[0].peers.last)
            #expect("\(peer.peer) \(peer.transport) \(peer.port)" == "10.20.0.50 6 8080")
            #expect(peer.first == Timestamp("2026-11-20T08:10:00Z"))
            #expect(findings[0].flowRecords == 16)
            #expect(findings[0].peers.count == 12)
            #expect(findings[0].incomplete.isEmpty)
            #expect(Fixture.lines(findings[1]) == Fixture.answers[1])
        }
    }

    @Test("A check says what is there")
    func check() async throws {
        try await Osmem.run(Fixture.bytes(Fixture.flows)) { engine in
            let found = try await source(engine).check()
            #expect(found == "OpenSearch 3.8.0: 1 of 1 indices hold flows (ecs)")
        }
    }

    // Skipped where WARNBELL_SHARED is not set, too.
    @Test(
        "The shared flows give exactly the right answers", .enabled(if: Corpus.isThere, Corpus.missing),
        arguments: Corpus.samples)
    func corpus(_ sample: Corpus.Sample) async throws {
        let folder = URL(filePath: Corpus.folder ?? "")
        var documents = Array(try Data(contentsOf: folder.appending(path: sample.file)))
        if sample.file.hasSuffix(".gz") { documents = try #require(gunzip(documents)) }
        let template = Array(try Data(contentsOf: folder.appending(path: "template_ecs.json")))
        try await Osmem.run { engine in
            try await engine.load(template: template, documents: documents)
            let truth = try Corpus.truth(sample)
            let findings = try await source(engine).lookup(truth.compactMap { IPAddress($0.ip) }, in: sample.window)
            try Corpus.expect(findings, toBe: truth)
        }
    }
}
