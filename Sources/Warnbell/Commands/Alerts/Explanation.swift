import Pipeline
import Timestamps
import Wazuh

/// What would happen to alerts, gathered by outcome, reason and source.
struct Explanation {
    /// One line of the table.
    struct Group: Hashable {
        let action: String
        /// Nil where the alerts accuse nobody.
        let source: String?
        let reason: String
    }

    /// What is counted in a line.
    struct Count {
        var alerts = 0
        var highestLevel = 0
        var rules: Set<String> = []
    }

    /// The outcomes in the order in which they are shown.
    private static let order = ["share", "hold", "investigate", "context", "ignore"]

    /// How many reasons of rejected entries are kept.
    private static let reasonLimit = 10

    private var decider: Decider
    private var decoder = AlertDecoder(limits: AlertFile.limits)
    private var identities: Set<AlertIdentity> = []

    private(set) var groups: [Group: Count] = [:]
    private(set) var alerts = 0
    private(set) var duplicates = 0

    /// Entries that are no alerts, and why the first of them are not.
    private(set) var rejected = 0
    private(set) var reasons: [String] = []

    init(policy: Policy) {
        decider = Decider(policy: policy)
    }

    /// Decides on every alert in `piece`; tells each with its decision.
    mutating func add(_ piece: AlertFile.Piece, each: (Alert, Decision) -> Void) {
        let decoded: DecodedBody
        do {
            decoded = try decoder.decode(piece.bytes.span)
        } catch {
            reject(piece.fault(error))
            return
        }
        for entry in decoded.rejected { reject(piece.fault(entry)) }
        for alert in decoded.alerts {
            guard identities.insert(alert.identity).inserted else {
                duplicates += 1
                continue
            }
            let (decision, _) = decider.decide(alert, received: alert.timestamp ?? .now())
            count(alert, decision)
            each(alert, decision)
        }
    }

    private mutating func count(_ alert: Alert, _ decision: Decision) {
        alerts += 1
        let source = decision.attacker.map { "\(SourceKey($0.address))" }
        let group = Group(action: decision.action.name, source: source, reason: "\(decision.reason)")
        var count = groups[group] ?? Count()
        count.alerts += 1
        count.highestLevel = max(count.highestLevel, alert.level)
        count.rules.insert(alert.ruleID)
        groups[group] = count
    }

    private mutating func reject(_ reason: String) {
        rejected += 1
        if reasons.count < Self.reasonLimit { reasons.append(reason) }
    }

    /// The lines of the table: by outcome, the noisiest of each first.
    var lines: [(group: Group, count: Count)] {
        groups.map { ($0.key, $0.value) }.sorted { left, right in
            let places = [left, right].map { Self.order.firstIndex(of: $0.0.action) ?? Self.order.count }
            if places[0] != places[1] { return places[0] < places[1] }
            if left.1.alerts != right.1.alerts { return left.1.alerts > right.1.alerts }
            return (left.0.source ?? "", left.0.reason) < (right.0.source ?? "", right.0.reason)
        }
    }

    /// Alerts and sources of each outcome that came up.
    var totals: [(action: String, alerts: Int, sources: Int)] {
        Self.order.compactMap { action in
            let lines = groups.filter { $0.key.action == action }
            guard !lines.isEmpty else { return nil }
            let sources = Set(lines.keys.compactMap(\.source))
            return (action, lines.values.reduce(0) { $0 + $1.alerts }, sources.count)
        }
    }
}
