import Foundation
import TestKit
import Testing

@testable import Warnbell

/// The commands as a person types them.
@Suite(.timeLimit(.minutes(2)))
struct CommandLineTests {
    private func file(_ alerts: [SampleAlert], in folder: TemporaryFolder) throws -> String {
        try folder.write(alerts.map { $0.json + "\n" }.joined(), to: "alerts.json")
    }

    private func sample(_ id: String, source: String = "203.0.113.9", rule: String = "5712") -> SampleAlert {
        SampleAlert {
            $0.id = id
            $0.ruleID = rule
            $0.accuse(source)
        }
    }

    @Test("explain tells what would happen to each source, and sends nothing")
    func explain() throws {
        let folder = try TemporaryFolder()
        let alerts = [
            sample("1.1"), sample("1.2"), sample("1.3", source: "10.0.0.7"),
            sample("1.4", source: "192.0.2.8", rule: "40112"), sample("1.1"),
        ]
        let result = try Program.run(["explain", "--config", "/dev/null", try file(alerts, in: folder)])
        #expect(result.status == 0)
        #expect(
            result.output == """
                DECISION     SOURCE       ALERTS  LEVEL  RULES  WHY
                share        203.0.113.9       2     10   5712  rule brute-force-or-scan
                hold         192.0.2.8         1     10  40112  rule login-by-attacker
                investigate  10.0.0.7          1     10   5712  rule brute-force-or-scan, by a host of ours

                4 alerts, 1 duplicate, 0 entries not understood.
                  share: 2 alerts from 1 source
                  hold: 1 alert from 1 source
                  investigate: 1 alert from 1 source

                """)
    }

    @Test("explain names nobody of ours: agents, and whom a client only claims to come from")
    func explainOwn() throws {
        let folder = try TemporaryFolder()
        var agent = sample("1.1", source: "203.0.113.5")
        agent.agentAddress = "203.0.113.5"
        var claim = sample("1.2", source: "10.2.3.4")
        claim.data.append(#""xff_address":"192.0.2.1""#)
        let result = try Program.run(["explain", "--config", "/dev/null", try file([agent, claim], in: folder)])
        #expect(result.output.contains("investigate  203.0.113.5"), "\(result.output)")
        #expect(result.output.contains("investigate  10.2.3.4"), "\(result.output)")
        #expect(!result.output.contains("192.0.2.1"))
    }

    @Test("explain says what it did not understand, and that its answer is incomplete")
    func explainFaults() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(sample("1.1").json + "\n{\"a\":1}\nnot json\n", to: "alerts.json")
        let result = try Program.run(["explain", "--config", "/dev/null", path])
        #expect(result.status == 3)
        #expect(result.output.contains("1 alert, 0 duplicates, 2 entries not understood."), "\(result.output)")
        #expect(try Program.run(["explain", "--config", "/dev/null", "/nonexistent"]).status == 1)
        #expect(try Program.run(["explain", "--config", "/dev/null", "/dev/null"]).status == 1)
    }

    @Test("send posts each alert and tells what became of it")
    func send() throws {
        let receiver = try RunningReceiver()
        let path = try file([sample("1.1"), sample("1.2"), sample("1.1")], in: receiver.folder)
        let result = try Program.run(["send", "--to", receiver.url, path])
        #expect(result.status == 0, "\(result.error)")
        #expect(
            result.output == """
                accepted  rule 5712  203.0.113.9  sshd: brute force trying to get access to the system.
                accepted  rule 5712  203.0.113.9  sshd: brute force trying to get access to the system.
                duplicate rule 5712  203.0.113.9  sshd: brute force trying to get access to the system.
                2 accepted, 1 duplicate, 0 refused, 0 not sent

                """)
        let samples = try Program.run(["send", "--to", receiver.url, "--sample"])
        #expect(samples.output.hasSuffix("4 accepted, 0 duplicate, 0 refused, 0 not sent\n"), "\(samples.output)")
    }

    @Test("send says why a receiver can't be reached")
    func sendNowhere() throws {
        let result = try Program.run(["send", "--to", "http://127.0.0.1:1", "--sample"])
        #expect(result.status == 1)
        #expect(result.error.contains("127.0.0.1"), "\(result.error)")
        #expect(try Program.run(["send"]).status == 2)
    }

    @Test("policy show prints a policy that can be used as a file")
    func policyShow() throws {
        let folder = try TemporaryFolder()
        let shown = try Program.run(["policy", "show", "--config", "/dev/null"])
        let file = try folder.write(shown.output, to: "policy.yaml")
        let configuration = try folder.write("policy.file: \(file)\n", to: "warnbell.yaml")
        #expect(try Program.run(["policy", "show", "--config", configuration]).output == shown.output)
        let broken = try folder.write("policy.file: \(try folder.write("rules: 1", to: "p.yaml"))\n", to: "b.yaml")
        let result = try Program.run(["policy", "show", "--config", broken])
        #expect(result.status == 2)
        #expect(result.error.contains("p.yaml:1: expected 'rules' to be a list of rules"), "\(result.error)")
    }

    @Test("serve refuses any address but loopback, and a port that is taken")
    func serveRefusals() throws {
        let open = try Program.run(["serve"], environment: ["WARNBELL_LISTEN_HOST": "0.0.0.0"])
        #expect(open.status == 2)
        #expect(open.error.contains("not a loopback address"))
        let receiver = try RunningReceiver()
        let second = try Program.run(
            ["serve"],
            environment: [
                "WARNBELL_LISTEN_PORT": "\(receiver.port)", "WARNBELL_DATA_DIRECTORY": "\(receiver.folder.path)/other",
            ])
        #expect(second.status == 1)
        #expect(second.error.contains("\(receiver.port)"), "\(second.error)")
    }
}
