import FoundationEssentials
import Timestamps
import Wazuh

/// Collects what is held of each source while alerts are decided.
struct Holding {
    private struct Source {
        var evidence: Evidence?
        var first: Timestamp
        var last: Timestamp
        var reasons: [String: Int] = [:]
    }

    private var sources: [SourceKey: Source] = [:]

    /// The alerts that were held, by their place in the journal.
    private(set) var members: [UInt64] = []

    /// Takes an alert in that the policy holds back.
    ///
    /// - Parameters:
    ///   - mayDetect: whether detection systems may act on what it says once it is released.
    ///   - policyRule: the policy rule that it matched.
    mutating func add(
        _ entry: JournalEntry, _ attacker: Attacker, reason: Decision.Reason, mayDetect: Bool, policyRule: String?,
        limits: Evidence.Limits
    ) {
        let key = SourceKey(attacker.address)
        var source = sources.removeValue(forKey: key) ?? Source(first: entry.received, last: entry.received)
        Evidence.count(entry, attacker, mayDetect: mayDetect, policyRule: policyRule, limits, into: &source.evidence)
        source.first = min(source.first, entry.received)
        source.last = max(source.last, entry.received)
        source.reasons["\(reason)", default: 0] += 1
        sources[key] = source
        members.append(entry.sequence)
    }

    /// What was collected, a source each.
    var held: [Held] {
        sources.compactMap { key, source in
            source.evidence.map { evidence in
                Held(
                    source: key,
                    batch: Batch(
                        id: UUID(), source: key, opened: source.first, closed: source.last, evidence: evidence),
                    reasons: source.reasons)
            }
        }
    }
}
