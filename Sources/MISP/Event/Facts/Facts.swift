import FoundationEssentials
import IPAddresses
import Pipeline
import Timestamps
import Wazuh

/// What everybody who gets the event may know.
///
/// What is composed for everybody is composed of this alone, so that nothing of our own side can get into it.
struct PublicFacts: Sendable {
    let source: SourceKey
    let alerts: Tally
    let attackers: Tallies<Evidence.AttackerAddress>
    let rules: Tallies<Evidence.Rule>
    let highestLevel: Int
    let techniques: Tallies<String>
    let tactics: Tallies<String>
    let indicators: Tallies<Indicator>

    /// The noisiest first.
    let requests: [WebRequest]
    let locations: [Location]
    let mayDetect: Bool

    /// Lists that name the attacker: many others may be behind its address.
    let lists: [ListMatch]
    let flows: [FlowNumbers]

    /// The batch that this composition is for, and which addresses it saw.
    let batch: UUID
    let batchAttackers: Tallies<Evidence.AttackerAddress>

    /// Whether detection systems may act on something of the attacker.
    var isDetectable: Bool { mayDetect && lists.isEmpty && !source.isTest }

    /// Whether they may act on a value that was seen so.
    func isDetectable(_ tally: Tally) -> Bool { isDetectable && tally.mayDetect }
}

/// What stays within the organisation.
struct InternalFacts: Sendable {
    let source: SourceKey
    let agents: Tallies<String>
    let hosts: Tallies<IPAddress>
    let users: Tallies<String>
    let descriptions: Tallies<String>
    let policyRules: Tallies<String>

    /// Values that name our own side.
    let indicators: Tallies<Indicator>
    let flows: [FlowFindings]

    /// What Netflow said when the event was composed last.
    let earlierFlows: [FlowFindings]
}

/// All that is known of a source, taken apart.
struct Facts: Sendable {
    let everybody: PublicFacts
    let ourselves: InternalFacts

    init(_ history: History?, _ batch: Batch, flows: [FlowFindings], settings: EventSettings) {
        var evidence = history?.evidence ?? batch.evidence
        if history != nil { evidence.merge(batch.evidence) }
        let earlier = history?.flows ?? []
        let findings = Self.latest(earlier, flows, of: batch.source)

        let requests = evidence.requests.noisiest.map { request, tally in
            (request: request, text: RequestText(request, query: settings.urlQuery), tally: tally)
        }
        let words = InternalWords(
            evidence.internal, hosts: requests.filter { $0.request.role == .source }.compactMap(\.text.host),
            peers: findings.flatMap { $0.peers.map(\.peer) }, ownNetworks: settings.ownNetworks)
        var screen = Screen(words: words, valueBytes: settings.limits.valueBytes)
        for (request, text, tally) in requests { screen.add(request, text, tally) }
        for (agent, tally) in evidence.userAgents.values {
            screen.add(Indicator(type: .userAgent, value: agent, side: .ours), tally)
        }
        for (hash, tally) in evidence.hashes.values { screen.add(Indicator(hash), tally) }
        for (domain, tally) in evidence.domains.values {
            screen.add(Indicator(domain: domain, bytes: settings.limits.valueBytes), tally)
        }

        everybody = PublicFacts(
            source: batch.source, alerts: evidence.alerts, attackers: evidence.attackers, rules: evidence.rules,
            highestLevel: evidence.highestLevel, techniques: evidence.techniques, tactics: evidence.tactics,
            indicators: screen.everybody, requests: screen.requests,
            locations: Location.all(
                of: evidence.attackers, settings.geography, alerts: evidence.places, words: words),
            mayDetect: evidence.mayDetect, lists: evidence.lists, flows: findings.map(FlowNumbers.init),
            batch: batch.id, batchAttackers: batch.evidence.attackers)
        ourselves = InternalFacts(
            source: batch.source, agents: evidence.internal.agents, hosts: evidence.internal.hosts,
            users: evidence.internal.users, descriptions: evidence.internal.descriptions,
            policyRules: evidence.policyRules, indicators: screen.ourselves, flows: findings, earlierFlows: earlier)
    }

    /// The newest findings for each address of the source, by address.
    private static func latest(
        _ earlier: [FlowFindings], _ now: [FlowFindings], of source: SourceKey
    ) -> [FlowFindings] {
        let all = (earlier + now).filter { source.block.contains($0.address) }
        return Dictionary(all.map { ($0.address, $0) }) { $1 }.values.sorted { $0.address < $1.address }
    }
}
