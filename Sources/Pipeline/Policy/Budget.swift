import DequeModule
package import Timestamps

/// How many new attackers may be named within an hour: a brake on a policy, or a sensor, that went wrong.
///
/// A pure machine on given times. What came within the last 60 minutes counts, whenever that hour began.
package struct Budget: Sendable {
    /// How many there may be; 0 for any number.
    package struct Limits: Sendable {
        /// Over all.
        package var perHour = 100
        /// Because of alerts of one Wazuh rule.
        package var perRule = 20

        package init() {}
    }

    /// Which limit is reached.
    package enum Bound: Sendable, Hashable { case perHour, perRule }

    private struct Spent {
        var moment: Timestamp
        let rule: String
    }

    private static let hour = Duration.seconds(3600)

    /// Attackers that are remembered where their number has no limit, only that by rule.
    private static let most = 100_000
    /// Bytes of a rule's id: more is no name.
    private static let longestRule = 256

    private let limits: Limits
    private var spent: Deque<Spent> = []
    private var byRule: [String: Int] = [:]
    private var told: [Bound: Timestamp] = [:]

    package init(limits: Limits) {
        self.limits = limits
    }

    /// Counts a new attacker whom alerts of `rule` name; or tells what does not allow that, and counts nothing.
    package mutating func spend(for rule: String, at moment: Timestamp) -> Bound? {
        forget(at: moment)
        if limits.perHour > 0, spent.count >= limits.perHour { return .perHour }
        let rule = rule.cut(toBytes: Self.longestRule)
        if limits.perRule > 0, byRule[rule, default: 0] >= limits.perRule { return .perRule }
        note(rule, at: moment)
        return nil
    }

    /// Counts an attacker whom an earlier process named, in the order of their times.
    package mutating func recall(_ rule: String, at moment: Timestamp) {
        note(rule.cut(toBytes: Self.longestRule), at: moment)
    }

    /// How many more there may be at `moment`; nil where any number may.
    package mutating func left(at moment: Timestamp) -> Int? {
        guard limits.perHour > 0 else { return nil }
        forget(at: moment)
        return max(0, limits.perHour - spent.count)
    }

    /// Whether it is time to tell people that this limit is reached: once an hour.
    package mutating func isToBeTold(_ bound: Bound, at moment: Timestamp) -> Bool {
        if let last = told[bound], moment >= last, moment - last < Self.hour { return false }
        told[bound] = moment
        return true
    }

    private mutating func note(_ rule: String, at moment: Timestamp) {
        guard limits.perHour > 0 || limits.perRule > 0 else { return }
        spent.append(Spent(moment: moment, rule: rule))
        byRule[rule, default: 0] += 1
        if spent.count > max(Self.most, limits.perHour) { removeFirst() }
    }

    /// Lets go of what is more than an hour ago.
    private mutating func forget(at moment: Timestamp) {
        // The clock was set back: what lies ahead of it was just now.
        if let last = spent.last, last.moment > moment {
            for index in spent.indices { spent[index].moment = min(spent[index].moment, moment) }
        }
        while let first = spent.first, moment - first.moment >= Self.hour { removeFirst() }
    }

    private mutating func removeFirst() {
        let rule = spent.removeFirst().rule
        byRule[rule] = byRule[rule].flatMap { $0 > 1 ? $0 - 1 : nil }
    }
}
