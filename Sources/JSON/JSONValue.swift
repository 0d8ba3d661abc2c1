/// A value inside a ``JSONDocument``.
package struct JSONValue: Sendable {
    let document: JSONDocument
    let index: Int

    private var node: JSONNode { document.tape[index] }

    package var kind: JSONKind { node.kind }

    /// Where the value stands in the document's bytes, quotes and brackets included.
    package var range: Range<Int> { node.range }

    package var isNull: Bool { kind == .null }

    /// The text of a string; nil for anything else.
    package var string: String? { kind == .string ? text : nil }

    package var bool: Bool? {
        switch kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// The value of a number without a fraction that fits, however it is written: `12`, `12.0`, `1.2e1`.
    package var int: Int? {
        guard kind == .number, let text else { return nil }
        return Int(text) ?? Double(text).flatMap(Int.init(exactly:))
    }

    /// The value of a number; nil where it is too large for a Double.
    package var double: Double? {
        guard kind == .number, let text, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// What a string says, or a number, `true`, `false` or `null` as it is written; nil for containers.
    package var text: String? {
        switch kind {
        case .object, .array: nil
        default: document.text(at: index)
        }
    }

    /// The members of an object in order, double keys included; empty for anything else.
    package var members: [(key: String, value: JSONValue)] {
        var members: [(key: String, value: JSONValue)] = []
        forEachMember { key, value in
            members.append((document.text(at: key), JSONValue(document: document, index: value)))
        }
        return members
    }

    /// The elements of an array; empty for anything else.
    package var elements: [JSONValue] {
        guard kind == .array else { return [] }
        var elements: [JSONValue] = []
        var element = index + 1
        while element < node.next {
            elements.append(JSONValue(document: document, index: element))
            element = Int(document.tape[element].next)
        }
        return elements
    }

    /// Goes through the members of an object by the places of key and value.
    func forEachMember(_ visit: (_ key: Int, _ value: Int) -> Void) {
        guard kind == .object else { return }
        let end = Int(node.next)
        var key = index + 1
        while key < end {
            visit(key, key + 1)
            key = Int(document.tape[key + 1].next)
        }
    }
}

extension JSONDocument {
    /// What the scalar or key at this place says.
    func text(at index: Int) -> String {
        JSONText.string(bytes.span.extracting(tape[index].content))
    }

    /// Whether the key at this place is `name`, compared byte by byte.
    func isKey(at index: Int, _ name: Substring) -> Bool {
        let node = tape[index]
        if node.hasEscapes { return text(at: index).utf8.elementsEqual(name.utf8) }
        return node.content.count == name.utf8.count && bytes[node.content].elementsEqual(name.utf8)
    }
}
