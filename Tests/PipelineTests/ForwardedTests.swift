import IPAddresses
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

@Suite("Behind proxies")
struct ForwardedTests {
    private struct Case: CustomTestStringConvertible {
        let name: String
        let proxies: [String]
        let data: String
        let attacker: String?
        let action: String
        var testDescription: String { name }
    }

    private static let cases = [
        Case(
            name: "a proxy, and whom it forwarded", proxies: ["10.0.0.5"],
            data: #""srcip":"10.0.0.5","xff_address":"203.0.113.66""#, attacker: "203.0.113.66", action: "share"),
        Case(
            name: "a CDN before the load balancer: both are proxies", proxies: ["10.0.0.5", "198.51.100.1"],
            data: #""srcip":"10.0.0.5","xff_address":"203.0.113.66, 198.51.100.1""#, attacker: "203.0.113.66",
            action: "share"),
        Case(
            name: "what the client claims to have forwarded", proxies: ["10.0.0.5", "198.51.100.1"],
            data: #""srcip":"10.0.0.5","xff_address":"192.0.2.1, 203.0.113.66, 198.51.100.1""#,
            attacker: "203.0.113.66", action: "share"),
        Case(
            name: "a claim of a host of ours", proxies: ["10.0.0.5"],
            data: #""srcip":"10.0.0.5","xff_address":"192.0.2.1, 10.2.3.4""#, attacker: "10.2.3.4",
            action: "investigate"),
        Case(
            name: "a claim of a host of ours, in a log line with two addresses", proxies: ["10.0.0.5"],
            data: #""srcip2":"203.0.113.66","srcip":"10.2.3.4""#, attacker: "10.2.3.4", action: "investigate"),
        Case(
            name: "a log line with two addresses, behind a proxy", proxies: ["10.0.0.5"],
            data: #""srcip2":"203.0.113.66","srcip":"10.0.0.5""#, attacker: "203.0.113.66", action: "share"),
        Case(
            name: "no proxy is known, so nobody forwards", proxies: [],
            data: #""srcip":"10.2.3.4","xff_address":"192.0.2.1""#, attacker: "10.2.3.4", action: "investigate"),
        Case(
            name: "a stranger forwards nobody", proxies: ["10.0.0.5"],
            data: #""srcip":"203.0.113.66","xff_address":"192.0.2.1""#, attacker: "203.0.113.66", action: "share"),
        Case(
            name: "a CDN that is not listed is itself the client", proxies: ["10.0.0.5"],
            data: #""srcip":"10.0.0.5","xff_address":"203.0.113.66, 198.51.100.1""#, attacker: "198.51.100.1",
            action: "share"),
        Case(
            name: "a proxy that does not know whom it forwarded", proxies: ["10.0.0.5"],
            data: #""srcip":"10.0.0.5","xff_address":"192.0.2.1, unknown""#, attacker: "10.0.0.5", action: "ignore"),
        Case(
            name: "a proxy that forwarded nobody", proxies: ["10.0.0.5"], data: #""srcip":"10.0.0.5""#,
            attacker: "10.0.0.5", action: "ignore"),
        Case(
            name: "nothing but proxies", proxies: ["10.0.0.5", "198.51.100.1"],
            data: #""srcip":"10.0.0.5","xff_address":"198.51.100.1""#, attacker: "10.0.0.5", action: "ignore"),
        Case(
            name: "a forwarded address and nothing else", proxies: ["10.0.0.5"],
            data: #""xff_address":"192.0.2.1""#, attacker: nil, action: "ignore"),
        Case(
            name: "one of ours that went to a proxy", proxies: ["203.0.113.80"],
            data: #""src_ip":"10.0.0.9","dest_ip":"203.0.113.80","alert":{},"xff_address":"192.0.2.1""#,
            attacker: "203.0.113.80", action: "ignore"),
    ]

    @Test(
        "The client is the last address that is no proxy of ours; further left is only what it claims", arguments: cases
    )
    private func client(_ sample: Case) throws {
        var networks = Networks()
        networks.proxies = IPBlockSet(try sample.proxies.map { try #require(IPBlock($0)) })
        let alert = try Samples.alert {
            $0.groups = ["attack"]
            $0.data = [sample.data]
        }
        var decider = Decider(policy: Samples.policy(networks))
        let (decision, _) = decider.decide(alert, received: Samples.received)
        #expect(decision.attacker?.address.description == sample.attacker)
        #expect(decision.action.name == sample.action, "\(decision.reason)")
    }

    @Test("A login behind a proxy is the client's, and not the proxy's")
    func login() throws {
        var networks = Networks()
        networks.proxies = try Samples.blocks("10.0.0.5", "198.51.100.1")
        var decider = Decider(policy: Samples.policy(networks))
        func decide(_ groups: [String], _ source: String, _ forwarded: String) throws -> Decision {
            let alert = try Samples.alert {
                $0.groups = groups
                $0.data = [#""srcip":"\#(source)","xff_address":"\#(forwarded)""#]
            }
            return decider.decide(alert, received: Samples.received).0
        }
        _ = try decide(["authentication_success"], "10.0.0.5", "203.0.113.7, 198.51.100.1")
        #expect(try decide(["attack"], "10.0.0.5", "203.0.113.7").action == .hold)
        #expect(try decide(["attack"], "203.0.113.7", "-").action == .hold)
        #expect(try decide(["attack"], "10.0.0.5", "203.0.113.8").action == .share(mayDetect: true))
    }
}
