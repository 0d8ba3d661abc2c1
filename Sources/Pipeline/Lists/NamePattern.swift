/// Which lists are meant, by their names: a part of the name in any case, where `*` stands for any text.
package struct NamePattern: Sendable, Equatable {
    private let parts: [String]

    package init(_ text: String) {
        parts = text.lowercased().split(separator: "*").map(String.init)
    }

    /// Whether the name has all parts of the pattern in their order.
    package func matches(_ name: String) -> Bool {
        var rest = Substring(name.lowercased())
        for part in parts {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }
}
