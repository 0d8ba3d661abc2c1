/// That a list names an address: a warninglist of MISP's, wherever it lies.
package struct ListMatch: Hashable, Comparable, Sendable, Codable {
    /// The list's name: `List of known Cloudflare IP ranges`.
    package let list: String

    /// The list's entry that the address is or lies in.
    package let matched: String

    /// Texts are cut to what a person can read.
    package init(list: String, matched: String) {
        self.list = list.cut(toBytes: 256)
        self.matched = matched.cut(toBytes: 64)
    }

    package static func < (left: Self, right: Self) -> Bool { (left.list, left.matched) < (right.list, right.matched) }
}

extension ListMatch: CustomStringConvertible {
    /// `on the list List of known Cloudflare IP ranges (104.16.0.0/13)`
    package var description: String { "on the list \(list) (\(matched))" }
}
