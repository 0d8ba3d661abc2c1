import IPAddresses
import Pipeline
import Testing
import Timestamps

@testable import Netflow

@Suite struct LookupReportTests {
    private let calls = findings([
        .sent(packets: 3), .received(packets: 2, at: 5), .received(on: 8443, from: 50_000, at: 400_000),
        .received(from: 0, transport: 1, at: 20), .sent(to: 53, peer: IPAddress(v4: 0x0a14_000b), transport: 17),
    ])

    @Test("The JSON of one address is an object with the names of the interface")
    func object() {
        let answer = findings([.sent(packets: 3), .received(packets: 2, at: 5)])
        #expect(
            LookupReport([answer]).json == """
                {
                  "bytes_from_ip" : 120,
                  "bytes_to_ip" : 120,
                  "complete" : true,
                  "distinct_peers" : 1,
                  "first" : "2026-11-20T08:00:00.000Z",
                  "flow_records" : 2,
                  "ip" : "203.0.113.50",
                  "last" : "2026-11-20T08:00:00.015Z",
                  "packets_from_ip" : 3,
                  "packets_to_ip" : 2,
                  "peers" : [
                    {
                      "answered" : 1,
                      "bytes_from_ip" : 120,
                      "bytes_to_ip" : 120,
                      "conversations" : 1,
                      "first" : "2026-11-20T08:00:00.000Z",
                      "initiator" : "attacker",
                      "last" : "2026-11-20T08:00:00.015Z",
                      "packets_from_ip" : 3,
                      "packets_to_ip" : 2,
                      "peer" : "10.20.0.10",
                      "port" : 22,
                      "proto" : 6
                    }
                  ]
                }
                """)
    }

    @Test("The JSON of several addresses is an array; without flows the times are null, and peers an empty array")
    func array() {
        var absent = FlowFindings(address: host)
        absent.incomplete = ["1 of 2 shards failed"]
        let report = LookupReport([absent, absent])
        #expect(report.json.hasPrefix("[\n"))
        for part in [#""first" : null"#, #""last" : null"#, #""complete" : false"#, #""peers" : ["#] {
            #expect(report.json.contains(part))
        }
        #expect(!report.isComplete)
        #expect(LookupReport([FlowFindings(address: host)]).isComplete)
        #expect(LookupReport([]).json == "[\n\n]")
    }

    @Test("The first line counts whom the address touched, who answered and who called it; ICMP is no call")
    func summary() {
        let summary = FlowSummary(calls)
        #expect(summary.firstContact == moment(0))
        #expect((summary.touched, summary.answered, summary.callers) == (2, 1, 1))
        #expect(
            "\(summary)"
                == "first contact 2026-11-20T08:00:00.000Z; 2 inside hosts touched, 1 answered, "
                + "1 opened connections itself")
        #expect("\(FlowSummary(FlowFindings(address: host)))" == "no flows")
        #expect(
            "\(FlowSummary(findings([.sent()])))"
                == "first contact 2026-11-20T08:00:00.000Z; 1 inside host touched, 0 answered, "
                + "0 opened connections themselves")
    }

    @Test("An ICMP unreachable alone is nobody's call, of IPv4 or IPv6", arguments: [1, 58])
    func unreachable(_ transport: Int) {
        let answer = findings([.received(on: 771, from: 0, transport: transport)])
        #expect(answer.peers.map(\.initiator) == [.internal])
        #expect(answer.peers.map(\.isCallback) == [false])
        #expect(FlowSummary(answer).callers == 0)
    }
}
