/// A text in Markdown that belongs to an event.
package struct EventReport: Sendable, Equatable, Codable {
    package var uuid: WireUUID
    package var name: String
    package var content: String
    /// Nil in a feed.
    package var distribution: Distribution?
    package var timestamp: WireSeconds
    /// Whether it was taken back. Nil where it never was.
    package var deleted: Bool?
}
