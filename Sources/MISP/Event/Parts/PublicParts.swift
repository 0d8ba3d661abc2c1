import Pipeline
import Timestamps
import Wazuh

/// Composes what everybody who gets the event may see. It is given no fact about our own side.
struct PublicParts {
    let facts: PublicFacts
    let settings: EventSettings

    func compose(window: Range<Timestamp>, _ ledger: inout ItemLedger) -> Parts {
        var parts = Parts()
        let attackers = attackers(&ledger)
        parts.attributes = attackers + indicators(&ledger)
        parts.objects =
            LocationObjects(locations: facts.locations, attackers: attackers).compose(&ledger)
            + RequestObjects(
                requests: facts.requests, attackers: attackers, limit: settings.limits.requestObjects
            ).compose(&ledger)
        let content = PublicReport(facts: facts, limits: settings.limits).markdown(window: window)
        parts.reports = [
            EventReport(
                ledger.renew(.report("public")), name: "\(facts.source): what Warnbell saw", content: content,
                distribution: .inherit)
        ]
        return parts
    }

    /// All tags of the event: what may be done with it, what the operator adds, and what it is about.
    var tags: [Tag] {
        let own = [settings.tlp?.tag, settings.pap?.tag, .unsupervised].compactMap(\.self)
        let isOutward = facts.attackers.values.keys.contains { $0.role == .destination }
        let phases = Set(facts.tactics.values.keys.compactMap(KillChainPhase.init(tactic:)))
            .filter { isOutward || $0 <= .exploitation }.sorted()
        let countries = facts.locations.compactMap(\.country).sorted()
        let all =
            own + settings.tags.map { Tag(name: $0) } + phases.map(\.tag)
            + facts.techniques.noisiest.compactMap { Tag(technique: $0.key) } + countries.map { Tag(country: $0) }
        var names: Set<String> = []
        return all.filter { names.insert($0.name).inserted }
    }

    private func attackers(_ ledger: inout ItemLedger) -> [Attribute] {
        let chosen = facts.attackers.chosen(limit: settings.limits.attackers) { attacker in
            ledger.isKnown(.attribute(type: attacker.type.rawValue, value: "\(attacker.address)"))
        }
        return chosen.compactMap { attacker, tally in
            let value = "\(attacker.address)"
            guard let item = ledger.enter(.attribute(type: attacker.type.rawValue, value: value)) else { return nil }
            return Attribute(
                item, attacker.type, value, seen: tally, comment: comment(tally), toIDs: facts.isDetectable(tally),
                correlates: true, distribution: .inherit)
        }
    }

    /// Adds to each of the attacker's addresses that this batch has seen it, and when it was seen before.
    func addSightings(to attributes: inout [Attribute], _ ledger: inout ItemLedger) {
        for attacker in facts.attackers.values.keys {
            let value = "\(attacker.address)"
            guard let index = attributes.firstIndex(where: { $0.type == attacker.type && $0.value == value }) else {
                continue
            }
            attributes[index].sightings = ledger.sightings(
                of: attacker.type, value, seen: facts.batchAttackers.values[attacker]?.last, batch: facts.batch,
                keeping: settings.limits.sightings
            ).map { Sighting(uuid: WireUUID($0.id), date: WireSeconds($0.timestamp), source: "warnbell") }
        }
    }

    /// `12 alerts; rules 5712, 5763; T1110.001; on the list List of known Amazon AWS IP address ranges (3.0.0.0/15)`
    private func comment(_ tally: Tally) -> String {
        let techniques = facts.techniques.noisiest.map(\.key).joined(separator: ", ")
        let lists = facts.lists.map(\.description)
        let known = ([alertCount(tally.count), ruleList(facts.rules, naming: .max), techniques] + lists)
            .filter { !$0.isEmpty }
        return MISPText.line(known.joined(separator: "; "), bytes: settings.limits.commentBytes)
    }

    private func indicators(_ ledger: inout ItemLedger) -> [Attribute] {
        facts.indicators.attributes(limit: settings.limits.publicValues, &ledger) { item, indicator, tally in
            Attribute(
                item, indicator.type, indicator.value, seen: tally, comment: alertCount(tally.count),
                toIDs: indicator.side == .attacker && facts.isDetectable(tally), correlates: indicator.side != .ours,
                distribution: .inherit)
        }
    }
}

extension Evidence.AttackerAddress {
    fileprivate var type: AttributeType { role == .source ? .ipSource : .ipDestination }
}

extension Tallies<Indicator> {
    /// The indicators of each type as attributes, the noisiest up to the limit.
    func attributes(
        limit: Int, _ ledger: inout ItemLedger,
        make: (Composition.Item, Indicator, Tally) -> Attribute
    ) -> [Attribute] {
        let types = Set(values.keys.map(\.type)).sorted { $0.rawValue < $1.rawValue }
        var attributes: [Attribute] = []
        for type in types {
            var ofType = Tallies(limit: .max)
            for (indicator, tally) in values where indicator.type == type { ofType.add(indicator, tally) }
            let chosen = ofType.chosen(limit: limit) { indicator in
                ledger.isKnown(.attribute(type: type.rawValue, value: indicator.value))
            }
            for (indicator, tally) in chosen {
                let name = ItemName.attribute(type: type.rawValue, value: indicator.value)
                if let item = ledger.enter(name) { attributes.append(make(item, indicator, tally)) }
            }
        }
        return attributes
    }
}
