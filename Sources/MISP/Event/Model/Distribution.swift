/// Who may see an event, or a part of it.
package enum Distribution: String, Sendable, Codable, Hashable, CaseIterable {
    case organisation = "0"
    case community = "1"
    case connected = "2"
    case all = "3"
    case sharingGroup = "4"
    /// Of parts only: like the event.
    case inherit = "5"
}
