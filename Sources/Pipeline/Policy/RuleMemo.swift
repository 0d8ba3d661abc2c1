import Wazuh

/// What the policy makes of a Wazuh rule, remembered: alerts of one rule come by the thousand, and differ in what
/// the rule itself says only when the rule is changed.
struct RuleMemo {
    /// What is the same for all alerts of a rule.
    struct Outcome {
        /// The policy rules that match as far as Wazuh's rule goes, by their index.
        let candidates: [Int]
        /// Whether the rule tells of a login that succeeded.
        let isLogin: Bool
    }

    private struct Entry {
        let id: [UInt8]
        let groups: [UInt8]
        let level: Int
        let format: Alert.Format
        let outcome: Outcome
    }

    private var entries: [Int: Entry] = [:]
    private let limit: Int

    init(limit: Int = 4096) {
        self.limit = limit
    }

    /// The outcome for the alert's rule, as found before or by `find`.
    mutating func outcome(for alert: Alert, _ find: (Alert) -> Outcome) -> Outcome {
        alert.withRuleBytes { id, groups in
            var hasher = Hasher()
            hasher.combine(alert.level)
            unsafe id.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
            unsafe groups.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
            let key = hasher.finalize()
            if let entry = entries[key], entry.level == alert.level, entry.format == alert.format,
                entry.id.span.isEqual(to: id), entry.groups.span.isEqual(to: groups)
            {
                return entry.outcome
            }
            let outcome = find(alert)
            if entries.count >= limit { entries.removeAll(keepingCapacity: true) }
            entries[key] = Entry(
                id: Array(copying: id), groups: Array(copying: groups), level: alert.level, format: alert.format,
                outcome: outcome)
            return outcome
        }
    }
}

extension Span<UInt8> {
    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}

extension [UInt8] {
    fileprivate init(copying span: Span<UInt8>) {
        self = unsafe span.withUnsafeBytes { unsafe Array($0) }
    }
}
