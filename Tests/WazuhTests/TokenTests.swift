import IPAddresses
import Testing
import Wazuh

@Suite("The secret in a body")
struct TokenTests {
    private static let alert = #"{"rule":{"id":"1","level":5},"data":{"srcip":"203.0.113.9"}}"#

    static let bodies: [(String, String?)] = [
        (#"{"warnbell_token":"s3cret","all_fields":%}"#, "s3cret"),
        (#"{"all_fields":%,"warnbell_token":"s3cret"}"#, "s3cret"),
        (#"{"all_fields":%,"warnbell_token":"s\u0033cret\n"}"#, "s3cret\n"),
        (#"{"all_fields":%,"warnbell\u005ftoken":"s3cret"}"#, "s3cret"),
        (#"{"all_fields":%,"warnbell_token":"old","warnbell_token":"s3cret"}"#, "s3cret"),
        (#"{"hits":[{"_source":%}],"warnbell_token":"s3cret"}"#, "s3cret"),
        (#"{"_source":%,"warnbell_token":"s3cret"}"#, "s3cret"),
        (#"[{"all_fields":%},{"all_fields":%,"warnbell_token":"s3cret"}]"#, "s3cret"),
        ("{\"all_fields\":%,\"warnbell_token\":\"s3cret\"}\n{\"all_fields\":%,\"warnbell_token\":\"other\"}", "s3cret"),
        (#"{"all_fields":%,"warnbell_token":7}"#, nil),
        (#"{"all_fields":%,"warnbell_token":null}"#, nil),
        (#"{"all_fields":%}"#, nil),
        (#"{"all_fields":%,"data":{"warnbell_token":"s3cret"}}"#, nil),
    ]

    @Test("it is handed over, and no alert keeps it", arguments: bodies)
    func handsOver(body: String, token: String?) throws {
        var decoder = AlertDecoder()
        let decoded = try decoder.decode(body.replacing("%", with: Self.alert))
        #expect(decoded.token == token)
        #expect(decoded.alerts.allSatisfy { $0.bytes == Array(Self.alert.utf8) })
    }

    static let bare: [(String, String)] = [
        (#"{"warnbell_token":"s3cret","rule":{"id":"1","level":5},"data":{"srcip":"203.0.113.9"}}"#, alert),
        (#"{"rule":{"id":"1","level":5},"warnbell_token":"s3cret","data":{"srcip":"203.0.113.9"}}"#, alert),
        (#"{"rule":{"id":"1","level":5},"data":{"srcip":"203.0.113.9"},"warnbell_token":"s3cret"}"#, alert),
        (
            #"{ "warnbell_token" : "old" , "rule":{"id":"1","level":5} , "warnbell_token" : "s3cret" ,"data":{"srcip":"203.0.113.9"} }"#,
            alert
        ),
        (
            #"{"rule": {"id":"1", "level":5},"warnbell\u005ftoken":"s3cret","x":"warnbell_token"}"#,
            #"{"rule": {"id":"1", "level":5},"x":"warnbell_token"}"#
        ),
    ]

    @Test("in an alert without wrapping it is cut out, and the alert stays the same", arguments: bare)
    func cutsOut(body: String, kept: String) throws {
        var decoder = AlertDecoder()
        let without = try #require(try decoder.decode(kept).alerts.first)
        for wrapped in [body, "[\(body)]", body + "\n"] {
            let decoded = try decoder.decode(wrapped)
            #expect(decoded.token == "s3cret")
            let alert = try #require(decoded.alerts.first)
            #expect(String(decoding: alert.bytes, as: UTF8.self) == kept)
            #expect(alert.identity == without.identity)
            #expect(alert.attacker == without.attacker)
            #expect(alert.ruleID == "1")
        }
    }

    @Test(
        "a body that is refused hands it over too, and the next body has none of it",
        arguments: [#"{"warnbell_token":"s3cret","attachments":[]}"#, #"[1,{"warnbell_token":"s3cret"}]"#])
    func refused(body: String) {
        var decoder = AlertDecoder()
        _ = try? decoder.decode(body)
        #expect(decoder.token == "s3cret")
        _ = try? decoder.decode("{")
        #expect(decoder.token == nil)
    }

    @Test("in the middle of others it disturbs none of them")
    func keepsOthers() throws {
        var decoder = AlertDecoder()
        let token = #"{"warnbell_token":"s3cret","rule":{"id":"2","level":5}}"#
        let decoded = try decoder.decode("[\(Self.alert),\(token),\(Self.alert)]")
        #expect(decoded.alerts.map(\.ruleID) == ["1", "2", "1"])
        #expect(decoded.alerts[2].attacker?.address.description == "203.0.113.9")
        #expect(decoded.token == "s3cret")
    }

    @Test("one inside the alert of an envelope is no secret of the sender's, but isn't kept either")
    func ignoresInner() throws {
        var decoder = AlertDecoder()
        let decoded = try decoder.decode(#"{"all_fields":{"warnbell_token":"s3cret","rule":{"id":"1","level":5}}}"#)
        #expect(decoded.token == nil)
        #expect(String(decoding: decoded.alerts[0].bytes, as: UTF8.self) == #"{"rule":{"id":"1","level":5}}"#)
    }
}
