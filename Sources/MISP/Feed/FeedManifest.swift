import FoundationEssentials

/// A feed's `manifest.json`: what MISP reads first, to see which events are new or changed.
struct FeedManifest: Sendable, Equatable {
    var entries: [UUID: Entry] = [:]

    /// What the manifest says of one event.
    struct Entry: Sendable, Equatable, Codable {
        let creator: MISPEvent.Creator
        let tags: [ManifestTag]
        let info: String
        let date: String
        let analysis: Int
        let threatLevel: Int
        /// MISP fetches an event again only if this has grown.
        let timestamp: Int64

        enum CodingKeys: String, CodingKey {
            case info, date, analysis, timestamp
            case creator = "Orgc"
            case tags = "Tag"
            case threatLevel = "threat_level_id"
        }
    }

    struct ManifestTag: Sendable, Equatable, Codable {
        let name: String
        let colour: String
        let local: Bool
        let relationship: String

        enum CodingKeys: String, CodingKey {
            case name, colour, local
            case relationship = "relationship_type"
        }
    }

    init() {}

    /// Reads the feed of `organisation`.
    ///
    /// - Throws: ``FeedError/foreign(file:organisation:)`` if one event is another organisation's,
    ///   ``FeedError/broken(file:reason:)`` if it is no manifest.
    init(_ bytes: [UInt8], of organisation: Organisation, file: String) throws(FeedError) {
        let data = Data(bytes)
        do {
            for owner in try JSONDecoder().decode([String: Owner].self, from: data).values {
                guard owner.organisation.uuid?.lowercased() == organisation.uuid.lowercase else {
                    throw FeedError.foreign(
                        file: file, organisation: owner.organisation.name ?? "an organisation without a name")
                }
            }
            for (key, entry) in try JSONDecoder().decode([String: Entry].self, from: data) {
                guard let uuid = UUID(uuidString: key) else {
                    throw FeedError.broken(file: file, reason: "\"\(key)\" is no UUID")
                }
                entries[uuid] = entry
            }
        } catch let error as FeedError {
            throw error
        } catch let error as DecodingError {
            throw .broken(file: file, reason: error.reason)
        } catch {
            throw .broken(file: file, reason: "\(error)")
        }
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let named = Dictionary(uniqueKeysWithValues: entries.map { ($0.key.lowercase, $0.value) })
        return Array(try encoder.encode(named))
    }

    /// Of a foreign entry only this is read: its numbers may be strings, and its tags other things.
    private struct Owner: Decodable {
        let organisation: Named

        struct Named: Decodable {
            let name: String?
            let uuid: String?
        }

        enum CodingKeys: String, CodingKey { case organisation = "Orgc" }
    }
}

extension FeedManifest.Entry {
    /// The entry of an event in a feed's form; nil if the event names no maker or no time.
    init?(_ event: MISPEvent) {
        guard let creator = event.creator, let timestamp = event.timestamp,
            let analysis = Int(event.analysis.rawValue), let threatLevel = Int(event.threatLevel.rawValue)
        else { return nil }
        self.init(
            creator: creator,
            tags: event.tags.map {
                FeedManifest.ManifestTag(name: $0.name, colour: $0.colour, local: false, relationship: "")
            },
            info: event.info, date: event.date, analysis: analysis, threatLevel: threatLevel,
            timestamp: timestamp.seconds)
    }
}

extension DecodingError {
    /// What was expected where, without the type names of the decoder.
    var reason: String {
        switch self {
        case .keyNotFound(let key, let context): "\(Self.path(context.codingPath)) lacks \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(Self.path(context.codingPath)): \(context.debugDescription)"
        @unknown default: "\(self)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty ? "the whole" : keys.map(\.stringValue).joined(separator: ".")
    }
}
