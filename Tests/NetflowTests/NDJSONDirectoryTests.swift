import HTTPClient
import IPAddresses
import Pipeline
import TestKit
import Testing
import Timestamps

@testable import Netflow

@Suite struct NDJSONDirectoryTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Asks the folder for the address of the own sample that has most flows.
    private func lookup(
        _ addresses: [IPAddress] = [attacker], in window: Range<Timestamp> = Fixture.window,
        _ change: (inout NDJSONDirectory.Configuration) -> Void = { _ in }
    ) async throws -> [FlowFindings] {
        var configuration = NDJSONDirectory.Configuration(directory: folder.path)
        change(&configuration)
        return try await NDJSONDirectory(configuration).lookup(addresses, in: window)
    }

    /// One flow from the attacker to a port of the host, exported after so many milliseconds of the day.
    private func flow(to port: Int, at milliseconds: Int64 = 0) -> String {
        """
        {"@timestamp":"\(moment(milliseconds).iso8601)","source":{"ip":"\(attacker)","port":40000,"bytes":40,\
        "packets":1},"destination":{"ip":"\(host)","port":\(port)},"network":{"transport":"tcp"}}

        """
    }

    @Test("A file of the bulk API answers for each address, in the order asked, the absent one included")
    func fixture() async throws {
        try folder.write(Fixture.flows, Fixture.bytes(Fixture.flows))
        let findings = try await lookup(Fixture.addresses)
        #expect(findings.map(Fixture.lines) == Fixture.answers)
        #expect(findings.allSatisfy { $0.incomplete.isEmpty })
    }

    @Test("The same file as gzip gives the same answers, under any name, in one member or several")
    func gzip() async throws {
        let bytes = try Fixture.bytes(Fixture.flows)
        let half = bytes.count / 2
        try folder.write("flows.ndjson", Gzip.compress(Array(bytes[..<half])) + Gzip.compress(Array(bytes[half...])))
        let findings = try await lookup(Fixture.addresses)
        #expect(findings.map(Fixture.lines) == Fixture.answers)
    }

    @Test("Gzip that inflates to many times its size is read to its end")
    func dense() async throws {
        let text = String(repeating: "{\"message\":\"nothing to see\"}\n", count: 50_000) + flow(to: 22)
        try folder.write("flows.json.gz", Gzip.compress(Array(text.utf8)))
        let findings = try await lookup()
        #expect(findings[0].flowRecords == 1)
        #expect(findings[0].incomplete.isEmpty)
    }

    @Test("Gzip that ends too early, or is damaged, gives what came before and says so")
    func brokenGzip() async throws {
        // Random text does not shrink, so that half of the file is half of the flows.
        let text = (1...1000).map { flow(to: $0, at: .random(in: 0..<3_600_000)) }.joined()
        let whole = Gzip.compress(Array(text.utf8))
        try folder.write("flows.ndjson.gz", whole.prefix(whole.count / 2))
        let cut = try await lookup()[0]
        #expect((1..<1000).contains(cut.flowRecords))
        #expect(cut.incomplete == ["flows.ndjson.gz ends in the middle of its gzip data; what came before was read"])

        var damaged = whole
        for index in whole.count / 2..<whole.count / 2 + 64 { damaged[index] = 0xff }
        try folder.write("flows.ndjson.gz", damaged)
        let broken = try await lookup()[0]
        #expect((1..<1000).contains(broken.flowRecords))
        #expect(
            broken.incomplete.contains(
                "flows.ndjson.gz is damaged: expected gzip to its end; what came before was read")
        )
    }

    @Test("Files in folders below and links count; other names, hidden files and whatever is no file don't")
    func names() async throws {
        try folder.write("a.ndjson", flow(to: 1).utf8)
        try folder.write("b.jsonl", flow(to: 2).utf8)
        try folder.write("2026/11/c.json", flow(to: 3).utf8)
        try folder.write("elsewhere.txt", flow(to: 4).utf8)
        try folder.link("linked.json", to: "elsewhere.txt")
        try folder.write(".hidden.json", flow(to: 5).utf8)
        try folder.write(".hidden/d.json", flow(to: 6).utf8)
        try folder.write("folder.json/readme", flow(to: 7).utf8)
        try folder.link("dangling.json", to: "nowhere")
        let findings = try await lookup()
        #expect(findings[0].peers.map(\.port) == [1, 2, 3, 4])
        #expect(findings[0].incomplete.isEmpty)
    }

    @Test("A flow lies in the window from its first millisecond to the one before its end")
    func window() async throws {
        try folder.write("a.json", [0, 999, 1000, 4999, 5000].map { flow(to: Int($0) + 1, at: $0) }.joined().utf8)
        let findings = try await lookup(in: moment(1000)..<moment(5000))
        #expect(findings[0].peers.map(\.port) == [1001, 5000])
    }

    @Test("Lines that are no JSON are counted where they name the address; documents that are no flow are not missed")
    func badLines() async throws {
        let lines = [
            flow(to: 22), "{\"source\":{\"ip\":\"\(attacker)\"\n", "not JSON, but \(attacker)\n", "not JSON at all\n",
            "\n",
            "{\"create\":{\"_index\":\"of-\(attacker)\"}}\n", "{\"message\":\"\(attacker)\"}\n", "[1,2]\n",
            flow(to: 23),
        ]
        try folder.write("a.json", lines.joined().utf8)
        let findings = try await lookup()
        #expect(findings[0].peers.map(\.port) == [22, 23])
        #expect(findings[0].incomplete == ["2 lines that name an address are no JSON"])
    }

    @Test("What a collector is still writing is no error; a whole last line without its end is read")
    func unfinished() async throws {
        try folder.write("a.json", (flow(to: 22) + flow(to: 23).dropLast(20)).utf8)
        try folder.write("b.json", flow(to: 24).dropLast(1).utf8)
        let findings = try await lookup()
        #expect(findings[0].peers.map(\.port) == [22, 24])
        #expect(findings[0].incomplete.isEmpty)
    }

    @Test("A line at the limit is read; one past it is left out and said")
    func longLines() async throws {
        let line = flow(to: 22).dropLast(1)
        let padding = String(repeating: " ", count: FlowLimits.lineBytes - line.utf8.count)
        try folder.write("a.json", "\(line)\(padding)\n\(line)\(padding) \n".utf8)
        let findings = try await lookup()
        #expect(findings[0].flowRecords == 1)
        #expect(findings[0].incomplete == ["1 lines of a.json are longer than 1048576 bytes"])
    }

    @Test("Newest files first: at the bound all are read, past it the older ones are left out and said")
    func bound() async throws {
        let files = (1...3).map { flow(to: $0) }
        for (index, file) in files.enumerated() {
            try folder.write("\(index + 1).json", file.utf8, modified: moment(Int64(index) * 1000))
        }
        let total = files.joined().utf8.count
        let all = try await lookup { $0.maxBytes = total }
        #expect(all[0].peers.map(\.port) == [1, 2, 3])
        #expect(all[0].incomplete.isEmpty)
        let cut = try await lookup { $0.maxBytes = total - 1 }
        #expect(cut[0].peers.map(\.port) == [2, 3])
        #expect(cut[0].incomplete == ["stopped after \(total - 1) bytes in 1.json: 0 older files were not read"])
        let one = try await lookup { $0.maxBytes = 10 }
        #expect(one[0].peers.isEmpty)
        #expect(one[0].incomplete == ["stopped after 10 bytes in 3.json: 2 older files were not read"])
    }

    @Test("Files last written to before the window are left out, but not when the window is ahead of the clock")
    func oldFiles() async throws {
        try folder.write("old.json", flow(to: 1, at: 5000).utf8, modified: moment(-1))
        try folder.write("new.json", flow(to: 2, at: 5000).utf8, modified: moment(0))
        let later = try await lookup { $0.now = { moment(10_000) } }
        #expect(later[0].peers.map(\.port) == [2])
        #expect(later[0].incomplete.isEmpty)
        let earlier = try await lookup { $0.now = { moment(-10_000) } }
        #expect(earlier[0].peers.map(\.port) == [1, 2])
    }

    @Test("No file, or none recent enough, is said and is not the same as no flows")
    func nothing() async throws {
        let empty = try await lookup()
        #expect(empty[0].incomplete == ["no flow file in \(folder.path)"])
        try folder.write("old.json", flow(to: 1).utf8, modified: moment(-1))
        let old = try await lookup { $0.now = { moment(10_000) } }
        #expect(old[0].incomplete == ["no file in \(folder.path) was written to since 2026-11-20T08:00:00.000Z"])
    }

    @Test("A folder that is not there is an error that names it")
    func missing() async throws {
        let source = NDJSONDirectory(.init(directory: "\(folder.path)/nowhere"))
        let error = await #expect(throws: FlowDirectoryError.self) {
            try await source.lookup([attacker], in: Fixture.window)
        }
        #expect(error?.description.contains("nowhere cannot be read") == true)
    }

    @Test("The limit of conversations holds for a look-up")
    func conversationLimit() async throws {
        try folder.write("a.json", (1...4).map { flow(to: $0) }.joined().utf8)
        let findings = try await lookup { $0.conversationLimit = 3 }
        #expect(findings[0].peers.count == 3)
        #expect(findings[0].flowRecords == 4)
        #expect(findings[0].incomplete.count == 1)
    }

    @Test("A cancelled look-up ends with that")
    func cancelled() async throws {
        try folder.write("a.json", flow(to: 1).utf8)
        let path = folder.path
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await NDJSONDirectory(.init(directory: path)).lookup([attacker], in: Fixture.window)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("A check says what is there")
    func check() async throws {
        try folder.write("a.json", flow(to: 1).utf8, modified: moment(0))
        try folder.write("b.json", flow(to: 1).utf8, modified: moment(-1000))
        let found = try await NDJSONDirectory(.init(directory: folder.path)).check()
        #expect(found == "2 flow files, the newest a.json of 2026-11-20T08:00:00.000Z")
    }

    @Test("The demo's flows tell a sweep, a brute force with one session, and a host that calls back")
    func demo() async throws {
        try folder.link("flows.ndjson", to: Fixture.demo)
        let day = moment(-8 * 3_600_000)..<moment(16 * 3_600_000)
        let findings = try await lookup([try #require(IPAddress("203.0.113.9"))], in: day)[0]
        #expect(
            "\(FlowSummary(findings))"
                == "first contact 2026-11-20T08:00:39.000Z; 60 inside hosts touched, 9 answered, "
                + "1 opened connections itself")
        let calls = findings.peers.filter(\.isCallback)
        #expect(calls.map { "\($0.peer) \($0.port) \($0.conversations)" } == ["10.20.0.11 8443 24"])
        #expect(findings.incomplete.isEmpty)
    }

    // Skipped where WARNBELL_SHARED is not set.
    @Test(
        "The shared flows give exactly the right answers", .enabled(if: Corpus.isThere, Corpus.missing),
        arguments: Corpus.samples)
    func corpus(_ sample: Corpus.Sample) async throws {
        try folder.link(sample.file.replacing(".bulk", with: ""), to: "\(Corpus.folder ?? "")/\(sample.file)")
        let truth = try Corpus.truth(sample)
        #expect(truth.count == sample.addresses)
        let findings = try await lookup(truth.compactMap { IPAddress($0.ip) }, in: sample.window)
        try Corpus.expect(findings, toBe: truth)
    }
}
