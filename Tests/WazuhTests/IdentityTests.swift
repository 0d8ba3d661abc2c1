import Testing
import Wazuh

@Suite("What makes an alert the same")
struct IdentityTests {
    private func identity(_ body: String) throws -> String {
        var decoder = AlertDecoder()
        return try #require(try decoder.decode(body).alerts.first).identity.description
    }

    /// SHA-256 over the texts, each behind its length in four bytes; computed elsewhere.
    static let vectors: [(String, String)] = [
        (#""manager":{"name":"wazuh-manager-01"},"cluster":{"node":"node01"}"#, "89fbeafc8f67f2b475a5773b311f5b3a"),
        (
            #""cluster":{"node":"node01","name":"other"},"manager":{"name":"wazuh-manager-01"},"x":1"#,
            "89fbeafc8f67f2b475a5773b311f5b3a"
        ),
        (#""x":0"#, "589ef41b92c778648448c5e52cc9274b"),
        (#""manager":{},"cluster":null"#, "589ef41b92c778648448c5e52cc9274b"),
        (#""manager":{"name":"héros😀"}"#, "eee098cfdec943c02af6aba48c51b777"),
        (#""manager":{"name":"h\u00e9ros\ud83d\ude00"}"#, "eee098cfdec943c02af6aba48c51b777"),
        (#""m\u0061nager":{"name":"h\u00e9ros😀"}"#, "eee098cfdec943c02af6aba48c51b777"),
    ]

    @Test("id, rule, time, manager and node make it, however they are written", arguments: vectors)
    func byFields(members: String, expected: String) throws {
        let start = #"{"id":"1795500703.1","timestamp":"2026-11-24T06:11:43.187+0000","rule":{"id":"5710","level":5},"#
        #expect(try identity(start + members + "}") == expected)
    }

    @Test(
        "each of the five tells alerts apart",
        arguments: [
            ("1795500703.1", "1795500703.2"), ("5710", "5711"), ("43.187+0000", "43.188+0000"),
            ("manager-01", "manager-02"),
            ("node01", "node02"),
        ])
    func tellsApart(text: String, other: String) throws {
        let alert = AlertDecoderTests.alert()
        #expect(try identity(alert) != identity(alert.replacing(text, with: other)))
    }

    @Test("texts can't move from one field to the next")
    func keepsFieldsApart() throws {
        let alert = AlertDecoderTests.alert(id: "12", rule: "3")
        #expect(try identity(alert) != identity(AlertDecoderTests.alert(id: "1", rule: "23")))
    }

    @Test(
        "without them a hit is known by index and id, in every kind of list",
        arguments: [
            #"{"_index":"wazuh-findings-v5-security","_id":"a1","_source":%}"#,
            #"{"_source":%,"_id":"a1","_index":"wazuh-findings-v5-security","_score":null}"#,
            #"{"hits":[{"_index":"wazuh-findings-v5-security","_id":"a1","_source":%}]}"#,
        ])
    func byHit(body: String) throws {
        #expect(
            try identity(body.replacing("%", with: AlertDecoderTests.finding)) == "4335fc200c742f1ebc54461abb9d2275")
    }

    @Test("a hit's own fields come first, so that it is the alert that came by webhook")
    func prefersFields() throws {
        let hit = #"{"_index":"wazuh-alerts","_id":"a1","_source":\#(AlertDecoderTests.alert())}"#
        #expect(try identity(hit) == identity(AlertDecoderTests.alert()))
    }

    @Test(
        "everything else is known by the bytes of the alert alone",
        arguments: [
            "%", "[%]", " % ", #"{"all_fields":%}"#, #"{"id":"1","timestamp":"2","all_fields":%}"#,
            #"{"_source":%}"#, #"{"_id":"a1","_source":%}"#, #"{"_index":"","_id":"a1","_source":%}"#,
        ])
    func byBytes(body: String) throws {
        let alert = #"{"rule":{"id":"5710","level":5}}"#
        #expect(try identity(body.replacing("%", with: alert)) == "4507a97584cec153efa4aeb37defb690")
    }

    @Test("the second of two hits without a name does not get the first one's")
    func forgetsHits() throws {
        var decoder = AlertDecoder()
        let source = #"{"rule":{"id":"5710","level":5}}"#
        let decoded = try decoder.decode(#"[{"_index":"i","_id":"a","_source":\#(source)},\#(source)]"#)
        #expect(decoded.alerts[0].identity != decoded.alerts[1].identity)
        #expect(decoded.alerts[1].identity.description == "4507a97584cec153efa4aeb37defb690")
    }

    @Test(
        "an alert that was kept is read again as it was",
        arguments: [AlertDecoderTests.alert(), AlertDecoderTests.finding])
    func restores(text: String) throws {
        var decoder = AlertDecoder()
        let alert = try #require(try decoder.decode(Shape.hits.body(text)).alerts.first)
        let again = try decoder.restore(alert.bytes, identity: alert.identity)
        #expect(again.bytes == alert.bytes && again.identity == alert.identity && again.format == alert.format)
        #expect(again.attacker == alert.attacker && again.level == alert.level && again.timestamp == alert.timestamp)
        #expect(again.ruleID == alert.ruleID && again.groups == alert.groups)
    }

    @Test(
        "what was kept and is no alert any more is an error", arguments: ["", "{}", "7", "[]", #"{"all_fields":{}}"#])
    func refusesToRestore(text: String) {
        var decoder = AlertDecoder()
        #expect(throws: DecodeError.self) { try decoder.restore(Array(text.utf8), identity: AlertIdentity(bits: 1)) }
    }

    @Test("an identity is sixteen bytes and 32 digits")
    func bytes() {
        let identity = AlertIdentity(bits: 0x00ff)
        #expect(identity.description == "000000000000000000000000000000ff")
        #expect(identity.bytes == Array(repeating: 0, count: 15) + [255])
        #expect(AlertIdentity(bytes: identity.bytes) == identity)
        #expect(AlertIdentity(bytes: [1, 2, 3]) == nil)
    }
}
