import FoundationEssentials
import IPAddresses

/// A warninglist as far as it names addresses.
struct Warninglist: Sendable {
    let name: String
    let blocks: IPBlockSet

    /// How many entries it has that are addresses or blocks of them.
    var entries: Int { blocks.blocks.count }
}

extension Warninglist {
    /// Reads a file of the misp-warninglists collection; nil for a list of something else than addresses.
    ///
    /// - Parameter file: its name, for messages.
    static func read(_ bytes: [UInt8], file: String) throws(WarninglistFaults) -> Warninglist? {
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: Data(bytes))
        } catch {
            throw WarninglistFaults("\(file): \(Content.expectation), \(Self.reason(of: error))")
        }
        guard !content.name.isEmpty else {
            throw WarninglistFaults("\(file): \(Content.expectation), and its name is empty")
        }
        guard let kind = Kind(rawValue: content.type) else {
            throw WarninglistFaults(
                "\(file): expected one of \(Kind.allCases.map(\.rawValue).joined(separator: ", ")) as type, "
                    + "got \"\(content.type.prefix(40))\"")
        }
        guard let entries = content.entries else { return nil }
        let blocks = entries.map { IPBlock($0) }
        // A list of strings may hold anything; one of blocks may not.
        if kind == .cidr, let index = blocks.firstIndex(where: { $0 == nil }) {
            throw WarninglistFaults(
                "\(file): entry \(index + 1): expected an address or a block such as 192.0.2.0/24, "
                    + "got \"\(entries[index].prefix(80))\"")
        }
        let found = blocks.compactMap { $0 }
        guard kind == .cidr || !found.isEmpty else { return nil }
        return Warninglist(name: content.name, blocks: IPBlockSet(found))
    }

    private static func reason(of error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "and it has no \(key.stringValue)"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "and its \(context.codingPath.first?.stringValue ?? "content") is something else"
        default: "and it is no JSON"
        }
    }

    /// How a list's entries are compared with a value. Only two kinds can name an address.
    private enum Kind: String, CaseIterable {
        case cidr, string, substring, hostname, regex
    }

    private struct Content: Decodable {
        static let expectation = "expected a MISP warninglist, a JSON object with name, type and list"

        let name: String
        let type: String

        /// Nil where they can't be addresses: then they are not read, and there may be a million of them.
        let entries: [String]?

        private enum CodingKeys: String, CodingKey {
            case name, type, list
            case attributes = "matching_attributes"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decode(String.self, forKey: .name)
            type = try container.decodeIfPresent(String.self, forKey: .type) ?? Kind.string.rawValue
            // Without attributes it is for all of them.
            let attributes = try container.decodeIfPresent([String].self, forKey: .attributes) ?? []
            let isForAddresses = attributes.isEmpty || !Set(attributes).isDisjoint(with: ["ip-src", "ip-dst"])
            guard container.contains(.list) else {
                throw DecodingError.keyNotFound(
                    CodingKeys.list, DecodingError.Context(codingPath: [], debugDescription: ""))
            }
            entries =
                isForAddresses && [Kind.cidr.rawValue, Kind.string.rawValue].contains(type)
                ? try container.decode([String].self, forKey: .list) : nil
        }
    }
}

/// Everything that is wrong with a directory of warninglists. Where there is such a thing, nobody may be taken for unlisted.
package struct WarninglistFaults: Error, Sendable, Equatable, CustomStringConvertible {
    package let faults: [String]

    init(_ faults: String...) {
        self.faults = faults
    }

    init(_ faults: [String]) {
        self.faults = faults
    }

    package var description: String { faults.joined(separator: "\n") }
}
