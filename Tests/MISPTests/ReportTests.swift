import Foundation
import Pipeline
import Testing
import Timestamps
import Wazuh

@testable import MISP

struct ReportTests {
    let composer: EventComposer

    init() throws {
        composer = EventComposer(settings: try EventSettings())
    }

    private func reports(_ evidence: Evidence, flows: [FlowFindings] = []) throws -> (everybody: String, ours: String) {
        let event = try composer.event(evidence, flows: flows)
        #expect(event.reports.count == 2)
        return (event.reports[0].content, event.reports[1].content)
    }

    @Test("The report for everybody says what happened, when, by which rules, and how it was decided")
    func everybody() throws {
        let report = try reports(Sample.bruteForce("45.148.10.9"), flows: Sample.flows("45.148.10.9")).everybody
        for part in [
            "# What Warnbell saw of `45.148.10.9`",
            """
            Wazuh raised 12 alerts between 2026-11-20T08:00:00.050Z and 2026-11-20T08:00:11.050Z, the highest of level \
            10 of 16.
            """,
            "| `5712` | 10 | `syslog, sshd, authentication_failures` | 8 | 2026-11-20T08:00:00.050Z |",
            "| `T1110.001` | `Password Guessing` | 4 |",
            "| `T9999` | unknown to the table | 1 |",
            "| `Credential Access` | 12 |",
            """
            - `45.148.10.9`: 66 flow records from 2026-11-19T20:00:00.000Z to 2026-11-19T20:10:00.000Z; \
            3 hosts in 33 conversations, 30 answered; sent 9584 bytes in 126 packets, \
            received 107000 bytes in 170 packets.
            """,
            "from 2026-11-03T00:00:00.000Z until 2026-12-03T00:00:00.000Z belong to this event",
        ] { #expect(report.contains(part), "\(part)") }
    }

    @Test("Netflow says so when it found nothing, and when it may not have found everything")
    func incomplete() throws {
        let flows = FlowFindings(address: Sample.address("45.148.10.9"), incomplete: ["2 of 5 shards of idx-7 failed"])
        let reports = try reports(Sample.evidence("45.148.10.9"), flows: [flows])
        #expect(
            reports.everybody.contains("- `45.148.10.9`: no flows. The logs may hold more: the answer was incomplete."))
        #expect(!reports.everybody.contains("idx-7"))
        #expect(reports.ours.contains("Incomplete: `2 of 5 shards of idx-7 failed`"))
    }

    @Test("Findings about addresses that are not the source's are left out")
    func foreignFlows() throws {
        let reports = try reports(Sample.evidence("45.148.10.9"), flows: Sample.flows("45.148.10.10"))
        #expect(!reports.everybody.contains("Netflow"))
        #expect(!reports.ours.contains("Netflow"))
    }

    @Test("Our own report names agents, addresses, users, descriptions in full and whom Netflow saw")
    func ours() throws {
        let report = try reports(Sample.bruteForce("45.148.10.9"), flows: Sample.flows("45.148.10.9")).ours
        for part in [
            "2 hosts of ours were touched; 1 answered; 1 opened connections itself.",
            "| `10.20.30.50` | `TCP 4444` | our side | 2 | 2 | 500 B | 100000 B |",
            "| `10.20.30.60` | `ICMP` | attacker | 1 | 0 | 84 B | 0 B |",
            "| `sshd: brute force on bastion-zq ¦ ´operator7´` | 8 |",
            "| `bastion-zq` | 12 |", "| `10.20.30.40` | 12 |", "| `operator7` | 12 |", "| `brute force` | 12 |",
        ] { #expect(report.contains(part), "\(part)") }
        let called = try #require(report.range(of: "10.20.30.50"))
        let touched = try #require(report.range(of: "10.20.30.40"))
        #expect(called.lowerBound < touched.lowerBound, "who called back comes first")
    }

    @Test("A host that only reports a closed port has called nobody")
    func icmp() throws {
        let peers = [(1, FlowFindings.Initiator.internal, 5), (6, .attacker, 1)].map { transport, initiator, answered in
            FlowFindings.Peer(
                peer: Sample.address("10.20.30.6\(transport)"), transport: transport, port: transport == 6 ? 22 : 0,
                initiator: initiator, conversations: answered, answered: answered, sent: .init(bytes: 60, packets: 1),
                received: .init(bytes: 60, packets: 1), first: Sample.now, last: Sample.now)
        }
        let flows = FlowFindings(
            address: Sample.address("45.148.10.9"), flowRecords: 6, first: Sample.now, last: Sample.now, peers: peers)
        let report = try reports(Sample.evidence("45.148.10.9"), flows: [flows]).ours
        #expect(report.contains("1 host of ours was touched; 1 answered; 0 opened connections themselves."))
        #expect(FlowSummary(flows).description.contains("1 inside host touched, 1 answered, 0 opened connections"))
    }

    @Test("Text from alerts never breaks out of its cell", arguments: MarkdownTests.hostile.map(\.0))
    func hostile(text: String) throws {
        var evidence = Sample.evidence("45.148.10.9")
        evidence.rules.add(.init(id: text, level: 3, groups: [text, text]), Sample.tally())
        evidence.techniques.add(text, Sample.tally())
        evidence.tactics.add(text, Sample.tally())
        evidence.policyRules.add(text, Sample.tally())
        evidence.userAgents.add(text, Sample.tally())
        evidence.internal.agents.add(text, Sample.tally())
        evidence.internal.users.add(text, Sample.tally())
        evidence.internal.descriptions.add(text, Sample.tally())
        let reports = try reports(evidence)
        for report in [reports.everybody, reports.ours] {
            for line in report.split(separator: "\n") {
                let isKnown = ["# ", "## ", "- ", "| "].contains { line.hasPrefix($0) }
                let isText = ["Wazuh raised", "For this organisation"].contains { line.hasPrefix($0) }
                #expect(isKnown || isText, "\(line)")
                #expect(line.unicodeScalars.count { $0 == "`" }.isMultiple(of: 2), "\(line)")
                let outside = line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined()
                #expect(!outside.contains { "<[*@!".contains($0) }, "\(line)")
            }
        }
    }

    @Test("Reports keep 65,535 bytes whatever the evidence holds")
    func bounded() throws {
        let long = String(repeating: "€\u{1f600}", count: 500)
        var evidence = Sample.evidence("45.148.10.9")
        for number in 0..<64 {
            let text = "\(number)\(long)"
            evidence.rules.add(.init(id: text, level: 3, groups: [text, text]), Sample.tally())
            evidence.techniques.add(text, Sample.tally())
            evidence.tactics.add(text, Sample.tally())
            evidence.policyRules.add(text, Sample.tally())
            evidence.internal.agents.add(text, Sample.tally())
            evidence.internal.users.add(text, Sample.tally())
            evidence.internal.descriptions.add(text, Sample.tally())
            evidence.requests.add(.init(scheme: nil, host: text, target: text, role: .source), Sample.tally())
        }
        var limits = EventLimits()
        limits.reportRows = 64
        let event = try EventComposer(settings: EventSettings(limits: limits)).event(evidence)
        #expect(event.reports.allSatisfy { $0.content.utf8.count <= 65_535 })
        #expect(event.reports[1].content.hasSuffix("more lines found no room.\n"))
    }

    @Test("Tables show forty rows and count the rest", arguments: [(40, false), (41, true)])
    func rows(given: Int, counted: Bool) throws {
        var evidence = Sample.evidence("45.148.10.9")
        for number in 0..<given { evidence.internal.agents.add("agent-\(number)", Sample.tally()) }
        let report = try reports(evidence).ours
        #expect(report.contains("1 more not shown.") == counted)
    }
}
