import IPAddresses
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

/// Alerts, addresses and policies for the tests of the pipeline.
enum Samples {
    /// When alerts come in, where no test says otherwise.
    static let received = Timestamp(seconds: 1_795_161_600)

    static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text), "\(text) is no address") }

    static func source(_ text: String) throws -> SourceKey { SourceKey(try address(text)) }

    static func blocks(_ texts: String...) throws -> IPBlockSet {
        IPBlockSet(try texts.map { try #require(IPBlock($0), "\($0) is no block") })
    }

    static func alert(_ change: (inout SampleAlert) -> Void = { _ in }) throws -> Alert {
        try alert(json: SampleAlert(change).json)
    }

    static func alert(json: String) throws -> Alert {
        var decoder = AlertDecoder()
        return try #require(try decoder.decode(Array(json.utf8).span).alerts.first)
    }

    /// Alerts of the group `attack` are shared, `scan` is shared and may not be acted on, `web` is context, and `odd`
    /// is held.
    static func policy(_ networks: Networks = Networks()) -> Policy {
        var attack = PolicyRule(name: "attack", action: .share(mayDetect: true))
        attack.groups = ["attack"]
        var scan = PolicyRule(name: "scan", action: .share(mayDetect: false))
        scan.groups = ["scan"]
        var web = PolicyRule(name: "web", action: .context)
        web.groups = ["web"]
        var login = PolicyRule(name: "login", action: .ignore)
        login.groups = ["authentication_success"]
        var odd = PolicyRule(name: "odd", action: .hold)
        odd.groups = ["odd"]
        return Policy(rules: [login, attack, scan, web, odd], networks: networks)
    }

    static func findings(
        _ text: String, records: Int, incomplete: [String] = [], peers: [FlowFindings.Peer] = []
    ) throws -> FlowFindings {
        FlowFindings(
            address: try address(text), flowRecords: records, first: received, last: received, peers: peers,
            incomplete: incomplete)
    }
}
