import Foundation
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import MISP

/// MISP's own library, in a Python of its own.
enum PyMISP {
    /// `WARNBELL_PYTHON`: the Python of an environment with pymisp and jsonschema.
    static let python = ProcessInfo.processInfo.environment["WARNBELL_PYTHON"]

    /// `WARNBELL_SHARED`: the folder with `tools/misp_check.py`.
    static let shared = ProcessInfo.processInfo.environment["WARNBELL_SHARED"]

    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/misp")

    /// Runs a script and gives what it printed and how it ended.
    static func run(_ script: String, _ arguments: [String]) throws -> (output: String, status: Int32) {
        let process = try ChildProcess([try #require(python), script] + arguments, errors: "/dev/stdout")
        let output = String(decoding: process.readToEnd(), as: UTF8.self)
        return (output, process.wait())
    }
}

/// MISP's own library reads what we write. Without ``PyMISP/python`` these tests are skipped.
@Suite(.enabled(if: PyMISP.python != nil, "WARNBELL_PYTHON names no Python with pymisp and jsonschema"))
struct PyMISPTests {
    let directory: TemporaryFolder

    init() throws {
        directory = try TemporaryFolder()
    }

    /// Events of every kind, as a server gets them.
    private func writeEvents() throws -> [String] {
        let settings = try EventSettings(
            distribution: .sharingGroup, sharingGroup: 7, tlp: .amberStrict, pap: .red, tags: ["type:CYBINT"],
            urlQuery: .keep)
        let composer = EventComposer(settings: settings)
        var wild = Sample.bruteForce("45.148.10.9")
        for text in MarkdownTests.hostile.map(\.0) + ["\u{1f600}", String(repeating: "ä", count: 70_000)] {
            wild.userAgents.add(text, Sample.tally())
            wild.requests.add(.init(scheme: nil, host: text, target: text, role: .source), Sample.tally())
            wild.requests.add(.init(scheme: nil, host: text, target: text, role: .destination), Sample.tally())
            wild.domains.add(text, Sample.tally())
            wild.internal.agents.add(text, Sample.tally())
            wild.internal.users.add(text, Sample.tally())
        }
        var network = Sample.bruteForce("2001:db8:1:2::1")
        network.attackers.add(.init(address: Sample.address("2001:db8:1:2:ffff::7"), role: .source), Sample.tally())
        network.attackers.add(.init(address: Sample.address("2001:db8:1:2::1"), role: .destination), Sample.tally())
        let first = try composer.compose(
            nil, Sample.batch(network), flows: [], now: Sample.now, organisation: Sample.organisation)
        let events = [
            ("source", try composer.event(Sample.webAttack("45.148.10.9"))),
            ("destination", try composer.event(Sample.download("45.148.10.77"))),
            ("network", try composer.event(network)),
            (
                "update",
                try composer.event(
                    network, history: Sample.history(first, network), flows: Sample.flows("2001:db8:1:2::1"),
                    now: Sample.now + .seconds(4000))
            ),
            ("test", try composer.event(Sample.bruteForce("203.0.113.9"), flows: Sample.flows())),
            ("flows", try composer.event(Sample.bruteForce("45.148.10.9"), flows: Sample.flows("45.148.10.9"))),
            ("wild", try composer.event(wild, flows: Sample.flows("45.148.10.9"))),
        ]
        let golden = GoldenSample.all.map { GoldenSample.folder.appending(path: "\($0.name).json").path() }
        return try golden
            + events.map { name, event in
                try directory.write(String(decoding: EventDocument(event).encoded(), as: UTF8.self), to: "\(name).json")
                return "\(directory.path)/\(name).json"
            }
    }

    /// A feed of several events, one of them updated.
    private func writeFeed() async throws -> String {
        let path = directory.path + "/feed"
        let composer = EventComposer(settings: try EventSettings(pap: .green))
        let sink = FeedSink(
            directory: path, publisher: .organisation(Sample.organisation), composer: composer, includesTests: true,
            settings: .immediate)
        var history: [String: History] = [:]
        for (round, evidence) in [
            Sample.bruteForce(), Sample.webAttack("45.148.10.9"), Sample.download(), Sample.bruteForce("2001:db8::7"),
            Sample.webAttack(),
        ].enumerated() {
            let batch = Sample.batch(evidence)
            let composition = try sink.compose(
                history["\(batch.source)"], batch, flows: Sample.flows(), now: Sample.now + .seconds(round))
            history["\(batch.source)"] = Sample.history(composition, evidence)
            #expect(await sink.deliver(composition) == .stored(.init(confirmed: composition.items.count)))
        }
        return path
    }

    @Test("PyMISP loads every kind of event and loses nothing")
    func events() throws {
        let files = try writeEvents()
        let script = PyMISP.fixtures.appending(path: "pymisp_check.py").path()
        let result = try PyMISP.run(script, ["event"] + files)
        #expect(result.output == "")
        #expect(result.status == 0)
    }

    @Test("A feed is the one that PyMISP makes of the same events")
    func feed() async throws {
        let script = PyMISP.fixtures.appending(path: "pymisp_check.py").path()
        let result = try PyMISP.run(script, ["feed", try await writeFeed()])
        #expect(result.output == "")
        #expect(result.status == 0)
    }

    @Test(
        "The strict check of types, categories, values and templates finds no fault",
        .enabled(if: PyMISP.shared != nil, "WARNBELL_SHARED names no folder with tools/misp_check.py"))
    func strict() async throws {
        let script = try #require(PyMISP.shared) + "/tools/misp_check.py"
        let feed = try await writeFeed()
        let feedFiles = try directory.names(in: "feed").filter { $0.hasSuffix(".json") && $0 != "manifest.json" }
        let result = try PyMISP.run(script, try writeEvents() + feedFiles.map { "\(feed)/\($0)" })
        #expect(result.output == "")
        #expect(result.status == 0)
    }
}
