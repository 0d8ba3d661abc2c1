/// Who may see an event, or a part of it.
package enum Distribution: String, Sendable, Codable, Hashable, CaseIterable {
    case organisation = "0"
    case community = "1"
    case connected = "2"
    case all = "3"
    case sharingGroup = "4"
    /// Of parts only: like the event.
    case inherit = "5"

    /// Reads what an operator writes: `0` to `4`, or `organisation`, `community`, `connected`, `all`, `sharing_group`.
    package init?(setting: String) {
        let words: [String: Distribution] = [
            "organisation": .organisation, "community": .community, "connected": .connected, "all": .all,
            "sharing_group": .sharingGroup,
        ]
        guard let found = words[setting] ?? Distribution(rawValue: setting), found != .inherit else { return nil }
        self = found
    }
}
