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

    static let addresses = #""source":{"ip":"203.0.113.7"},"destination":{"ip":"10.20.0.10","packets":0}"#

    @Test(
        "ECS: each field has its fallbacks, and takes what exporters and exports make of it",
        arguments: [
            (
                #""network":{"transport":"hopopt","bytes":90,"packets":2}"#,
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
                #""network":{"transport":"hopopt"},"event":{"start":"2026-11-20T09:00:00+01:00"}"#,
                "203.0.113.7 0 10.20.0.10 0 0 0/0 0/0 2026-11-20T08:00:00.000Z 2026-11-20T08:00:00.000Z 0"
            ),
            (
                #""network":{"transport":"hopopt"},"netflow":{"flow_start_milliseconds":1795161590000,"flow_end_milliseconds":1795161595000}"#,
                "203.0.113.7 0 10.20.0.10 0 0 0/0 0/0 2026-11-20T07:59:50.000Z 2026-11-20T07:59:55.000Z 0"
            ),
            (
                #""network":{"transport":"hopopt"},"event":{"start":"2026-11-20T07:00:00Z"}"#,
                "203.0.113.7 0 10.20.0.10 0 0 0/0 0/0 2026-11-20T07:00:00.000Z 2026-11-20T08:00:00.000Z 0"
            ),
            (
                #""network":{"transport":"hopopt"},"event":{"end":"2026-11-20T07:59:00Z"}"#,
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
            "packets":\(value)},"destination":{"ip":"10.20.0.10","port":\(value),"packets":0},"event":{"start":\(value)},\
            "network":{"iana_number":\(value),"transport":"tcp"},"netflow":{"tcp_control_bits":\(value)}}
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
            "bytes":9223372036854775807,"packets":9007199254740993},"destination":{"ip":"10.20.0.10","port":65536},\
            "network":{"transport":"tcp"}}
            """)
        let record = try #require(document).record
        #expect(record.forward == .init(bytes: .max, packets: 9_007_199_254_740_993))
        #expect((record.source.port, record.destination.port) == (65_535, 0))
    }

    /// Web servers, proxies and intrusion detection log two addresses as well.
    @Test(
        "What has not both addresses, a time, a protocol, and bytes or packets, is no flow",
        arguments: [
            #""source":{"ip":"203.0.113.7","bytes":1},"network":{"transport":"tcp"}"#,
            #""destination":{"ip":"203.0.113.7","bytes":1},"network":{"transport":"tcp"}"#,
            #""source":{"ip":"203.0.113.7","bytes":1},"destination":{"ip":"host"},"network":{"transport":"tcp"}"#,
            #""source":{"ip":"203.0.113.7","bytes":1},"destination":{"ip":"10.20.0.10"}"#,
            #""source":{"ip":"203.0.113.7","bytes":1},"destination":{"ip":"10.20.0.10"},"network":{"transport":null}"#,
            #""source":{"ip":"203.0.113.7"},"destination":{"ip":"10.20.0.10"},"network":{"transport":"tcp"}"#,
            #""source":{"ip":"203.0.113.7","port":1},"destination":{"ip":"10.20.0.10"},"haproxy":{"bytes_read":1}"#,
        ])
    func noFlow(_ fields: String) throws {
        #expect(try read(.ecs, #"{"@timestamp":"2026-11-20T08:00:00Z",\#(fields)}"#) == nil)
    }

    @Test("A protocol and bytes or packets of either side make a flow", arguments: ["bytes", "packets"])
    func flow(count: String) throws {
        let address = #""source":{"ip":"203.0.113.7"}"#
        for (source, destination, network) in [
            (#","\#(count)":1"#, "", ""), ("", #","\#(count)":1"#, ""), ("", "", #","\#(count)":1"#),
        ] {
            let text = """
                "source":{"ip":"203.0.113.7"\(source)},"destination":{"ip":"10.20.0.10"\(destination)},\
                "network":{"transport":"tcp"\(network)}
                """
            #expect(try read(.ecs, #"{"@timestamp":"2026-11-20T08:00:00Z",\#(text)}"#) != nil)
            #expect(try read(.ecs, "{\(text)}") == nil, "a flow has a time")
            #expect(try read(.ecs, #"{"@timestamp":"soon",\#(text)}"#) == nil)
        }
        for text in ["[]", #""203.0.113.7""#, "{}", "{\(address)}"] { #expect(try read(.ecs, text) == nil) }
    }
}
