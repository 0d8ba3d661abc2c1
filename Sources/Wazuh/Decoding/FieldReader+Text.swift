import JSON

extension FieldReader {
    /// Hands over the bytes of a string or number, escapes resolved.
    @inline(__always)
    func withText<Result>(_ node: JSONNode, _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result {
        guard node.hasEscapes else { return body(bytes.extracting(node.content)) }
        var text: [UInt8] = []
        JSONText.append(bytes.extracting(node.content), to: &text)
        return body(text.span)
    }

    /// Whether a string or number says just this.
    func isText(_ node: JSONNode, _ text: String, _ bytes: Span<UInt8>) -> Bool {
        withText(node, bytes) { contents in
            contents.count == text.utf8.count && zip(contents.indices, text.utf8).allSatisfy { contents[$0] == $1 }
        }
    }

    /// Whether the field says just this, or is an array of which one element does.
    func isText(_ field: Field, _ text: String, _ bytes: Span<UInt8>) -> Bool {
        guard let index = self[field] else { return false }
        var isThere = false
        forEachString(index) { node in
            isThere = isText(node, text, bytes)
            return !isThere
        }
        return isThere
    }

    /// The last member of this name of the object at `index`.
    func member(_ name: String, of index: Int, _ bytes: Span<UInt8>) -> Int? {
        guard tape[index].kind == .object else { return nil }
        var found: Int?
        var key = index + 1
        while key < tape[index].next {
            if isText(tape[key], name, bytes) { found = key + 1 }
            key = Int(tape[key + 1].next)
        }
        return found
    }
}
