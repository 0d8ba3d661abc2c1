import IPAddresses
import Pipeline
import Testing
import Timestamps

@testable import Netflow

@Suite struct FlowScanTests {
    private func scan(_ lines: [String], maps: [FieldMap] = FieldMap.all) -> FlowScan {
        var scan = FlowScan([attacker], in: moment(0)..<moment(1000), maps: maps, conversationLimit: 10)
        for line in lines { scan.take(Array(line.utf8).span) }
        return scan
    }

    private func flow(at milliseconds: Int64) -> String {
        """
        {"@timestamp":"\(moment(milliseconds).iso8601)","source":{"ip":"\(attacker)"},"destination":{"ip":"\(host)"}}
        """
    }

    @Test("Every line that may name an address is accounted for, the others are not even read")
    func counts() {
        let lines = [
            flow(at: 0), flow(at: 999), flow(at: 1000), flow(at: -1), "{\(attacker)}", "{\"a\":\"\(attacker)\"}",
            "no JSON", "{\"a\":1}", "",
        ]
        #expect(scan(lines).counts == FlowScan.Counts(flows: 2, outside: 2, notFlows: 1, notJSON: 1))
    }

    @Test("Documents of several schemas may be mixed")
    func schemas() {
        let flat = #"{"src_addr":"\#(host)","dst_addr":"\#(attacker)","time_flow_start_ns":1795161600000000000}"#
        let scan = scan([flow(at: 0), flat], maps: [FieldMap.ecs, FieldMapTests.goflow2])
        #expect(scan.counts.flows == 2)
        #expect(scan.findings(incomplete: ["x"]).map(\.flowRecords) == [2])
        #expect(scan.findings(incomplete: ["x"]).map(\.incomplete) == [["x"]])
    }

    @Test("An address asked twice is answered twice")
    func twice() {
        var scan = FlowScan(
            [attacker, host, attacker], in: moment(0)..<moment(1), maps: FieldMap.all, conversationLimit: 10)
        scan.take(Array(flow(at: 0).utf8).span)
        #expect(scan.findings(incomplete: []).map(\.flowRecords) == [1, 1, 1])
    }
}
