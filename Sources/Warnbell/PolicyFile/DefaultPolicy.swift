/// The policy that applies where `policy.file` names none, as `warnbell policy show` prints it.
enum DefaultPolicy {
    /// Derived from the stock rules of Wazuh 4.14 at level 3 and above.
    static let yaml = #"""
        # Warnbell's default policy, derived from the 3,673 stock rules of Wazuh 4.14 at level 3 and above.
        # An allow list: rules are tried in order, the first that matches decides; what matches nothing is ignored.
        # hold: kept for a person. share: may open or extend a MISP event. context: joins an event that another alert
        # opened, never opens one. investigate: Netflow and feedback only. ignore: counted, nothing else.
        rules:
          # An attacker who got in. Never shared by itself: look first, tell Wazuh at once.
          - {name: login-by-attacker, action: hold,
             rule_ids: [40101, 40112, 99903, 99906, 99910, 99912, 99913, 99920]}
          - {name: login, action: ignore, groups: [authentication_success]}
          # Hits on lists that came from threat intelligence in the first place.
          - {name: intel-list-hit, action: hold,
             rule_ids: [99902, 99904, 99905, 99907, 99908, 99909, 99911, 99914, 99915, 99916, 99919]}
          # Our own server failing names every visitor.
          - {name: own-outage, action: hold, rule_ids: [31162, 31163]}
          # High level, ordinary traffic: long SSO addresses, busy APIs and NAT, mail clients.
          - {name: ordinary-traffic, action: hold,
             rule_ids: [31115, 31533, 31508, 2964, 3911, 11252, 11307, 11452, 11511]}
          # Frequency rules that don't require one source: the address is merely the last one seen.
          - {name: no-common-source, action: hold,
             rule_ids: [5714, 18156, 18157, 64109, 64110, 80255, 80506, 81904, 88203]}
          - {name: cloud-detector-unsure, action: hold, groups: [aws_guardduty], min_level: 6, max_level: 9}
          - {name: ids-severe, action: hold, groups: [suricata], fields: {data.alert.severity: ["1"]}}
          - {name: packet-filter, action: context,
             groups: [firewall_drop, firewall_block, multiple_drops, multiple_blocks], min_level: 5}
          - {name: brute-force-or-scan, action: share,
             groups: [authentication_failures, web_scan], min_level: 10, to_ids: true}
          - {name: network-scan, action: share, rule_ids: [40601], to_ids: true}
          - {name: grave-attack, action: share,
             groups: [attack, exploit_attempt, sql_injection, sqlinjection, automatic_attack],
             min_level: 10, to_ids: true}
          - {name: detector, action: share, groups: [aws_guardduty, junos-ids], min_level: 10, to_ids: true}
          - {name: single-attack, action: share,
             groups: [attack, exploit_attempt, sql_injection, sqlinjection, automatic_attack],
             min_level: 6, to_ids: false}
          # Wazuh 5.x findings carry a level word: high is 12, medium 8.
          - {name: finding-high, action: share, format: finding, min_level: 12, to_ids: true}
          - {name: finding-medium, action: hold, format: finding, min_level: 8}
          # Grave by level, but of no known kind (a site's own rules, say): a person decides once, then writes a rule.
          - {name: unclassified-grave, action: hold, min_level: 12}
          - {name: background, action: context,
             groups: [authentication_failed, invalid_login, accesslog, web, ids], min_level: 3}
        """#
}
