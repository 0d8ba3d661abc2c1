import Foundation
import IPAddresses
import Pipeline
import Timestamps

@testable import Netflow

/// The own sample of flow documents, and what they say.
enum Fixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/netflow")

    /// The flows that `scripts/demo` shows.
    static let demo = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "deploy/demo/flows.ndjson").path()

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }

    static let flows = "flows.bulk.ndjson"

    /// The hour of 2026-11-20 that all documents but one lie in.
    static let window = moment(0)..<moment(3_600_000)

    static let addresses = ["203.0.113.7", "2001:db8:bad::1", "198.51.100.200"].compactMap { IPAddress($0) }

    /// The totals and the peers of each address, written by ``lines(_:)``.
    static let answers = [
        """
        203.0.113.7 15 records 4890/35 3722/20 2026-11-20T08:01:00.000Z 2026-11-20T08:05:01.000Z
        10.20.0.10 1 0 attacker 1 1 84/1 84/1 2026-11-20T08:01:30.000Z 2026-11-20T08:01:30.002Z
        10.20.0.10 6 22 attacker 1 1 1500/12 2600/11 2026-11-20T08:01:00.000Z 2026-11-20T08:01:01.500Z
        10.20.0.10 6 25 attacker 1 0 60/1 0/0 2026-11-20T08:02:15.000Z 2026-11-20T08:02:15.000Z
        10.20.0.10 6 443 attacker 1 0 800/8 0/0 2026-11-20T08:01:16.000Z 2026-11-20T08:01:30.000Z
        10.20.0.10 6 8443 internal 1 1 1200/7 900/6 2026-11-20T08:05:00.123Z 2026-11-20T08:05:01.000Z
        10.20.0.10 99 0 attacker 1 0 1000/1 0/0 2026-11-20T08:01:50.000Z 2026-11-20T08:01:50.000Z
        10.20.0.11 6 23 attacker 1 1 44/1 40/1 2026-11-20T08:01:02.000Z 2026-11-20T08:01:02.000Z
        10.20.0.12 6 445 attacker 1 0 44/1 0/0 2026-11-20T08:01:15.000Z 2026-11-20T08:01:15.000Z
        10.20.0.12 6 3389 attacker 1 0 88/2 0/0 2026-11-20T08:01:05.250Z 2026-11-20T08:01:08.250Z
        10.20.0.13 1 0 internal 1 0 0/0 98/1 2026-11-20T08:01:40.001Z 2026-11-20T08:01:40.001Z
        10.20.0.13 17 161 attacker 1 0 70/1 0/0 2026-11-20T08:01:40.000Z 2026-11-20T08:01:40.000Z
        """,
        """
        2001:db8:bad::1 2 records 180/3 60/1 2026-11-20T08:02:00.000Z 2026-11-20T08:02:03.000Z
        2001:db8:1::10 6 25 attacker 1 1 180/3 60/1 2026-11-20T08:02:00.000Z 2026-11-20T08:02:03.000Z
        """,
        "198.51.100.200 0 records 0/0 0/0 - -",
    ]

    /// Findings as lines: the totals, then the peers.
    static func lines(_ findings: FlowFindings) -> String {
        var lines = [
            "\(findings.address) \(findings.flowRecords) records \(findings.sent.text) \(findings.received.text) "
                + "\(findings.first?.iso8601 ?? "-") \(findings.last?.iso8601 ?? "-")"
        ]
        lines += findings.peers.map {
            "\($0.peer) \($0.transport) \($0.port) \($0.initiator) \($0.conversations) \($0.answered) "
                + "\($0.sent.text) \($0.received.text) \($0.first.iso8601) \($0.last.iso8601)"
        }
        return lines.joined(separator: "\n")
    }
}

extension FlowFindings.Volume {
    fileprivate var text: String { "\(bytes)/\(packets)" }
}
