/// That an attribute was seen, sent inside the attribute: MISP takes one UUID once.
package struct Sighting: Sendable, Equatable, Codable {
    package var uuid: WireUUID
    package var date: WireSeconds
    /// `0` is a sighting; 1 would be a false positive, 2 an expiration.
    package var type = "0"
    package var source: String

    static let falsePositive = "1"

    enum CodingKeys: String, CodingKey {
        case uuid, type, source
        case date = "date_sighting"
    }
}
