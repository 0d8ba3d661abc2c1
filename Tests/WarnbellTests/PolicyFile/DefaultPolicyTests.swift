import IPAddresses
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Warnbell

/// What the built-in policy decides, rule by rule.
struct DefaultPolicyTests {
    private func decision(
        source: String = "203.0.113.9", networks: Networks = Networks(), _ change: (inout SampleAlert) -> Void
    ) throws -> Decision {
        let rules = try PolicyFile.rules(in: DefaultPolicy.yaml, name: "built-in")
        let sample = SampleAlert {
            $0.accuse(source)
            change(&$0)
        }
        var decoder = AlertDecoder()
        let alert = try #require(try decoder.decode(sample.bytes.span).alerts.first)
        return Policy(rules: rules, networks: networks)
            .decide(alert, known: AddressBook(), at: Timestamp(seconds: 1_795_161_600))
    }

    @Test(
        "Every rule id that the policy names is decided as it says",
        arguments: [
            ("login-by-attacker", "hold", ["40101", "40112", "99903", "99906", "99910", "99912", "99913", "99920"]),
            (
                "intel-list-hit", "hold",
                ["99902", "99904", "99905", "99907", "99908", "99909", "99911", "99914", "99915", "99916", "99919"]
            ),
            ("own-outage", "hold", ["31162", "31163"]),
            (
                "ordinary-traffic", "hold",
                ["31115", "31533", "31508", "2964", "3911", "11252", "11307", "11452", "11511"]
            ),
            (
                "no-common-source", "hold",
                ["5714", "18156", "18157", "64109", "64110", "80255", "80506", "81904", "88203"]
            ),
            ("network-scan", "share", ["40601"]),
        ])
    func byID(name: String, action: String, ids: [String]) throws {
        for id in ids {
            // Groups that would decide otherwise, were the id not named before them.
            for groups in [["attack"], ["web", "accesslog"]]
                + (name.hasPrefix("login") ? [["authentication_success"]] : [])
            {
                let decision = try decision {
                    $0.ruleID = id
                    $0.groups = groups
                }
                #expect(decision.reason == .rule(name), "\(id) \(groups)")
                #expect(decision.action.name == action, "\(id) \(groups)")
            }
        }
    }

    @Test(
        "Groups and levels decide, on both sides of each limit",
        arguments: [
            (["authentication_success"], 3, "login", "ignore"),
            (["authentication_success", "attack"], 15, "login", "ignore"),
            (["aws_guardduty"], 5, nil, "ignore"),
            (["aws_guardduty"], 6, "cloud-detector-unsure", "hold"),
            (["aws_guardduty"], 9, "cloud-detector-unsure", "hold"),
            (["aws_guardduty"], 10, "detector", "share"),
            (["junos-ids"], 10, "detector", "share"),
            (["firewall_drop"], 4, nil, "ignore"),
            (["multiple_drops"], 5, "packet-filter", "context"),
            (["authentication_failures"], 9, nil, "ignore"),
            (["authentication_failures"], 10, "brute-force-or-scan", "share"),
            (["web_scan"], 10, "brute-force-or-scan", "share"),
            (["attack"], 5, nil, "ignore"),
            (["attack"], 6, "single-attack", "share"),
            (["sql_injection"], 9, "single-attack", "share"),
            (["exploit_attempt"], 10, "grave-attack", "share"),
            (["site"], 11, nil, "ignore"),
            (["site"], 12, "unclassified-grave", "hold"),
            (["web"], 2, nil, "ignore"),
            (["invalid_login"], 3, "background", "context"),
            ([], 16, "unclassified-grave", "hold"),
        ] as [([String], Int, String?, String)])
    func byGroup(groups: [String], level: Int, rule: String?, action: String) throws {
        let decision = try decision {
            $0.ruleID = "100001"
            $0.groups = groups
            $0.level = level
        }
        #expect(decision.reason == rule.map { .rule($0) } ?? .unmatched)
        #expect(decision.action.name == action)
    }

    @Test("Only grave matters may be acted on by detection systems", arguments: [(10, true), (9, false)])
    func mayDetect(level: Int, expected: Bool) throws {
        let decision = try decision {
            $0.groups = ["attack"]
            $0.level = level
        }
        #expect(decision.action == .share(mayDetect: expected))
    }

    @Test(
        "A severe alert of Suricata is held, another one is decided by its groups",
        arguments: [
            ("1", "hold"), ("2", "context"),
        ])
    func suricata(severity: String, action: String) throws {
        let decision = try decision {
            $0.groups = ["ids", "suricata"]
            $0.ruleID = "86601"
            $0.level = 3
            $0.data.append(#""alert":{"severity":"\#(severity)"}"#)
        }
        #expect(decision.action.name == action)
    }

    @Test(
        "An address of our own is never shared; one that attacks is looked into",
        arguments: [
            ("10.20.0.7", ["attack"], "investigate"), ("10.20.0.7", ["web"], "ignore"),
            ("192.168.1.9", ["authentication_failures"], "investigate"), ("fd00::1", ["attack"], "investigate"),
            ("198.51.100.77", ["attack"], "investigate"), ("127.0.0.1", ["attack"], "ignore"),
            ("::1", ["attack"], "ignore"), ("224.0.0.1", ["attack"], "ignore"), ("203.0.113.9", ["attack"], "share"),
            ("2001:db8::9", ["attack"], "share"),
        ])
    func own(source: String, groups: [String], action: String) throws {
        var networks = Networks()
        networks.own = IPBlockSet([try #require(IPBlock("198.51.100.64/26"))])
        let decision = try decision(source: source, networks: networks) { $0.groups = groups }
        #expect(decision.action.name == action)
    }

    @Test(
        "Lists of addresses come before the rules",
        arguments: [
            ("never", "ignore", .never), ("scanners", "ignore", .scanner), ("proxies", "ignore", .proxy),
            ("partners", "hold", .partner(rule: "brute-force-or-scan")),
        ] as [(String, String, Decision.Reason)])
    func lists(list: String, action: String, reason: Decision.Reason) throws {
        let block = IPBlockSet([try #require(IPBlock("203.0.113.0/24"))])
        var networks = Networks()
        switch list {
        case "never": networks.never = block
        case "scanners": networks.scanners = block
        case "proxies": networks.proxies = block
        default: networks.partners = block
        }
        let decision = try decision(networks: networks) { _ in }
        #expect(decision.action.name == action)
        #expect(decision.reason == reason)
    }

    @Test("Behind a proxy the address that it forwarded is accused")
    func proxy() throws {
        var networks = Networks()
        networks.proxies = IPBlockSet([try #require(IPBlock("203.0.113.80"))])
        let decision = try decision(source: "203.0.113.80", networks: networks) {
            $0.data.append(#""xff_address":"198.51.100.4""#)
        }
        #expect(decision.attacker?.address == IPAddress("198.51.100.4"))
        #expect(decision.action.name == "share")
    }
}
