import IPAddresses
import JSON
import Pipeline
import Testing
import Timestamps

@testable import Netflow

@Suite struct FieldMapTests {
    /// Schemas that no code knows: what a map can say is enough to read them.
    static let goflow2 = FieldMap(
        name: "goflow2",
        source: .init(address: "src_addr", port: "src_port", bytes: ["bytes"], packets: ["packets"]),
        destination: .init(address: "dst_addr", port: "dst_port"), transport: ["proto"], flags: ["tcp_flags"],
        start: [.nanoseconds("time_flow_start_ns")], end: [.nanoseconds("time_flow_end_ns")],
        time: .nanoseconds("time_received_ns"))
    static let zeek = FieldMap(
        name: "zeek",
        source: .init(
            address: "source.ip", port: "source.port", bytes: ["source.bytes"], packets: ["source.packets"]),
        destination: .init(
            address: "destination.ip", port: "destination.port", bytes: ["destination.bytes"],
            packets: ["destination.packets"]),
        transport: ["network.transport"], start: ["@timestamp"], duration: .nanoseconds("event.duration"),
        time: "@timestamp")
    static let logstash = FieldMap(
        name: "logstash",
        source: .init(
            address: "netflow.ipv4_src_addr", port: "netflow.l4_src_port", bytes: ["netflow.in_bytes"],
            packets: ["netflow.in_pkts"]),
        destination: .init(address: "netflow.ipv4_dst_addr", port: "netflow.l4_dst_port"),
        transport: ["netflow.protocol"], flags: ["netflow.tcp_flags"], start: ["netflow.first_switched"],
        end: ["netflow.last_switched"], time: "@timestamp")

    private func read(_ map: FieldMap, _ text: String) throws -> FieldMap.Document? {
        map.read(try JSONDocument(text).root)
    }

    /// A record as text: endpoints, protocol, counts, times, flags.
    private func line(_ document: FieldMap.Document?) -> String? {
        guard let record = document?.record else { return nil }
        return "\(record.source.address) \(record.source.port) \(record.destination.address) "
            + "\(record.destination.port) \(record.transport) \(record.forward.bytes)/\(record.forward.packets) "
            + "\(record.reverse.bytes)/\(record.reverse.packets) \(record.first.iso8601) \(record.last.iso8601) "
            + "\(record.flags.rawValue)"
    }

    @Test("goflow2: flat names, the protocol's name, nanoseconds as numbers")
    func flat() throws {
        let document = try read(
            Self.goflow2,
            """
            {"src_addr":"203.0.113.7","dst_addr":"10.20.0.10","src_port":51000,"dst_port":22,"proto":"TCP",\
            "bytes":1500,"packets":12,"tcp_flags":27,"time_flow_start_ns":1795161600001000000,\
            "time_flow_end_ns":1795161601000999999,"time_received_ns":1795161605000000000}
            """)
        #expect(
            line(document)
                == "203.0.113.7 51000 10.20.0.10 22 6 1500/12 0/0 2026-11-20T08:00:00.001Z 2026-11-20T08:00:01.001Z 27")
        #expect(document?.time == moment(5000))
    }

    @Test("Zeek: a duration in the place of an end, both directions in one record")
    func duration() throws {
        let document = try read(
            Self.zeek,
            """
            {"@timestamp":"2026-11-20T08:00:00.250Z","event":{"duration":1500000000},"network":{"transport":"udp"},\
            "source":{"ip":"203.0.113.7","port":5353,"bytes":70,"packets":1},\
            "destination":{"ip":"10.20.0.10","port":53,"bytes":140,"packets":2}}
            """)
        #expect(
            line(document)
                == "203.0.113.7 5353 10.20.0.10 53 17 70/1 140/2 2026-11-20T08:00:00.250Z 2026-11-20T08:00:01.750Z 0")
        #expect(document?.record.biflowStart == moment(250))
    }

    @Test("logstash: numbers for protocol and flags, times as text")
    func numbers() throws {
        let document = try read(
            Self.logstash,
            """
            {"@timestamp":"2026-11-20T08:00:09.000Z","netflow":{"ipv4_src_addr":"203.0.113.7","l4_src_port":51000,\
            "ipv4_dst_addr":"10.20.0.10","l4_dst_port":22,"protocol":6,"in_bytes":88,"in_pkts":2,"tcp_flags":2,\
            "first_switched":"2026-11-20T08:00:00.999Z","last_switched":"2026-11-20T08:00:03.999Z"}}
            """)
        #expect(
            line(document)
                == "203.0.113.7 51000 10.20.0.10 22 6 88/2 0/0 2026-11-20T08:00:00.999Z 2026-11-20T08:00:03.999Z 2")
    }

    static let addresses = #""source":{"ip":"203.0.113.7"},"destination":{"ip":"10.20.0.10"}"#

    @Test(
        "ECS: each field has its fallbacks, and takes what exporters and exports make of it",
        arguments: [
            (
                #""network":{"bytes":90,"packets":2}"#,
                "203.0.113.7 0 10.20.0.10 0 0 90/2 0/0 2026-11-20T08:00:00.000Z 2026-11-20T08:00:00.000Z 0"
            ),
            (
                #""network":{"iana_number":null,"transport":"unknown (99)"},"netflow":{"tcp_control_bits":null}"#,
                "203.0.113.7 0 10.20.0.10 0 99 0/0 0/0 2026-11-20T08:00:00.000Z 2026-11-20T08:00:00.000Z 0"
            ),
            (
                #""network":{"iana_number":"6"},"netflow":{"tcp_control_bits":"18"}"#,
                "203.0.113.7 0 10.20.0.10 0 6 0/0 0/0 2026-11-20T08:00:00.000Z 2026-11-20T08:00:00.000Z 18"
            ),
            (
                #""network":{"iana_number":6},"netflow":{"tcp_control_bits":["SYN","ack"]}"#,
                "203.0.113.7 0 10.20.0.10 0 6 0/0 0/0 2026-11-20T08:00:00.000Z 2026-11-20T08:00:00.000Z 18"
            ),
            (
                #""network":{"iana_number":6},"netflow":{"tcp_control_bits":"SYN|RST"}"#,
                "203.0.113.7 0 10.20.0.10 0 6 0/0 0/0 2026-11-20T08:00:00.000Z 2026-11-20T08:00:00.000Z 6"
            ),
            (
                #""event":{"start":"2026-11-20T09:00:00+01:00"}"#,
                "203.0.113.7 0 10.20.0.10 0 0 0/0 0/0 2026-11-20T08:00:00.000Z 2026-11-20T08:00:00.000Z 0"
            ),
            (
                #""netflow":{"flow_start_milliseconds":1795161590000,"flow_end_milliseconds":1795161595000}"#,
                "203.0.113.7 0 10.20.0.10 0 0 0/0 0/0 2026-11-20T07:59:50.000Z 2026-11-20T07:59:55.000Z 0"
            ),
            (
                #""event":{"start":"2026-11-20T07:00:00Z"}"#,
                "203.0.113.7 0 10.20.0.10 0 0 0/0 0/0 2026-11-20T07:00:00.000Z 2026-11-20T08:00:00.000Z 0"
            ),
            (
                #""event":{"end":"2026-11-20T07:59:00Z"}"#,
                "203.0.113.7 0 10.20.0.10 0 0 0/0 0/0 2026-11-20T07:59:00.000Z 2026-11-20T07:59:00.000Z 0"
            ),
        ])
    func fallbacks(_ fields: String, _ expected: String) throws {
        let document = try read(.ecs, #"{"@timestamp":"2026-11-20T08:00:00.000Z",\#(Self.addresses),\#(fields)}"#)
        #expect(line(document) == expected)
    }

    @Test(
        "What no counter shows counts as nothing, and no document brings the reader down",
        arguments: ["-1", "1e30", "9223372036854775808", "\"many\"", "null", "{}", "[]", "true", "\"NaN\"", "\"inf\""])
    func garbage(_ value: String) throws {
        let document = try read(
            .ecs,
            """
            {"@timestamp":"2026-11-20T08:00:00.000Z","source":{"ip":"203.0.113.7","port":\(value),"bytes":\(value),\
            "packets":\(value)},"destination":{"ip":"10.20.0.10","port":\(value)},"event":{"start":\(value)},\
            "network":{"iana_number":\(value)},"netflow":{"tcp_control_bits":\(value)}}
            """)
        let record = try #require(document).record
        #expect(record.forward == .init())
        #expect((record.source.port, record.destination.port, record.flags) == (0, 0, []))
        #expect(record.first == moment(0))
    }

    @Test("The largest numbers pass: ports, counts beyond what a Double holds")
    func largest() throws {
        let document = try read(
            .ecs,
            """
            {"@timestamp":"2026-11-20T08:00:00.000Z","source":{"ip":"203.0.113.7","port":65535,\
            "bytes":9223372036854775807,"packets":9007199254740993},"destination":{"ip":"10.20.0.10","port":65536}}
            """)
        let record = try #require(document).record
        #expect(record.forward == .init(bytes: .max, packets: 9_007_199_254_740_993))
        #expect((record.source.port, record.destination.port) == (65_535, 0))
    }

    @Test(
        "What has not both addresses, or no time, is no flow",
        arguments: [
            #"{"@timestamp":"2026-11-20T08:00:00Z","source":{"ip":"203.0.113.7"}}"#,
            #"{"@timestamp":"2026-11-20T08:00:00Z","destination":{"ip":"203.0.113.7"}}"#,
            #"{"@timestamp":"2026-11-20T08:00:00Z","source":{"ip":"203.0.113.7"},"destination":{"ip":"host"}}"#,
            #"{"source":{"ip":"203.0.113.7"},"destination":{"ip":"10.20.0.10"}}"#,
            #"{"@timestamp":"soon","source":{"ip":"203.0.113.7"},"destination":{"ip":"10.20.0.10"}}"#,
            #"[]"#, #""203.0.113.7""#, "{}",
        ])
    func noFlow(_ text: String) throws {
        #expect(try read(.ecs, text) == nil)
    }
}
