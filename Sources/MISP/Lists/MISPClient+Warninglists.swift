package import Pipeline

extension MISPClient {
    /// `POST /warninglists/checkValue`: which of the server's enabled warninglists name these values. What is on none is
    /// absent.
    package func warninglists(naming values: [String]) async throws(MISPError) -> [String: [ListMatch]] {
        try await post("/warninglists/checkValue", values, as: ListedValues.self).matches
    }
}

/// The answer to it: an object by value, or an empty list, which is how PHP writes an empty object.
private struct ListedValues: Decodable {
    let matches: [String: [ListMatch]]

    private struct Entry: Decodable {
        let name: String
        let matched: String?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let none = try? container.decode([Entry].self) {
            guard none.isEmpty else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected an object")
            }
            matches = [:]
            return
        }
        matches = try container.decode([String: [Entry]].self).reduce(into: [:]) { matches, value in
            matches[value.key] = value.value.map { ListMatch(list: $0.name, matched: $0.matched ?? value.key) }
        }
    }
}
