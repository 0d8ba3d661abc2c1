import Testing

@testable import Warnbell

struct PolicyFileTests {
    @Test(
        "A faulty policy is refused with file, line, rule and what was expected",
        arguments: [
            ("[]", ":1: expected a mapping with the key 'rules'"),
            ("rule: []\nrules: []", ":1: unknown key 'rule'; expected 'rules'"),
            ("rules: 3", ":1: expected 'rules' to be a list of rules"),
            ("rules: [share]", ":1: expected a rule: a mapping with 'name', 'action' and matchers"),
            ("rules:\n  - {action: hold}", ":2: expected the rule to have a 'name'"),
            (
                "rules:\n  - {name: a}",
                ":2: rule 'a': expected 'action' to be share, hold, context, investigate or ignore"
            ),
            (
                "rules:\n  - {name: a, action: shar}",
                ":2: rule 'a': expected 'action' to be share, hold, context, investigate or ignore"
            ),
            (
                "rules:\n  - {name: a, action: hold, group: [x]}",
                ":2: rule 'a': unknown key 'group'; did you mean 'groups'?"
            ),
            (
                "rules:\n  - {name: a, action: hold, min_level: 17}",
                ":2: rule 'a': expected min_level to be a level from 0 to 16"
            ),
            (
                "rules:\n  - {name: a, action: hold, min_level: 9, max_level: 8}",
                ":2: rule 'a': min_level 9 is above max_level 8"
            ),
            (
                "rules:\n  - {name: a, action: hold, to_ids: true}",
                ":2: rule 'a': to_ids is true or false, and goes with action share only"
            ),
            ("rules:\n  - {name: a, action: hold, groups: []}", ":2: rule 'a': expected groups to be a list of names"),
            (
                "rules:\n  - {name: a, action: hold, groups: [[x]]}",
                ":2: rule 'a': expected groups to be a list of names"
            ),
            (
                "rules:\n  - {name: a, action: hold, mitre: false}",
                ":2: rule 'a': expected mitre to be true or a list of technique ids such as T1110"
            ),
            (
                "rules:\n  - {name: a, action: hold, fields: [x]}",
                ":2: rule 'a': expected fields to map dotted paths to lists of values"
            ),
            (
                "rules:\n  - {name: a, action: hold, sources: [10.0.0.0/33]}",
                ":2: rule 'a': '10.0.0.0/33' is no address or block such as 203.0.113.0/24"
            ),
            (
                "rules:\n  - {name: a, action: hold, format: json}",
                ":2: rule 'a': expected format to be alert (Wazuh 4.x) or finding (Wazuh 5.x)"
            ),
            (
                "rules:\n  - {name: a, action: hold}\n  - {name: a, action: ignore}",
                ":3: a second rule with the name 'a'"
            ),
        ])
    func faults(yaml: String, expected: String) {
        let error = #expect(throws: PolicyFile.Faults.self) { try PolicyFile.rules(in: yaml, name: "site.yaml") }
        #expect(error?.description == "site.yaml" + expected)
    }

    @Test("All faults of a file are told at once")
    func allFaults() {
        let yaml = "rules:\n  - {name: a, action: hold, min_level: x}\n  - {name: b, action: nothing}"
        let error = #expect(throws: PolicyFile.Faults.self) { try PolicyFile.rules(in: yaml, name: "p") }
        #expect(error?.faults.count == 2)
    }

    @Test("What is no YAML is refused")
    func broken() {
        #expect(throws: PolicyFile.Faults.self) { try PolicyFile.rules(in: "rules: [", name: "p") }
    }
}
