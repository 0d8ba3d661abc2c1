import Foundation
import IPAddresses
import Pipeline
import Timestamps
import Wazuh

@testable import MISP

/// Batches and what goes with them, all of documentation addresses or of made-up public ones.
enum Sample {
    static let organisation = Organisation(name: "Example Org", uuid: uuid("5f0c6a3e-8d1b-4c52-9b7e-2a4d6e8f0a1c"))
    static let batchID = uuid("0b7c8f6e-4d2a-4e19-8f35-6c1d2e3f4a5b")
    static let now = moment("2026-11-20T08:01:00Z")

    static func uuid(_ text: String) -> UUID {
        guard let uuid = UUID(uuidString: text) else { fatalError("\(text) is no UUID") }
        return uuid
    }

    static func moment(_ text: String) -> Timestamp {
        guard let moment = Timestamp(text) else { fatalError("\(text) is no time") }
        return moment
    }

    static func address(_ text: String) -> IPAddress {
        guard let address = IPAddress(text) else { fatalError("\(text) is no address") }
        return address
    }

    /// `count` alerts in as many seconds from 08:00 on the sample's day, on which detection systems may act.
    static func tally(_ count: Int = 1, from start: Timestamp = moment("2026-11-20T08:00:00.050Z")) -> Tally {
        var tally = Tally(start, mayDetect: true)
        for second in 1..<max(2, count) where count > 1 { tally.add(Tally(start + .seconds(second))) }
        return tally
    }

    static func composer(_ settings: EventSettings) -> EventComposer { EventComposer(settings: settings) }

    /// Alerts of one address in one role, without any detail.
    static func evidence(
        _ address: String = "203.0.113.9", role: Attacker.Role = .source, count: Int = 12, level: Int = 10,
        from start: Timestamp = moment("2026-11-20T08:00:00.050Z")
    ) -> Evidence {
        var evidence = Evidence(alerts: tally(count, from: start))
        evidence.attackers.add(.init(address: self.address(address), role: role), tally(count, from: start))
        evidence.highestLevel = level
        evidence.mayDetect = true
        return evidence
    }

    static func batch(
        _ evidence: Evidence, id: UUID = batchID, opened: Timestamp = moment("2026-11-20T08:00:30Z")
    ) -> Batch {
        let first = evidence.attackers.values.keys.min()?.address ?? address("203.0.113.9")
        return Batch(
            id: id, source: SourceKey(first), opened: opened, closed: opened + .seconds(5), evidence: evidence)
    }

    /// A brute force over SSH with everything an alert can say.
    static func bruteForce(_ address: String = "203.0.113.9") -> Evidence {
        var evidence = evidence(address)
        evidence.rules.add(
            .init(id: "5712", level: 10, groups: ["syslog", "sshd", "authentication_failures"]), tally(8))
        evidence.rules.add(.init(id: "5763", level: 10, groups: ["syslog", "sshd"]), tally(4))
        evidence.techniques.add("T1110", tally(12))
        evidence.techniques.add("T1110.001", tally(4))
        evidence.techniques.add("T9999", tally(1))
        evidence.tactics.add("Credential Access", tally(12))
        evidence.policyRules.add("brute force", tally(12))
        evidence.internal.agents.add("bastion-zq", tally(12))
        evidence.internal.hosts.add(self.address("10.20.30.40"), tally(12))
        evidence.internal.users.add("operator7", tally(12))
        evidence.internal.descriptions.add("sshd: brute force on bastion-zq | `operator7`", tally(8))
        return evidence
    }

    /// Web attacks on one of our sites.
    static func webAttack(_ address: String = "203.0.113.9") -> Evidence {
        var evidence = evidence(address, count: 3, level: 7)
        evidence.rules.add(.init(id: "31103", level: 7, groups: ["web", "accesslog", "attack"]), tally(3))
        evidence.techniques.add("T1190", tally(3))
        evidence.requests.add(
            .init(scheme: "https", host: "shop.example.org", target: "/wp-login.php?user=alice&x", role: .source),
            tally(2))
        evidence.requests.add(
            .init(scheme: nil, host: nil, target: "/cgi-bin/test?id=1", role: .source), tally(1))
        evidence.userAgents.add("sqlmap/1.7", tally(3))
        evidence.internal.agents.add("web-frontend-3", tally(3))
        return evidence
    }

    /// One of ours that fetched something from the attacker.
    static func download(_ address: String = "198.51.100.77") -> Evidence {
        var evidence = evidence(address, role: .destination, count: 2, level: 12)
        evidence.rules.add(.init(id: "86601", level: 12, groups: ["ids", "suricata"]), tally(2))
        evidence.requests.add(
            .init(scheme: "http", host: "u:pw@Evil.Example:8080", target: "/a.exe?k=v#top", role: .destination),
            tally(2))
        evidence.domains.add("Evil.Example.", tally(2))
        evidence.hashes.add(
            .init(
                algorithm: .sha256,
                hexadecimal: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"), tally(2))
        evidence.internal.hosts.add(self.address("10.20.30.41"), tally(2))
        return evidence
    }

    static func flows(_ attacker: String = "203.0.113.9") -> [FlowFindings] {
        let first = moment("2026-11-19T20:00:00Z")
        let peers = [
            FlowFindings.Peer(
                peer: address("10.20.30.40"), transport: 6, port: 22, initiator: .attacker, conversations: 30,
                answered: 28, sent: .init(bytes: 9000, packets: 120), received: .init(bytes: 7000, packets: 90),
                first: first, last: first + .seconds(600)),
            FlowFindings.Peer(
                peer: address("10.20.30.50"), transport: 6, port: 4444, initiator: .internal, conversations: 2,
                answered: 2, sent: .init(bytes: 500, packets: 5), received: .init(bytes: 100_000, packets: 80),
                first: first + .seconds(60), last: first + .seconds(300)),
            FlowFindings.Peer(
                peer: address("10.20.30.60"), transport: 1, port: 0, initiator: .attacker, conversations: 1,
                answered: 0, sent: .init(bytes: 84, packets: 1), received: .init(), first: first, last: first),
        ]
        return [
            FlowFindings(
                address: address(attacker), flowRecords: 66, sent: .init(bytes: 9584, packets: 126),
                received: .init(bytes: 107_000, packets: 170), first: first, last: first + .seconds(600), peers: peers)
        ]
    }

    /// What the journal keeps of a composition.
    static func history(_ composition: Composition, _ evidence: Evidence, flows: [FlowFindings] = []) -> History {
        let batch = batch(evidence)
        return History(
            Delivery(sink: "misp", batch: batch, batches: [batch.id], composition: composition, flows: flows),
            Receipt.Stored(confirmed: 1), at: now, after: nil)
    }
}

extension EventComposer {
    /// The composed event, decoded.
    func event(
        _ evidence: Evidence, history: History? = nil, flows: [FlowFindings] = [], now: Timestamp = Sample.now
    ) throws -> MISPEvent {
        let composition = try compose(
            history, Sample.batch(evidence), flows: flows, now: now, organisation: Sample.organisation)
        return try EventDocument(body: composition.body).event
    }
}

extension MISPEvent {
    func attributes(_ type: AttributeType) -> [Attribute] { attributes.filter { $0.type == type } }
}
