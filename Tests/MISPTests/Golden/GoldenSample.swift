import Foundation
import GeoIP
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import MISP

/// Alerts of one kind of attacker, and the event that is made of them.
struct GoldenSample: Sendable, CustomTestStringConvertible {
    let name: String
    var hasFlows = false

    var testDescription: String { name }

    static let all = [
        GoldenSample(name: "web-scan"), GoldenSample(name: "sql-injection"),
        GoldenSample(name: "ssh-brute-force", hasFlows: true), GoldenSample(name: "guardduty"),
        GoldenSample(name: "office365"), GoldenSample(name: "ids-outbound", hasFlows: true),
        GoldenSample(name: "windows-logon"), GoldenSample(name: "finding-5x"), GoldenSample(name: "ipv6-network"),
        GoldenSample(name: "mail-brute-force"), GoldenSample(name: "shellshock-indexed"),
        GoldenSample(name: "many-alerts"),
    ]

    static let folder = PyMISP.fixtures.appending(path: "golden")

    /// As Wazuh sends them: a file of them, or 500 that differ in little.
    func alerts() throws -> [Alert] {
        var decoder = AlertDecoder()
        guard name != "many-alerts" else {
            return try (0..<500).flatMap { number in
                let alert = SampleAlert { alert in
                    alert.id = "1795161600.\(number)"
                    alert.timestamp = String(format: "2026-11-20T18:%02d:%02d.000+0000", number / 60, number % 60)
                    alert.ruleID = number % 8 == 7 ? "5712" : "5710"
                    alert.level = number % 8 == 7 ? 10 : 5
                    alert.techniques = number % 8 == 7 ? ["T1110"] : ["T1110.001"]
                    alert.accuse("198.51.100.200")
                    alert.data.append(#""srcuser":"\#(number % 2 == 0 ? "root" : "admin")""#)
                }
                return try decoder.decode(alert.bytes.span).alerts
            }
        }
        let bytes = Array(try Data(contentsOf: Self.folder.appending(path: "\(name).ndjson")))
        return try decoder.decode(bytes.span).alerts
    }

    /// The alerts as one batch; detection systems may act on those of level 10 and more.
    func batch() throws -> Batch { try Self.batch(try alerts()) }

    static func batch(_ alerts: [Alert]) throws -> Batch {
        var evidence: Evidence?
        for alert in alerts {
            guard let attacker = alert.attacker else { continue }
            let moment = Tally(alert.timestamp ?? Sample.now, mayDetect: alert.level >= 10)
            if evidence == nil { evidence = Evidence(alerts: moment) } else { evidence?.alerts.add(moment) }
            evidence?.add(
                alert, attacker, at: moment, policyRule: alert.level >= 10 ? "grave-attack" : "background")
        }
        guard let evidence else { throw NoAttacker() }
        return Sample.batch(evidence, opened: evidence.alerts.first)
    }

    struct NoAttacker: Error {}

    func flows() throws -> [FlowFindings] {
        guard hasFlows, let attacker = try batch().evidence.attackers.values.keys.first else { return [] }
        return Sample.flows("\(attacker.address)")
    }

    /// What an operator might set, with a database that knows some of the addresses.
    static func composer(databaseIn folder: TemporaryFolder) throws -> EventComposer {
        var file = GeoDatabaseFile()
        file.add(
            v4: 0xcb00_7100, length: 24,  // 203.0.113.0/24
            [
                "country": ["iso_code": "DE", "names": ["en": "Germany"]], "city": ["names": ["en": "Berlin"]],
                "autonomous_system_number": 64500, "autonomous_system_organization": "Example Net",
            ])
        file.add(
            v6: 0x2001_0db8_0001 << 80, length: 48,
            [
                "country": ["iso_code": "CZ", "names": ["en": "Czechia"]],
                "autonomous_system_number": 64501, "autonomous_system_organization": "Example Cable",
            ])
        let path = try folder.write(Data(file.bytes), to: "golden.mmdb")
        return EventComposer(
            settings: try EventSettings(
                pap: .amber, tags: ["type:CYBINT"], geography: try GeoDatabases(paths: [path])))
    }
}
