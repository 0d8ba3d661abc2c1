import FoundationEssentials
import IPAddresses
import Pipeline
import Timestamps

/// An event while it is composed.
struct Draft {
    /// With all its tags.
    var event: MISPEvent

    /// Those tags that no earlier composition had.
    let newTags: [Tag]

    /// When the event changed, later than ever before in whole seconds.
    let changed: Timestamp

    private let window: Range<Timestamp>
    private let items: [Composition.Item]
    private let isUpdate: Bool
    private let isToBePublished: Bool

    /// Whom an event is composed for.
    enum Audience {
        /// The public parts alone.
        case everybody
        /// The public parts, and the internal ones at distribution 0.
        case organisation
    }

    init(
        _ history: History?, _ batch: Batch, flows: [FlowFindings], now: Timestamp, organisation: Organisation,
        settings: EventSettings, audience: Audience
    ) throws(CompositionError) {
        let facts = Facts(history, batch, flows: flows, settings: settings)
        try Self.check(facts.everybody)
        window = history?.window ?? settings.window(of: batch.opened)
        let namespace = EventName.namespace(of: organisation, installation: settings.installationName)
        let uuid =
            history?.event ?? EventName.event(of: batch.source, windowStart: window.lowerBound, in: namespace)
        var ledger = ItemLedger(event: uuid, now: now, history: history)

        let everybody = PublicParts(facts: facts.everybody, settings: settings)
        let tags = everybody.tags
        newTags = tags.filter { !ledger.isKnown(.tag($0.name)) }
        for tag in tags { _ = ledger.enter(.tag(tag.name)) }
        var parts = everybody.compose(window: window, &ledger)
        if audience == .organisation {
            let ours = InternalParts(facts: facts.ourselves, settings: settings).compose(&ledger)
            everybody.addSightings(to: &parts.attributes, &ledger)
            parts.attributes += ours.attributes
            parts.objects += ours.objects
            parts.reports += ours.reports
        }

        event = MISPEvent(
            uuid: WireUUID(uuid), info: InfoLine(facts: facts.everybody).text(bytes: settings.limits.infoBytes),
            date: facts.everybody.alerts.first.date,
            threatLevel: MISPEvent.ThreatLevel(level: facts.everybody.highestLevel), analysis: .initial,
            distribution: batch.source.isTest ? .organisation : settings.distribution,
            sharingGroup: batch.source.isTest ? nil : settings.sharingGroup.map(String.init), tags: tags,
            attributes: parts.attributes, objects: parts.objects, reports: parts.reports)
        if history?.withdrawal?.isRevocation ?? false { event = event.restored() }
        items = ledger.items
        changed = ledger.changed
        isUpdate = history != nil
        // At distribution 0 too: what an organisation exports to its own detection systems are published events.
        isToBePublished = audience == .organisation && settings.publishing == .afterQuiet && !batch.source.isTest
    }

    func composition(of event: MISPEvent) throws -> Composition {
        Composition(
            event: event.uuid.uuid, window: window, body: try EventDocument(event).encoded(), items: items,
            isUpdate: isUpdate, isToBePublished: isToBePublished)
    }

    private static func check(_ facts: PublicFacts) throws(CompositionError) {
        guard !facts.attackers.isEmpty else { throw .noAttacker(source: facts.source) }
        for attacker in facts.attackers.values.keys where !facts.source.block.contains(attacker.address) {
            throw .foreignAttacker(attacker.address, source: facts.source)
        }
    }
}

extension MISPEvent.ThreatLevel {
    /// By the bands of Wazuh's dashboard: 12 and more is high, 7 and more medium.
    init(level: Int) {
        switch level {
        case 12...: self = .high
        case 7...: self = .medium
        case 1...: self = .low
        default: self = .undefined
        }
    }
}
