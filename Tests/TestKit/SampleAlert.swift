/// A Wazuh 4.x alert as JSON text, one field changed at a time.
package struct SampleAlert {
    package var id = "1795161600.1000"
    package var timestamp = "2026-11-20T08:00:00.000+0000"
    package var ruleID = "5712"
    package var level = 10
    package var description = "sshd: brute force trying to get access to the system."
    package var groups = ["syslog", "sshd", "authentication_failures"]
    package var techniques = ["T1110"]
    package var agentName = "gate"
    package var agentAddress = "10.20.0.10"
    package var manager = "manager"
    package var decoder = "sshd"
    package var location = "journald"

    /// The members of `data`, as JSON.
    package var data = [#""srcip":"203.0.113.9""#]

    package init(_ change: (inout SampleAlert) -> Void = { _ in }) {
        change(&self)
    }

    /// The same alert accusing another address.
    package mutating func accuse(_ address: String) {
        data = [#""srcip":"\#(address)""#]
    }

    package var json: String {
        let groups = groups.map { #""\#($0)""# }.joined(separator: ",")
        let mitre = techniques.map { #""\#($0)""# }.joined(separator: ",")
        return """
            {"timestamp":"\(timestamp)","rule":{"level":\(level),"description":"\(description)","id":"\(ruleID)",\
            "mitre":{"id":[\(mitre)],"tactic":["Credential Access"],"technique":["Brute Force"]},"firedtimes":1,\
            "mail":false,"groups":[\(groups)]},"agent":{"id":"001","name":"\(agentName)","ip":"\(agentAddress)"},\
            "manager":{"name":"\(manager)"},"id":"\(id)","full_log":"a line of \(agentName)",\
            "decoder":{"name":"\(decoder)"},"data":{\(data.joined(separator: ","))},"location":"\(location)"}
            """
    }

    package var bytes: [UInt8] { Array(json.utf8) }

    /// The alert as Wazuh's Shuffle integration sends it.
    package var shuffle: [UInt8] {
        Array(
            """
            {"severity": 3, "pretext": "WAZUH Alert", "title": "\(description)", "text": "a line of \(agentName)", \
            "rule_id": "\(ruleID)", "timestamp": "\(timestamp)", "id": "\(id)", "all_fields": \(json)}
            """.utf8)
    }
}
