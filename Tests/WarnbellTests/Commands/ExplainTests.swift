import Foundation
import TestKit
import Testing

@testable import Warnbell

/// Which files explain and send read, and what they say of those that they can't.
@Suite(.timeLimit(.minutes(2)))
struct ExplainTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func explain(_ text: String, _ arguments: String...) throws -> Program.Result {
        let file = try folder.write(text, to: "alerts.json")
        return try Program.run(["explain", "--config", "/dev/null", file] + arguments)
    }

    /// Alerts of one attacker, about a kilobyte each.
    private func alerts(_ count: Int, of bytes: Int = 500) -> [String] {
        let description = String(repeating: "x", count: bytes)
        return (0..<count).map { number in
            SampleAlert {
                $0.id = "1795161600.\(number)"
                $0.description = description
            }.json
        }
    }

    @Test("An array over many lines is one value, however long it is")
    func arrayOverLines() throws {
        let result = try explain("[\n" + alerts(3000).joined(separator: ",\n") + "\n]\n")
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("3000 alerts, 0 duplicates, 0 entries not understood."), "\(result.output)")
    }

    @Test("So is an array on one line")
    func arrayOnOneLine() throws {
        let result = try explain("[" + alerts(20, of: 450_000).joined(separator: ",") + "]")
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("20 alerts, 0 duplicates, 0 entries not understood."), "\(result.output)")
    }

    @Test("Lines are read one after the other, each with its number where it is none of ours")
    func lines() throws {
        let alerts = alerts(3)
        let result = try explain("\n\(alerts[0])\r\n{\"a\":1}\n\n[\(alerts[1]),7]\nnot json\n\(alerts[2])")
        #expect(result.status == 3)
        #expect(result.output.contains("3 alerts, 0 duplicates, 3 entries not understood."), "\(result.output)")
        for part in [
            "not understood: line 3: This is no Wazuh alert", "not understood: line 5, entry 2: Expected an alert",
            "not understood: line 6: The JSON is malformed at byte 1",
        ] {
            #expect(result.output.contains(part), "\(part) in \(result.output)")
        }
    }

    @Test("A log whose beginning was cut off is read from its second line on")
    func cutBeginning() throws {
        let result = try explain("5712\"}\n" + alerts(2).joined(separator: "\n"))
        #expect(result.output.contains("2 alerts, 0 duplicates, 1 entry not understood."), "\(result.output)")
        #expect(result.output.contains("not understood: line 1: "), "\(result.output)")
    }

    @Test("Where a value over several lines breaks, its line is named")
    func brokenArray() throws {
        let result = try explain("[\n\(alerts(1)[0]),\n{\"a\" 1}\n]\n")
        #expect(result.output.contains("not understood: line 3: The JSON is malformed at byte "), "\(result.output)")
    }

    @Test("send tells the line of what it did not send")
    func send() throws {
        let file = try folder.write("not json\n{\"a\":1}\n", to: "alerts.json")
        let result = try Program.run(["send", "--to", "http://127.0.0.1:1", file])
        #expect(result.status == 1)
        #expect(result.output.contains("not sent  line 1: The JSON is malformed"), "\(result.output)")
        #expect(result.output.contains("not sent  line 2: This is no Wazuh alert"), "\(result.output)")
    }

    @Test("What is not read by a person at a terminal is not cut")
    func whole() throws {
        let rule = String(repeating: "a-long-name-", count: 20)
        let policy = try folder.write(
            "rules: [{name: \(rule), action: hold, min_level: 1}]", to: "policy.yaml")
        let configuration = try folder.write("policy.file: \(policy)\n", to: "warnbell.yaml")
        let file = try folder.write(SampleAlert().json, to: "alerts.json")
        let result = try Program.run(["explain", "--config", configuration, file])
        #expect(result.output.contains("rule \(rule)\n"), "\(result.output)")
    }

    @Test("A table of fewer than no lines is a mistake", arguments: ["-1", "x"])
    func limit(_ limit: String) throws {
        #expect(try explain(SampleAlert().json, "--limit=\(limit)").status == 2)
    }
}
