/// What a value is.
package enum JSONKind: UInt8, Sendable {
    case object, array, string, number, `true`, `false`, null
}

/// One value of a tape, or the key in front of one: what it is and where its bytes are.
///
/// Nodes stand in the order of the text. An object is followed by key, value, key, value and so on, an array by its
/// elements; ``next`` jumps over all of that.
package struct JSONNode: Sendable {
    /// Where the token begins; for a string the first byte after its quote.
    package let start: UInt32

    /// Where the token ends; for a string the closing quote, for a container the byte after its bracket.
    package internal(set) var end: UInt32

    /// The index of the first node that is no part of this value.
    ///
    /// While the reader is inside a container, this is the index of the container around it instead.
    package internal(set) var next: UInt32

    package let kind: JSONKind

    /// Whether a string has a backslash, so that its text is not simply its bytes.
    package let hasEscapes: Bool

    init(_ kind: JSONKind, start: Int, end: Int, next: Int, hasEscapes: Bool = false) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = UInt32(truncatingIfNeeded: next)
        self.kind = kind
        self.hasEscapes = hasEscapes
    }

    /// The bytes of the token; for a string what stands between its quotes, escapes and all.
    package var content: Range<Int> { Int(start)..<Int(end) }

    /// The bytes of the whole value, quotes included.
    package var range: Range<Int> { kind == .string ? Int(start) - 1..<Int(end) + 1 : content }
}
