import Pipeline
import Wazuh

/// A request that everybody may know of, however many alerts tell of it.
struct WebRequest: Sendable {
    let method: String?
    /// The path on a server of ours, or the URL on the attacker's.
    let target: Indicator
    let role: Attacker.Role
    /// What the first who asked so called itself.
    var userAgent: String?
    var tally: Tally

    /// What makes two requests the same.
    struct Key: Hashable {
        let method: String?
        let target: Indicator
    }

    var key: Key { Key(method: method, target: target) }

    mutating func add(_ other: WebRequest) {
        if other.tally.first < tally.first, let agent = other.userAgent { userAgent = agent }
        if userAgent == nil { userAgent = other.userAgent }
        tally.add(other.tally)
    }
}
