import Testing
import Wazuh

@Suite("Alerts from threat intelligence")
struct EnrichmentTests {
    private func alert(_ members: String, groups: String = #"["sshd"]"#) throws -> Alert {
        var decoder = AlertDecoder()
        let text = #"{"rule":{"id":"1","level":5,"groups":\#(groups)},\#(members)}"#
        return try #require(try decoder.decode(text).alerts.first)
    }

    @Test(
        "they are known by integration, location, group or result, and accuse nobody",
        arguments: [
            (#""data":{"srcip":"203.0.113.9","integration":"misp"}"#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9","integration":"custom-misp.py"}"#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9","integration":"opencti"}"#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9","integration":"VirusTotal"}"#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9","integration":"virustotal_ip"}"#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9","integration":"custom-abuseipdb"}"#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9","integration":"maltiverse"}"#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9","integration":"warnbell"}"#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9"},"location":"virustotal""#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9"},"location":"virustotal_ip""#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9"},"location":"master->misp""#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9"},"location":"warnbell""#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9"}"#, #"["local","opencti_alert"]"#),
            (#""data":{"srcip":"203.0.113.9"}"#, #"["warnbell","netflow"]"#),
            (#""data":{"srcip":"203.0.113.9","xff_address":"203.0.113.8"}"#, #"["abuseipdb"]"#),
            (#""data":{"srcip":"203.0.113.9","misp":{"value":"203.0.113.9"}}"#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9","virustotal":{"found":"1"}}"#, #"[]"#),
        ])
    func knows(members: String, groups: String) throws {
        let alert = try alert(members, groups: groups)
        #expect(alert.isEnrichment)
        #expect(alert.attacker == nil)
    }

    @Test(
        "names that only look like theirs are ordinary alerts",
        arguments: [
            (#""data":{"srcip":"203.0.113.9","integration":"aws"}"#, #"["attack","web"]"#),
            (#""data":{"srcip":"203.0.113.9","integration":"mispell"}"#, #"["windows","webscan"]"#),
            (
                #""data":{"srcip":"203.0.113.9","integration":"customer-misp"}"#,
                #"["accesslog","authentication_failed"]"#
            ),
            (#""data":{"srcip":"203.0.113.9","misp":"x"}"#, #"["vulnerability"]"#),
            (#""data":{"srcip":"203.0.113.9"},"location":"misp-server->/var/log/auth.log""#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9"},"location":"/var/log/misp/error.log""#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9"},"location":"API-Webhook""#, #"[]"#),
            (#""data":{"srcip":"203.0.113.9","integration":""},"location":"""#, #"["",null,7]"#),
        ])
    func toleratesOthers(members: String, groups: String) throws {
        let alert = try alert(members, groups: groups)
        #expect(!alert.isEnrichment)
        #expect(alert.attacker?.field == "data.srcip")
    }

    @Test("a finding is one by the name of its integration", arguments: [("misp", true), ("suricata", false)])
    func knowsFindings(integration: String, isEnrichment: Bool) throws {
        var decoder = AlertDecoder()
        let finding = """
            {"wazuh":{"integration":{"name":"\(integration)"},"rule":{"id":"x","level":"low","tags":["ioc"]}},
             "source":{"ip":"203.0.113.9"}}
            """
        let alert = try #require(try decoder.decode(finding).alerts.first)
        #expect(alert.isEnrichment == isEnrichment)
        #expect((alert.attacker == nil) == isEnrichment)
    }
}
