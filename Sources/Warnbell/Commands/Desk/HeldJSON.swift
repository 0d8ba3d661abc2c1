import Pipeline
import Timestamps

/// What is held of a source, for a program.
struct HeldJSON: Encodable {
    let source: String
    let first: String
    let last: String
    let alerts: Int
    let highestLevel: Int
    let rules: [String]
    let reasons: [String: Int]

    /// All that is known, where it is asked for.
    let evidence: Evidence?

    init(_ held: Held, evidence: Evidence? = nil) {
        source = "\(held.source)"
        first = held.batch.opened.iso8601
        last = held.batch.closed.iso8601
        alerts = held.batch.evidence.alerts.count
        highestLevel = held.batch.evidence.highestLevel
        rules = Set(held.batch.evidence.rules.values.keys.map(\.id)).sorted()
        reasons = held.reasons
        self.evidence = evidence
    }
}
