import IPAddresses
import Testing
import Wazuh

@Suite("The attacker of an alert")
struct AttackerTests {
    private func attacker(data: String, groups: String = "[]") throws -> Attacker? {
        var decoder = AlertDecoder()
        let alert = #"{"rule":{"id":"1","level":5,"groups":\#(groups)},"location":"x","data":\#(data)}"#
        return try decoder.decode(alert).alerts.first?.attacker
    }

    private static let networkConnection = "data.aws.service.action.networkConnectionAction.remoteIpDetails.ipAddressV4"
    private static let probe = "data.aws.service.action.portProbeAction.portProbeDetails.remoteIpDetails.ipAddressV4"

    static let fields: [(String, String)] = [
        (#"{"srcip":"203.0.113.9"}"#, "data.srcip"),
        (#"{"win":{"eventdata":{"ipAddress":"203.0.113.9"}}}"#, "data.win.eventdata.ipAddress"),
        (#"{"aws":{"sourceIPAddress":"203.0.113.9"}}"#, "data.aws.sourceIPAddress"),
        (#"{"aws":{"client_ip":"203.0.113.9"}}"#, "data.aws.client_ip"),
        (
            #"{"aws":{"service":{"action":{"networkConnectionAction":{"connectionDirection":"INBOUND","remoteIpDetails":{"ipAddressV4":"203.0.113.9"}}}}}}"#,
            networkConnection
        ),
        (#"{"aws":{"httpRequest":{"clientIp":"203.0.113.9"}}}"#, "data.aws.httpRequest.clientIp"),
        (#"{"ms-graph":{"ipAddress":"203.0.113.9"}}"#, "data.ms-graph.ipAddress"),
        (#"{"ms-graph":{"actor":{"ipAddress":"203.0.113.9"}}}"#, "data.ms-graph.actor.ipAddress"),
        (#"{"gcp":{"jsonPayload":{"sourceIP":"203.0.113.9"}}}"#, "data.gcp.jsonPayload.sourceIP"),
        (#"{"office365":{"ClientIP":"203.0.113.9"}}"#, "data.office365.ClientIP"),
        (#"{"src_ip":"203.0.113.9"}"#, "data.src_ip"),
        (
            #"{"aws":{"service":{"action":{"awsApiCallAction":{"remoteIpDetails":{"ipAddressV4":"203.0.113.9"}}}}}}"#,
            "data.aws.service.action.awsApiCallAction.remoteIpDetails.ipAddressV4"
        ),
        (
            #"{"aws":{"service":{"action":{"portProbeAction":{"portProbeDetails":{"remoteIpDetails":{"ipAddressV4":"203.0.113.9"}}}}}}}"#,
            probe
        ),
        (
            #"{"aws":{"service":{"action":{"portProbeAction":{"portProbeDetails":[{"localPortDetails":{}},{"remoteIpDetails":{"ipAddressV4":"10.0.0.1"}},{"remoteIpDetails":{"ipAddressV4":"203.0.113.9"}}]}}}}}"#,
            probe
        ),
        (#"{"aws":{"source_ip_address":"203.0.113.9"}}"#, "data.aws.source_ip_address"),
        (#"{"audit":{"srcip":"203.0.113.9"}}"#, "data.audit.srcip"),
        (#"{"CallerIpAddress":"203.0.113.9"}"#, "data.CallerIpAddress"),
        (#"{"barracuda":{"waf":{"client_ip":"203.0.113.9"}}}"#, "data.barracuda.waf.client_ip"),
        (#"{"remip":"203.0.113.9"}"#, "data.remip"),
        (#"{"source_address":"203.0.113.9"}"#, "data.source_address"),
        (#"{"win":{"eventdata":{"IpAddress":"203.0.113.9"}}}"#, "data.win.eventdata.IpAddress"),
        (
            #"{"win":{"eventdata":{"sourceIp":"203.0.113.9","destinationIp":"10.0.0.5"}}}"#,
            "data.win.eventdata.sourceIp"
        ),
        (#"{"ip":"203.0.113.9"}"#, "data.ip"),
        (#"{"win.eventdata.ipAddress":"203.0.113.9"}"#, "data.win.eventdata.ipAddress"),
        (#"{"win":{"eventdata.ipAddress":"203.0.113.9"}}"#, "data.win.eventdata.ipAddress"),
    ]

    @Test("each of the fields that name one is read", arguments: fields)
    func readsFields(data: String, field: String) throws {
        let expected = Attacker(address: try #require(IPAddress("203.0.113.9")), role: .source, field: field)
        #expect(try attacker(data: data) == expected)
    }

    static let texts: [(String, String?)] = [
        (#""203.0.113.9""#, "203.0.113.9"),
        (#""203.0.113.9:51234""#, "203.0.113.9"),
        (#"" 203.0.113.9 ""#, "203.0.113.9"),
        (#""203.0.113.9\n""#, "203.0.113.9"),
        (#""203\u002e0.113.9""#, "203.0.113.9"),
        (#""::ffff:203.0.113.9""#, "203.0.113.9"),
        (#""[::ffff:203.0.113.9]:443""#, "203.0.113.9"),
        (#""2001:db8::1""#, "2001:db8::1"),
        (#""[2001:db8::1]""#, "2001:db8::1"),
        (#""[2001:db8::1]:65535""#, "2001:db8::1"),
        (#""2001:DB8:0:0:0:0:0:1""#, "2001:db8::1"),
        (#""fe80::1%eth0""#, "fe80::1"),
        (#""[fe80::1%25eth0]:22""#, "fe80::1"),
        (#""::1""#, "::1"),
        (#""127.0.0.1""#, "127.0.0.1"),
        (#"["-","203.0.113.9"]"#, "203.0.113.9"),
        (#"["10.0.0.1","203.0.113.9","203.0.113.10"]"#, "203.0.113.9"),
        (#"["10.0.0.1","10.0.0.2"]"#, "10.0.0.1"),
        (#"[]"#, nil),
        (#"[{"ip":"203.0.113.9"},7,null]"#, nil),
        (#""""#, nil),
        (#""-""#, nil),
        (#""null""#, nil),
        (#""attacker.example.org""#, nil),
        (#""signin.amazonaws.com""#, nil),
        (#""<blacklisted-ip>""#, nil),
        (#""24.273.97.14""#, nil),
        (#""203.0.113""#, nil),
        (#""203.0.113.9.5""#, nil),
        (#""203.0.113.09""#, nil),
        (#""203.0.113.9/24""#, nil),
        (#""203.0.113.9:""#, nil),
        (#""203.0.113.9:65536""#, nil),
        (#""203.0.113.9:ssh""#, nil),
        (#""203.0.113.9%eth0""#, nil),
        (#""[2001:db8::1""#, nil),
        (#""[2001:db8::1]443""#, nil),
        (#""2001:db8::1::2""#, nil),
        (#""UNKNOWN""#, nil),
        (#"3405803785"#, nil),
        (#"true"#, nil),
        (#"null"#, nil),
        (#"{"ip":"203.0.113.9"}"#, nil),
    ]

    @Test("an address is taken out of what logs put around it", arguments: texts)
    func readsAddresses(value: String, expected: String?) throws {
        #expect(try attacker(data: #"{"srcip":\#(value)}"#)?.address == expected.flatMap { IPAddress($0) })
    }

    @Test(
        "the first address that may be a stranger's wins, or else the first at all",
        arguments: [
            (#"{"srcip":"10.0.0.1","src_ip":"198.51.100.2","remip":"203.0.113.9"}"#, "data.src_ip"),
            (#"{"remip":"203.0.113.9","srcip":"198.51.100.2"}"#, "data.srcip"),
            (#"{"srcip":"10.0.0.1","ip":"192.168.0.1"}"#, "data.srcip"),
            (#"{"srcip":"web01","ip":"192.168.0.1"}"#, "data.ip"),
            (#"{"srcip":"127.0.0.1","xff_address":"198.51.100.2"}"#, "data.srcip"),
            (#"{"srcip":"10.2.3.4","srcip2":"198.51.100.2"}"#, "data.srcip"),
            (#"{"srcip":"224.0.0.1","ip":"8.8.8.8"}"#, "data.ip"),
        ])
    func prefersStrangers(data: String, field: String) throws {
        #expect(try attacker(data: data)?.field == field)
    }

    @Test(
        "an alert without an address accuses nobody",
        arguments: [
            #"{}"#, #"null"#, #"[]"#, #""srcip""#, #"{"dstip":"203.0.113.9"}"#, #"{"srcip":{}}"#, #"{"win":null}"#,
            #"{"dns":{"answers":[{"rdata":"203.0.113.9"}]}}"#, #"{"SRCIP":"203.0.113.9"}"#,
            #"{"xff_address":"203.0.113.9"}"#, #"{"srcip2":"203.0.113.9"}"#,
        ])
    func findsNobody(data: String) throws {
        #expect(try attacker(data: data) == nil)
    }

    @Test(
        "missing or empty parts of an alert are no error",
        arguments: [
            #"{"rule":{"id":"1","level":3}}"#,
            #"{"rule":{"id":"1","level":3},"decoder":{},"predecoder":{},"agent":{},"manager":{},"data":{}}"#,
            #"{"rule":{"id":1,"groups":"web"},"decoder":null,"location":null,"manager":[],"full_log":7}"#,
        ])
    func toleratesGaps(text: String) throws {
        var decoder = AlertDecoder()
        let alert = try #require(try decoder.decode(text).alerts.first)
        #expect(alert.attacker == nil)
        #expect(alert.decoder.isEmpty && alert.location.isEmpty && alert.managerName.isEmpty)
        #expect(alert.targets.isEmpty && alert.requests.isEmpty && alert.userAgents.isEmpty)
    }

    static let outbound: [(String, String, Attacker.Role)] = [
        (#"{"src_ip":"10.0.0.5","dest_ip":"203.0.113.9","alert":{"signature_id":"1"}}"#, "data.dest_ip", .destination),
        (#"{"src_ip":"10.0.0.5","dest_ip":"203.0.113.9"}"#, "data.src_ip", .source),
        (#"{"src_ip":"10.0.0.5","dest_ip":"203.0.113.9","alert":"x"}"#, "data.src_ip", .source),
        (#"{"src_ip":"203.0.113.9","dest_ip":"10.0.0.5","alert":{}}"#, "data.src_ip", .source),
        (#"{"src_ip":"10.0.0.5","dest_ip":"10.0.0.6","alert":{}}"#, "data.src_ip", .source),
        (#"{"src_ip":"224.0.0.5","dest_ip":"203.0.113.9","alert":{}}"#, "data.src_ip", .source),
        (#"{"src_ip":"2001:db8::5","dest_ip":"203.0.113.9","alert":{}}"#, "data.src_ip", .source),
        (#"{"src_ip":"fd00::5","dest_ip":"2001:db8::9","alert":{}}"#, "data.dest_ip", .destination),
        (#"{"srcip":"10.0.0.5","dstip":"203.0.113.9"}"#, "data.srcip", .source),
        (suricata("10.0.0.5", "203.0.113.9", #","direction":"to_server""#), "data.dest_ip", .destination),
        (suricata("10.0.0.5", "203.0.113.9", #","direction":"to_client""#), "data.dest_ip", .source),
        (suricata("203.0.113.9", "10.0.0.5", #","direction":"to_server""#), "data.src_ip", .source),
        (suricata("203.0.113.9", "10.0.0.5", #","direction":"to_client""#), "data.src_ip", .destination),
        (suricata("203.0.113.9", "198.51.100.5", #","direction":"to_client""#), "data.src_ip", .source),
        (suricata("10.0.0.5", "203.0.113.9", #","flow":{"src_ip":"10.0.0.5"}"#), "data.dest_ip", .destination),
        (suricata("10.0.0.5", "203.0.113.9", #","flow":{"src_ip":"203.0.113.9"}"#), "data.dest_ip", .source),
        (suricata("203.0.113.9", "10.0.0.5", #","flow":{"src_ip":"10.0.0.5"}"#), "data.src_ip", .destination),
        (suricata("10.0.0.5", "203.0.113.9", #","src_port":"80","dest_port":"51234""#), "data.dest_ip", .source),
        (suricata("10.0.0.5", "203.0.113.9", #","src_port":80,"dest_port":1055"#), "data.dest_ip", .source),
        (suricata("10.0.0.5", "203.0.113.9", #","src_port":"8080","dest_port":"2000""#), "data.dest_ip", .source),
        (suricata("10.0.0.5", "203.0.113.9", #","src_port":"51234","dest_port":"443""#), "data.dest_ip", .destination),
        (suricata("10.0.0.5", "203.0.113.9", #","src_port":"51234","dest_port":"4444""#), "data.dest_ip", .destination),
        (suricata("10.0.0.5", "203.0.113.9", #","src_port":"1055","dest_port":"80""#), "data.dest_ip", .destination),
        (suricata("10.0.0.5", "203.0.113.9", #","src_port":"","dest_port":"x""#), "data.dest_ip", .destination),
        // The stranger chose the port: it proves nothing.
        (suricata("203.0.113.9", "10.0.0.5", #","src_port":"443","dest_port":"51234""#), "data.src_ip", .source),
        (
            #"{"win":{"eventdata":{"sourceIp":"10.0.0.5","destinationIp":"203.0.113.9"}}}"#,
            "data.win.eventdata.destinationIp", .destination
        ),
        (
            #"{"win":{"eventdata":{"initiated":"true","sourceIp":"198.51.100.5","destinationIp":"203.0.113.9"}}}"#,
            "data.win.eventdata.destinationIp", .destination
        ),
        (
            #"{"win":{"eventdata":{"initiated":"false","sourceIp":"198.51.100.5","destinationIp":"203.0.113.9"}}}"#,
            "data.win.eventdata.sourceIp", .source
        ),
        (
            #"{"win":{"eventdata":{"initiated":"true","sourceIp":"10.0.0.5","destinationIp":"10.0.0.9"}}}"#,
            "data.win.eventdata.sourceIp", .source
        ),
        (
            #"{"aws":{"service":{"action":{"networkConnectionAction":{"connectionDirection":"OUTBOUND","remoteIpDetails":{"ipAddressV4":"203.0.113.9"}}}}}}"#,
            networkConnection, .destination
        ),
        (
            #"{"aws":{"service":{"action":{"networkConnectionAction":{"connectionDirection":"UNKNOWN","remoteIpDetails":{"ipAddressV4":"203.0.113.9"}}}}}}"#,
            networkConnection, .source
        ),
    ]

    @Test("where one of ours went to a stranger, the stranger is the attacker", arguments: outbound)
    func turnsOutbound(data: String, field: String, role: Attacker.Role) throws {
        let attacker = try attacker(data: data)
        #expect(attacker?.field == field)
        #expect(attacker?.role == role)
    }

    private static func suricata(_ source: String, _ destination: String, _ more: String) -> String {
        #"{"src_ip":"\#(source)","dest_ip":"\#(destination)","alert":{"signature_id":"1"}\#(more)}"#
    }

    static let findings: [(String, String?, Attacker.Role)] = [
        (#""source":{"ip":"203.0.113.9"},"client":{"ip":"198.51.100.2"}"#, "source.ip", .source),
        (#""source":{"ip":"10.0.0.5"},"client":{"ip":"198.51.100.2"}"#, "client.ip", .source),
        (#""source":{"address":"203.0.113.9"}"#, "source.address", .source),
        (#""source":{"address":"host.example.org"}"#, nil, .source),
        (#""source.ip":"203.0.113.9""#, "source.ip", .source),
        (#""source":{"ip":"10.0.0.5"},"destination":{"ip":"203.0.113.9"}"#, "source.ip", .source),
        (
            #""source":{"ip":"10.0.0.5"},"destination":{"ip":"203.0.113.9"},"network":{"direction":"outbound"}"#,
            "destination.ip", .destination
        ),
        (
            #""source":{"ip":"10.0.0.5"},"destination":{"ip":"203.0.113.9"},"network":{"direction":"inbound"}"#,
            "source.ip", .source
        ),
        (
            #""source":{"ip":"10.0.0.5"},"destination":{"ip":"203.0.113.9"},"event":{"category":["network","intrusion_detection"]}"#,
            "destination.ip", .destination
        ),
        (
            #""source":{"ip":"10.0.0.5","port":80},"destination":{"ip":"203.0.113.9","port":51234},"event":{"category":["intrusion_detection"]}"#,
            "destination.ip", .source
        ),
        (
            #""source":{"ip":"10.0.0.5"},"destination":{"ip":"203.0.113.9"},"network":{"direction":"inbound"},"event":{"category":["intrusion_detection"]}"#,
            "destination.ip", .source
        ),
        (#""related":{"ip":["203.0.113.9"]}"#, nil, .source),
        (#""data":{"srcip":"203.0.113.9"}"#, nil, .source),
    ]

    @Test("a finding of Wazuh 5 has its own fields", arguments: findings)
    func readsFindings(members: String, field: String?, role: Attacker.Role) throws {
        var decoder = AlertDecoder()
        let finding = #"{"wazuh":{"rule":{"id":"x","level":"high"}},\#(members)}"#
        let attacker = try decoder.decode(finding).alerts.first?.attacker
        #expect(attacker?.field == field)
        #expect(attacker == nil || attacker?.role == role)
    }

    @Test(
        "what proxies passed on is kept whole, with a gap where an entry is no address",
        arguments: [
            ("203.0.113.9", ["203.0.113.9"]),
            ("203.0.113.9, 10.0.0.1", ["203.0.113.9", "10.0.0.1"]),
            ("198.51.100.66,203.0.113.9:1234 ,[2001:db8::1]:80", ["198.51.100.66", "203.0.113.9", "2001:db8::1"]),
            ("203.0.113.9, unknown", ["203.0.113.9", nil]),
            ("203.0.113.9,, ,", ["203.0.113.9"]),
            ("-", []), ("", []), (",", []), ("unknown", [nil]),
        ] as [(String, [String?])])
    func readsForwarded(list: String, expected: [String?]) throws {
        var decoder = AlertDecoder()
        let alert = #"{"rule":{"id":"1","level":5},"data":{"srcip":"198.51.100.7","xff_address":"\#(list)"}}"#
        let decoded = try #require(try decoder.decode(alert).alerts.first)
        #expect(decoded.forwardedFor.list == expected.map { $0.flatMap { IPAddress($0) } })
        #expect(decoded.attacker?.field == "data.srcip")
    }

    @Test(
        "several headers follow one another; the first address of a line with two stands for one",
        arguments: [
            (#""xff_address":["203.0.113.9","10.0.0.1"]"#, ["203.0.113.9", "10.0.0.1"], "data.xff_address"),
            (#""xff_address":"203.0.113.9","srcip2":"10.0.0.1""#, ["203.0.113.9"], "data.xff_address"),
            (#""xff_address":"-","srcip2":"203.0.113.9""#, ["203.0.113.9"], "data.srcip2"),
            (#""srcip2":"203.0.113.9""#, ["203.0.113.9"], "data.srcip2"),
        ])
    func readsForwardedFields(members: String, expected: [String], field: String) throws {
        var decoder = AlertDecoder()
        let alert = #"{"rule":{"id":"1","level":5},"data":{"srcip":"198.51.100.7",\#(members)}}"#
        let (list, place) = try #require(try decoder.decode(alert).alerts.first).forwardedFor
        #expect(list == expected.map { IPAddress($0) })
        #expect(place == field)
    }

    @Test("of a long list the end is kept, which is the part that our own proxies wrote")
    func boundsForwarded() throws {
        var decoder = AlertDecoder()
        let entries = (0..<40).map { "198.51.100.\($0)" }
        for value in [#""\#(entries.joined(separator: ", "))""#, "[\"" + entries.joined(separator: "\",\"") + "\"]"] {
            let alert = #"{"rule":{"id":"1","level":5},"data":{"xff_address":\#(value)}}"#
            let list = try #require(try decoder.decode(alert).alerts.first).forwardedFor.list
            #expect(list == entries.suffix(32).map { IPAddress($0) })
        }
    }

    @Test(
        "an agent has all its addresses, and first of them one that could be a stranger's",
        arguments: [
            (#"{"rule":{"id":"1","level":5},"agent":{"ip":"10.0.0.1"}}"#, ["10.0.0.1"], "10.0.0.1"),
            (#"{"rule":{"id":"1","level":5},"agent":{"ip":"any"}}"#, [], nil),
            (#"{"rule":{"id":"1","level":5},"agent":{"id":"000"}}"#, [], nil),
            (
                #"{"wazuh":{"rule":{"id":"x"},"agent":{"host":{"ip":["10.0.0.1","fe80::1%eth0","203.0.113.5","2001:db8::5"]}}}}"#,
                ["10.0.0.1", "fe80::1", "203.0.113.5", "2001:db8::5"], "203.0.113.5"
            ),
            (#"{"wazuh":{"rule":{"id":"x"},"agent":{"host":{"ip":"203.0.113.5"}}}}"#, ["203.0.113.5"], "203.0.113.5"),
        ] as [(String, [String], String?)])
    func readsAgentAddresses(text: String, addresses: [String], first: String?) throws {
        var decoder = AlertDecoder()
        let alert = try #require(try decoder.decode(text).alerts.first)
        #expect(alert.agentAddresses == addresses.map { IPAddress($0) })
        #expect(alert.agentAddress == first.flatMap { IPAddress($0) })
    }
}
