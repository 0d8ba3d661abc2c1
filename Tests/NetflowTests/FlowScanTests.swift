import IPAddresses
import Pipeline
import Testing
import Timestamps

@testable import Netflow

@Suite struct FlowScanTests {
    private func scan(
        _ lines: [String], of addresses: [IPAddress] = [attacker], maps: [FieldMap] = FieldMap.all, room: Int = 100
    ) -> FlowScan {
        var scan = FlowScan(
            addresses, in: moment(0)..<moment(1000), maps: maps, conversationLimit: 10, roundLimit: room)
        for line in lines { scan.take(Array(line.utf8).span) }
        return scan
    }

    private func flow(at milliseconds: Int64) -> String {
        """
        {"@timestamp":"\(moment(milliseconds).iso8601)","source":{"ip":"\(attacker)","packets":1},\
        "destination":{"ip":"\(host)"},"network":{"transport":"tcp"}}
        """
    }

    @Test("Only flows of the window count, and only lines that may name an address are read")
    func lines() {
        let lines = [
            flow(at: 0), flow(at: 999), flow(at: 1000), flow(at: -1), "{\(attacker)}", "{\"a\":\"\(attacker)\"}",
            "no JSON", "{\"a\":1}", "",
        ]
        #expect(scan(lines).findings(incomplete: []).map(\.flowRecords) == [2])
        #expect(scan(lines).notJSON == 1)
    }

    @Test("Documents of several schemas may be mixed")
    func schemas() {
        let flat = """
            {"src_addr":"\(host)","dst_addr":"\(attacker)","proto":"TCP","packets":1,\
            "time_flow_start_ns":1795161600000000000}
            """
        let scan = scan([flow(at: 0), flat], maps: [FieldMap.ecs, FieldMapTests.goflow2])
        #expect(scan.findings(incomplete: ["x"]).map(\.flowRecords) == [2])
        #expect(scan.findings(incomplete: ["x"]).map(\.incomplete) == [["x"]])
    }

    @Test("All addresses share the room for conversations")
    func room() {
        let scan = scan([flow(at: 0)], of: [attacker, host], room: 1)
        #expect(scan.findings(incomplete: []).map(\.peers.count) == [1, 0])
        #expect(scan.findings(incomplete: []).map(\.flowRecords) == [1, 1])
        #expect(scan.findings(incomplete: []).map(\.incomplete.isEmpty) == [true, false])
    }

    @Test("An address asked twice is answered twice")
    func twice() {
        let scan = scan([flow(at: 0)], of: [attacker, host, attacker])
        #expect(scan.findings(incomplete: []).map(\.flowRecords) == [1, 1, 1])
    }
}
