import IPAddresses
import Pipeline
import Timestamps

/// Composes what only our own organisation sees: everything here has distribution 0, is no indicator and does not
/// correlate.
struct InternalParts {
    let facts: InternalFacts
    let settings: EventSettings

    func compose(_ ledger: inout ItemLedger) -> Parts {
        var parts = Parts()
        parts.attributes =
            targets(.targetMachine, facts.agents, { $0 }, "agent", &ledger)
            + targets(.targetMachine, facts.hosts, \.description, "address", &ledger)
            + targets(.targetUser, facts.users, { $0 }, "user", &ledger) + indicators(&ledger)
        parts.objects = NetflowObjects(facts: facts, limit: settings.limits.flowObjects).compose(&ledger)
        parts.reports = [
            EventReport(
                ledger.renew(.report("internal")), name: "\(facts.source): our own side",
                content: InternalReport(facts: facts, limits: settings.limits).markdown, distribution: .organisation)
        ]
        return parts
    }

    /// Our addresses go in as machines too, and not as `ip-dst`: there are exports that block every address of that
    /// type, indicator or not.
    private func targets<Value>(
        _ type: AttributeType, _ tallies: Tallies<Value>, _ text: (Value) -> String, _ what: String,
        _ ledger: inout ItemLedger
    ) -> [Attribute] {
        func value(_ target: Value) -> String { MISPText.line(text(target), bytes: settings.limits.valueBytes) }
        let chosen = tallies.chosen(limit: settings.limits.internalValues) { target in
            ledger.isKnown(.attribute(type: type.rawValue, value: value(target)))
        }
        return chosen.compactMap { target, tally in
            let value = value(target)
            guard !value.isEmpty, let item = ledger.enter(.attribute(type: type.rawValue, value: value)) else {
                return nil
            }
            return Attribute(
                item, type, value, seen: tally, comment: "\(what), \(alertCount(tally.count))",
                distribution: .organisation)
        }
    }

    private func indicators(_ ledger: inout ItemLedger) -> [Attribute] {
        facts.indicators.attributes(limit: settings.limits.internalValues, &ledger) { item, indicator, tally in
            Attribute(
                item, indicator.type, indicator.value, seen: tally, comment: alertCount(tally.count),
                distribution: .organisation)
        }
    }
}
