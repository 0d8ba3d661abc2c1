package import Timestamps
import Wazuh

/// What is not shared any more, or never was to be.
extension Pipeline {
    /// Names none of these addresses from now on, beside those of the configuration.
    package func setNever(_ list: NeverList) {
        decider.additions = list
    }

    /// Takes back what was shared of a source, and holds what comes of it.
    ///
    /// - Returns: what there was to take back; where that is nothing, nothing has changed.
    package func revoke(_ revocation: Revocation) async -> Revoked {
        let source = revocation.source
        let earlier = revoked[source]
        // The brake first: a batch that closes meanwhile must not go out.
        revoked[source] = revocation
        let met = await journal.revoke(revocation)
        guard !met.isEmpty else {
            revoked[source] = earlier
            return met
        }
        for kept in await journal.revocations(at: time.timestamp()) where kept.source == source {
            revoked[source] = kept
        }
        await lack(source, at: nil)
        return met
    }

    /// Sources that are retired at a time: each is a few requests to a sink that has other things to do.
    static let retiredAtOnce = 30

    /// Takes back what was not seen since a moment, a few sources at a time: an address has another owner by then. To be
    /// called once a minute.
    ///
    /// - Returns: how many events that is.
    package func retire(unseenSince moment: Timestamp) async -> Int {
        guard !settings.isObserving else { return 0 }
        let due = await journal.retire(unseenSince: moment, limit: Self.retiredAtOnce, now: time.timestamp())
        for (sink, source) in due { await lack(source, at: sink) }
        return due.count
    }

    /// The decision, or that the alert is held because a person took back what was shared of its attacker.
    func unlessRevoked(_ decision: Decision, _ entry: JournalEntry, policyRule: String?) -> Decision {
        guard case .share = decision.action, let attacker = decision.attacker,
            let revocation = revocation(of: SourceKey(attacker.address), at: entry.received)
        else { return decision }
        return Decision(action: .hold, attacker: attacker, reason: .revoked(rule: policyRule ?? "", revocation))
    }

    /// The revocation that holds for the source at `moment`; nil where none does.
    func revocation(of source: SourceKey, at moment: Timestamp) -> Revocation? {
        guard let revocation = revoked[source] else { return nil }
        if revocation.until > moment { return revocation }
        revoked[source] = nil
        return nil
    }

    /// Ends a batch that closed while its source is revoked, or on the list of those that are never named: it is held
    /// where a person may want to see it. False for any other batch.
    func setsAside(_ batch: Batch, members: [UInt64]) async -> Bool {
        let isNever = batch.evidence.attackers.values.keys.contains { decider.additions.entry(for: $0.address) != nil }
        let revocation = revocation(of: batch.source, at: batch.closed)
        guard isNever || revocation != nil else { return false }
        guard !isNever, let revocation, batch.mayOpen else {
            await journal.finish(members)
            return true
        }
        let held = Held(
            source: batch.source, batch: batch, reasons: ["\(revocation)": batch.evidence.alerts.count])
        await journal.hold([held], members: members)
        return true
    }
}
