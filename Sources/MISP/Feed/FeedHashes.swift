import Crypto
import FoundationEssentials

/// A feed's `hashes.csv`: for each value its MD5 and the event it stands in, so that a MISP that caches the feed can
/// look values up without having the events.
struct FeedHashes: Sendable, Equatable {
    private(set) var byEvent: [UUID: [String]] = [:]

    init() {}

    /// Reads what ``encoded`` wrote; nil for anything else.
    init?(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let parts = String(decoding: line, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].utf8.count == 32, parts[0].allSatisfy(\.isHexDigit),
                let event = UUID(uuidString: String(parts[1]))
            else { return nil }
            byEvent[event, default: []].append(String(parts[0]))
        }
    }

    /// Replaces what is listed of the event.
    mutating func set(_ event: MISPEvent) {
        let attributes = (event.attributes + event.objects.flatMap(\.attributes)).filter { $0.deleted != true }
        byEvent[event.uuid.uuid] = Set(attributes.flatMap { Self.parts(of: $0).map(Self.md5) }).sorted()
    }

    mutating func remove(_ event: UUID) {
        byEvent[event] = nil
    }

    /// `md5(value),event uuid` a line.
    var encoded: [UInt8] {
        var text = ""
        for (event, hashes) in byEvent.sorted(by: { $0.key.lowercase < $1.key.lowercase }) {
            for hash in hashes { text += "\(hash),\(event.lowercase)\n" }
        }
        return Array(text.utf8)
    }

    /// A composite value (`ip-src|port`) is listed by its parts.
    private static func parts(of attribute: Attribute) -> [String] {
        attribute.type.rawValue.contains("|")
            ? attribute.value.split(separator: "|").map(String.init) : [attribute.value]
    }

    private static func md5(_ value: String) -> String {
        Insecure.MD5.hash(data: Array(value.utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}
