import Foundation
import IPAddresses
import JSON
import Testing
import Timestamps
import Wazuh

@Suite("Bodies that alerts arrive in")
struct AlertDecoderTests {
    /// A small alert of Wazuh 4.x.
    static func alert(id: String = "1795500703.1", rule: String = "5710", more: String = "") -> String {
        #"{"timestamp":"2026-11-24T06:11:43.187+0000","rule":{"level":5,"description":"sshd: Attempt","id":"\#(rule)","#
            + #""groups":["syslog","sshd"]},"agent":{"id":"017","name":"web01","ip":"10.20.3.17"},"#
            + #""manager":{"name":"wazuh-manager-01"},"cluster":{"name":"wazuh","node":"node01"},"id":"\#(id)","#
            + #""decoder":{"parent":"sshd","name":"sshd"},"data":{"srcip":"203.0.113.9"},"location":"/var/log/auth.log"\#(more)}"#
    }

    static let finding =
        #"{"@timestamp":"2026-11-24T06:11:43Z","source":{"ip":"203.0.113.9"},"rule":{"name":"of the event"},"#
        + #""wazuh":{"agent":{"id":"001","name":"web01","host":{"ip":["10.20.3.17","fe80::1"]}},"#
        + #""integration":{"name":"nginx","decoders":["nginx-access","nginx"]},"#
        + #""rule":{"id":"0d6e","title":"Web attack","level":"High","tags":["web"]}}}"#

    @Test("every wrapping gives the alert itself", arguments: Shape.allCases)
    func unwraps(shape: Shape) throws {
        var decoder = AlertDecoder()
        let text = Self.alert()
        let decoded = try decoder.decode(shape.body(text))
        #expect(decoded.rejected.isEmpty && decoded.token == nil)
        let alert = try #require(decoded.alerts.first)
        #expect(decoded.alerts.count == 1)
        #expect(String(decoding: alert.bytes, as: UTF8.self) == text)
        #expect(alert.identity.description == "89fbeafc8f67f2b475a5773b311f5b3a")
        #expect(alert.timestamp == Timestamp("2026-11-24T06:11:43.187Z"))
        #expect(alert.level == 5)
        #expect(alert.ruleID == "5710" && alert.ruleDescription == "sshd: Attempt")
        #expect(alert.groups == ["syslog", "sshd"])
        #expect(alert.decoder == "sshd" && alert.location == "/var/log/auth.log")
        #expect(alert.agentID == "017" && alert.agentName == "web01" && alert.managerName == "wazuh-manager-01")
        #expect(alert.agentAddress?.description == "10.20.3.17")
        #expect(alert.attacker?.address.description == "203.0.113.9")
        #expect(
            alert.withRuleBytes { id, groups in
                (0..<id.count).map { id[$0] } == Array(#""5710""#.utf8)
                    && (0..<groups.count).map { groups[$0] } == Array(#"["syslog","sshd"]"#.utf8)
            })
    }

    @Test("a finding of Wazuh 5 is told apart, whatever rule its event has", arguments: Shape.allCases)
    func findings(shape: Shape) throws {
        var decoder = AlertDecoder()
        let alert = try #require(try decoder.decode(shape.body(Self.finding)).alerts.first)
        #expect(alert.format == .finding)
        #expect(alert.level == 12)
        #expect(alert.ruleID == "0d6e" && alert.ruleDescription == "Web attack" && alert.groups == ["web"])
        #expect(alert.decoder == "nginx-access" && alert.agentName == "web01" && alert.agentID == "001")
        #expect(alert.agentAddress?.description == "10.20.3.17")
        #expect(alert.agentAddresses.map(\.description) == ["10.20.3.17", "fe80::1"])
        #expect(alert.timestamp == Timestamp("2026-11-24T06:11:43Z"))
    }

    @Test("arrays and lines mix what they like, and one that is no alert is left out alone")
    func mixes() throws {
        var decoder = AlertDecoder()
        let entries = [
            Self.alert(id: "1"), Shape.envelope.body(Self.alert(id: "2")), "7", Self.finding,
            #"{"attachments":[{"color":"danger"}]}"#, Shape.hitLine.body(Self.alert(id: "3")), #"{"rule":{}}"#,
            Self.alert(id: "4"),
        ]
        let reasons: [(Int, NotAnAlert)] = [(2, .notAnObject(.number)), (4, .slackMessage), (6, .unknownObject)]
        let lines = entries.map { $0.replacingOccurrences(of: "\n", with: "") }.joined(separator: "\n")
        for body in ["[" + entries.joined(separator: ",") + "]", lines, "\n\n" + lines + "\r\n \n"] {
            let decoded = try decoder.decode(body)
            #expect(decoded.alerts.map { $0.values(at: "id").first ?? "" } == ["1", "2", "", "3", "4"])
            #expect(decoded.rejected == reasons.map { .init(index: $0, reason: .notAnAlert($1)) })
        }
    }

    @Test(
        "an alert with a member that looks like a wrapping's is that alert, and again when it is read from its bytes",
        arguments: [#""_source":{"a":1}"#, #""all_fields":{"a":1}"#, #""hits":[{"_source":{}}]"#])
    func wrappingInside(member: String) throws {
        var decoder = AlertDecoder()
        let plain = try #require(try decoder.decode(Self.alert()).alerts.first)
        let text = String(Self.alert().dropLast()) + "," + member + "}"
        let alert = try #require(try decoder.decode(text).alerts.first)
        #expect(alert.identity == plain.identity)
        #expect(
            try decoder.decode(String(decoding: alert.bytes, as: UTF8.self)).alerts.map(\.identity) == [plain.identity])
    }

    @Test("a line that is an array or a list of hits gives what is in it")
    func linesOfLists() throws {
        var decoder = AlertDecoder()
        let body = [
            "[" + Self.alert(id: "1") + "," + Self.alert(id: "2") + ",[]]", Shape.hits.body(Self.alert(id: "3")), "[]",
        ].joined(separator: "\n")
        let decoded = try decoder.decode(body)
        #expect(decoded.alerts.map { $0.values(at: "id") } == [["1"], ["2"], ["3"]])
        #expect(decoded.rejected == [.init(index: 2, reason: .notAnAlert(.notAnObject(.array)))])
    }

    @Test(
        "a broken line is left out alone, with its offset in the body",
        arguments: [
            (0, #"{"rule":{"id":"1","#), (0, "garbage"), (1, #"{"rule":{"id":"1","#), (1, "garbage"), (1, "{} {}"),
            (2, #"{"rule":{"id":"1""#), (2, "\u{1}"), (2, "]"),
            // What a log's own rotation or a cut transfer leaves of a line: its end, which may begin with a value.
            (0, #"17","name":"web01"}"#), (0, #""name":"web01"}"#), (0, "{} {}"), (0, "true}"),
            (1, #"17","name":"w"}"#),
            // And its beginning, cut where the next line fits in as a value.
            (0, #"{"rule":"#), (0, #"{"rule":{"groups":["#), (0, #"{"rule":{"groups":["a","#), (1, #"{"rule":"#),
        ])
    func brokenLines(position: Int, broken: String) throws {
        var decoder = AlertDecoder()
        var lines = [Self.alert(id: "1"), Self.alert(id: "2")]
        let before = lines[..<position].reduce(0) { $0 + $1.utf8.count + 1 }
        lines.insert(broken, at: position)
        let decoded = try decoder.decode(lines.joined(separator: "\n"))
        #expect(decoded.alerts.count == 2)
        try #require(decoded.rejected.count == 1)
        #expect(decoded.rejected[0].index == position)
        guard case .malformed(let error) = decoded.rejected[0].reason else {
            Issue.record("\(decoded.rejected[0].reason)")
            return
        }
        #expect((before...before + broken.utf8.count).contains(error.offset))
    }

    @Test(
        "a body that is one broken value is refused as a whole, with the offset",
        arguments: [
            ("", 0), (" \n ", 3), ("{", 1), (#"{"rule":{"id":"1"}"#, 18), (#"{"rule":tru}"#, 11), ("[{}", 3),
            ("{}x", 2),
            (#"{"a":1} {"a":2}"#, 8), ("{\n \"rule\": {\"id\": 1,}\n}", 20), ("[\n{\"a\":1},\n{\"a\":}\n]", 16),
            ("{\"hits\":[\n{\"a\":1},\n{\"a\":}\n]}", 24), ("{\n\"a\":1\n}\n{\n\"a\":2\n}", 10), ("one\ntwo", 0),
            ("\u{feff}{}", 0), ("[\n{\"a\":1}\n,{\"a\":}\n]", 16), ("{\"a\":\n{\"b\":1},\n{\"c\":2}\n", 15),
        ])
    func brokenBodies(body: String, offset: Int) throws {
        var decoder = AlertDecoder()
        let error = try #require(throws: DecodeError.self) { try decoder.decode(body) }
        guard case .malformed(let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(reason.offset == offset)
    }

    static let others: [(String, NotAnAlert)] = [
        ("7", .notAnObject(.number)),
        (#""alert""#, .notAnObject(.string)),
        ("null", .notAnObject(.null)),
        ("true", .notAnObject(.true)),
        ("{}", .unknownObject),
        (#"{"rule":"5710"}"#, .unknownObject),
        (#"{"rule":{"level":5}}"#, .unknownObject),
        (#"{"rule":{"id":"5710"}}"#, .unknownObject),
        (#"{"rule":{"id":"","level":5}}"#, .unknownObject),
        (#"{"rule":{"id":null,"level":5}}"#, .unknownObject),
        (#"{"rule":{"id":{},"level":5}}"#, .unknownObject),
        (#"{"hits":7}"#, .unknownObject),
        (#"{"hits":{"total":0}}"#, .unknownObject),
        (#"{"attachments":[{"color":"danger","title":"x"}]}"#, .slackMessage),
        (#"{"attachments":"x"}"#, .unknownObject),
        (#"{"all_fields":{}}"#, .envelopeWithoutAlert),
        (#"{"all_fields":{"all_fields":{"rule":{"id":"1","level":1}}}}"#, .envelopeWithoutAlert),
        (#"{"_source":[]}"#, .hitWithoutAlert),
        (#"{"_index":"a","_id":"b","_source":{"message":"x"}}"#, .hitWithoutAlert),
        (#"{"wazuh":{"agent":{"id":"1"}},"event":{"original":"x"}}"#, .eventWithoutRule),
        (#"{"wazuh":{"rule":"x"}}"#, .eventWithoutRule),
        (#"{"wazuh":{"rule":{"title":"x","level":"high"}}}"#, .eventWithoutRule),
        (#"{"wazuh":{"rule":{"id":"","level":"high"}}}"#, .eventWithoutRule),
    ]

    @Test("JSON that is no alert is refused with a sentence that says what was expected", arguments: others)
    func refusesOthers(body: String, reason: NotAnAlert) throws {
        var decoder = AlertDecoder()
        let error = try #require(throws: DecodeError.self) { try decoder.decode(body) }
        #expect(error == .notAnAlert(reason))
        #expect("\(error)".contains("xpected") && "\(error)".hasSuffix("."))
    }

    @Test("a list of nothing holds nothing", arguments: ["[]", #"{"hits":[]}"#, #"{"hits":{"hits":[]}}"#])
    func emptyLists(body: String) throws {
        var decoder = AlertDecoder()
        let decoded = try decoder.decode(body)
        #expect(decoded.alerts.isEmpty && decoded.rejected.isEmpty)
    }

    @Test(
        "the limit of alerts counts what is taken and what is not",
        arguments: [
            ("[", ",", "]"), ("", "\n", ""), (#"{"hits":["#, ",", "]}"),
        ])
    func limitsAlerts(open: String, separator: String, close: String) throws {
        var decoder = AlertDecoder(limits: AlertLimits(alerts: 3))
        let entries = [Self.alert(id: "1"), #"{"no":"alert"}"#, Self.alert(id: "2"), Self.alert(id: "3")]
        let three = try decoder.decode(open + entries.prefix(3).joined(separator: separator) + close)
        #expect(three.alerts.count == 2 && three.rejected.count == 1)
        for last in [entries[3], "{}"] {
            let body = open + (entries.prefix(3) + [last]).joined(separator: separator) + close
            let error = try #require(throws: DecodeError.self) { try decoder.decode(body) }
            #expect(error == .tooManyAlerts(limit: 3))
        }
    }

    @Test(
        "the limits of JSON hold",
        arguments: [
            (JSONLimits(depth: 2), JSONError.Expectation.depth(limit: 2)),
            (JSONLimits(nodes: 40), .nodes(limit: 40)),
        ])
    func limitsJSON(limits: JSONLimits, expected: JSONError.Expectation) throws {
        var decoder = AlertDecoder(limits: AlertLimits(json: limits))
        let small = #"{"rule":{"id":"1","level":1}}"#
        #expect(try decoder.decode(small).alerts.count == 1)
        let error = try #require(throws: DecodeError.self) { try decoder.decode(Self.alert(more: #","a":[[]]"#)) }
        guard case .malformed(let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(reason.expected == expected)
        let decoded = try decoder.decode(Self.alert(more: #","a":[[]]"#) + "\n" + small)
        #expect(decoded.alerts.count == 1 && decoded.rejected.count == 1)
    }

    @Test(
        "a level is a number, its text, or a word of Wazuh 5",
        arguments: [
            ("12", 12), (#""12""#, 12), ("12.0", 12), ("0", 0), ("16", 16), ("99", 16), ("123456789012345678901", 16),
            ("-3", 0), (#""high""#, 12), (#""HIGH""#, 12), (#""informational""#, 3), (#""low""#, 5), (#""medium""#, 8),
            (#""critical""#, 15), (#""none""#, 0), (#""""#, 0), ("null", 0), ("[]", 0), ("true", 0),
        ])
    func levels(value: String, level: Int) throws {
        var decoder = AlertDecoder()
        #expect(
            try decoder.decode(#"{"rule":{"id":"1","description":"","level":\#(value)}}"#).alerts.first?.level == level)
    }

    @Test("a rule without a level is one of level 0", arguments: [#""groups":[]"#, #""description":"x""#])
    func levelZero(member: String) throws {
        var decoder = AlertDecoder()
        #expect(try decoder.decode(#"{"rule":{"id":"1",\#(member)}}"#).alerts.first?.level == 0)
    }

    @Test(
        "the time is Wazuh's, or else the indexer's, or unknown",
        arguments: [
            (
                #""timestamp":"2026-11-24T06:11:43.187+0200","@timestamp":"2026-11-25T00:00:00Z""#,
                "2026-11-24T04:11:43.187Z"
            ),
            (#""@timestamp":"2026-11-25T00:00:00.000000Z""#, "2026-11-25T00:00:00.000Z"),
            (#""timestamp":"yesterday","@timestamp":"2026-11-25T00:00:00Z""#, "2026-11-25T00:00:00.000Z"),
            (#""timestamp":1795500703"#, nil), (#""timestamp":"""#, nil), (#""x":1"#, nil),
        ])
    func timestamps(member: String, expected: String?) throws {
        var decoder = AlertDecoder()
        let alert = try decoder.decode(#"{"rule":{"id":"1","level":1},\#(member)}"#).alerts.first
        #expect(alert?.timestamp?.iso8601 == expected)
    }

    @Test("of a key that comes twice the last one counts")
    func doubleKeys() throws {
        var decoder = AlertDecoder()
        let alert = try decoder.decode(
            #"{"data":{"srcip":"203.0.113.1"},"rule":{"id":"1","level":9},"data":{"srcip":"203.0.113.2"},"#
                + #""rule":{"id":"2","description":"x"}}"#
        ).alerts.first
        #expect(alert?.ruleID == "2")
        #expect(alert?.level == 0)
        #expect(alert?.attacker?.address.description == "203.0.113.2")
        #expect(alert?.values(at: "data.srcip") == ["203.0.113.2"])
    }

    @Test("an alert cut off anywhere is an error", arguments: Shape.allCases)
    func prefixes(shape: Shape) throws {
        var decoder = AlertDecoder()
        let body = Array(shape.body(Self.alert(more: #","full_log":"é😀 \u00e9\ud83d\ude00 \"x\"\n""#)).utf8)
        let end = body.lastIndex { !" \r\n".utf8.contains($0) } ?? 0
        for length in 0...end {
            let error = #expect(throws: DecodeError.self) { try decoder.decode(body.span.extracting(first: length)) }
            guard case .malformed(let reason) = error else {
                Issue.record("\(length): \(String(describing: error))")
                continue
            }
            #expect(reason.offset <= length)
        }
        #expect(try decoder.decode(body.span.extracting(first: end + 1)).alerts.count == 1)
    }
}
