/// What a policy rule says must happen to the alerts it matches.
package enum PolicyAction: Hashable, Sendable {
    /// May open or extend an event; `mayDetect` becomes the attacker's `to_ids`.
    case share(mayDetect: Bool)

    /// Kept for a person, never sent by itself.
    case hold

    /// Joins an event that another alert opened, never opens one.
    case context

    /// Looked up in Netflow and told to Wazuh; nothing goes to MISP.
    case investigate

    /// Counted, nothing else.
    case ignore

    /// The action's name in policy files, tables and metrics.
    package var name: String {
        switch self {
        case .share: "share"
        case .hold: "hold"
        case .context: "context"
        case .investigate: "investigate"
        case .ignore: "ignore"
        }
    }
}
