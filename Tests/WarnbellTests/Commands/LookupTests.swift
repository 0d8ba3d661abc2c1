import Foundation
import TestKit
import Testing
import Timestamps

@testable import Warnbell

/// `warnbell lookup` as a person types it.
@Suite(.timeLimit(.minutes(2)))
struct LookupTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func lookup(_ arguments: String..., flows: String? = nil) throws -> Program.Result {
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/flows", withIntermediateDirectories: true)
        if let flows { _ = try folder.write(flows, to: "flows/flows.ndjson") }
        let file = try folder.write("netflow.directory: \(folder.path)/flows\n", to: "warnbell.yaml")
        return try Program.run(["lookup", "--config", file] + arguments)
    }

    @Test("The peers of an address are a table, or JSON; the answer is complete")
    func peers() throws {
        let flow = SampleFlow()
        let table = try lookup("203.0.113.9", flows: flow.json)
        #expect(table.status == 0, "\(table.error)")
        let moment = flow.time.iso8601
        #expect(
            table.output == """
                203.0.113.9: first contact \(moment); 1 inside host touched, 0 answered, 0 opened connections themselves
                  PEER        PROTO  PORT  OPENED BY  CONVERSATIONS  ANSWERED  BYTES TO PEER  BYTES FROM PEER  FIRST                     LAST
                  10.20.0.10  tcp      22  attacker               1         0             40                0  \(moment)  \(moment)

                """)
        let json = try lookup("--json", "203.0.113.9")
        #expect(json.status == 0)
        #expect(json.output.contains(#""peer" : "10.20.0.10""#), "\(json.output)")
    }

    @Test("The window is a time or a span back from now")
    func window() throws {
        let flow = SampleFlow()
        let found = "1 inside host touched"
        #expect(try lookup("--since", "2h", "203.0.113.9", flows: flow.json).output.contains(found))
        #expect(try lookup("--since", flow.time.iso8601, "203.0.113.9").output.contains(found))
        for arguments in [["--since", "1s"], ["--until", "2h"]] {
            let result = try lookup(arguments[0], arguments[1], "203.0.113.9")
            #expect(result.output.contains("203.0.113.9: no flows"), "\(arguments): \(result.output)")
        }
    }

    @Test("An answer that lacks something says so, with a status of its own")
    func incomplete() throws {
        let result = try lookup("203.0.113.9", flows: SampleFlow().json + "{\"source\":{\"ip\":\"203.0.113.9\"\n\n")
        #expect(result.status == 3)
        #expect(result.output.contains("incomplete: 1 lines that name an address are no JSON"), "\(result.output)")
        #expect(result.output.contains("10.20.0.10"), "what is known is told all the same")
    }

    @Test(
        "What can't be asked is wrong usage",
        arguments: [
            (["999.1.1.1"], "'999.1.1.1' is no IPv4 or IPv6 address"), ([], "Missing expected argument"),
            (["--since", "soon", "203.0.113.9"], "--since: expected a time such as"),
            (["--since", "1h", "--until", "2h", "203.0.113.9"], "The window ends before it begins"),
        ])
    func usage(arguments: [String], reason: String) throws {
        let result = try Program.run(["lookup", "--config", "/dev/null"] + arguments)
        #expect(result.status == 2)
        #expect(result.error.contains(reason), "\(result.error)")
    }

    @Test("Without a flow source there is nothing to ask; one that is not there fails")
    func noSource() throws {
        let none = try Program.run(["lookup", "--config", "/dev/null", "203.0.113.9"])
        #expect(none.status == 2)
        #expect(none.error.contains("no flow source is configured"), "\(none.error)")
        let file = try folder.write("netflow.directory: /nonexistent\n", to: "warnbell.yaml")
        let missing = try Program.run(["lookup", "--config", file, "203.0.113.9"])
        #expect(missing.status == 1)
        #expect(missing.error.contains("/nonexistent"), "\(missing.error)")
    }
}
