import JSON

/// The tape of a body, and what the fields of one object in it are.
///
/// The bytes are the caller's, who hands the same ones to every call until the next body is read.
struct FieldReader: Sendable {
    var tape: JSONTape

    private let tree: FieldTree
    private let places: [Int]
    private var found: FieldTree.Found

    init(limits: JSONLimits) {
        tape = JSONTape(limits: limits)
        (tree, places) = Field.tree
        found = tree.nothingFound
    }

    /// Looks for all fields in the object at `index`; what was found before is forgotten.
    mutating func walk(_ index: Int, _ bytes: Span<UInt8>) {
        tree.walk(index, tape, bytes, &found)
    }

    /// Where on the tape the field's value is; nil where the object has none.
    subscript(field: Field) -> Int? {
        let index = found[places[field.rawValue]]
        return index == 0 ? nil : Int(index)
    }

    /// The value of a field if it is of this kind.
    func node(_ field: Field, _ kind: JSONKind) -> JSONNode? {
        guard let index = self[field] else { return nil }
        let node = tape[index]
        return node.kind == kind ? node : nil
    }

    /// The value of a field that is a string or a number, and says something.
    func scalar(_ field: Field) -> JSONNode? {
        guard let index = self[field] else { return nil }
        let node = tape[index]
        return (node.kind == .string || node.kind == .number) && !node.content.isEmpty ? node : nil
    }

    /// Calls `visit` with each string that a field holds, alone or in an array, until it gives false.
    func forEachString(_ index: Int, _ visit: (JSONNode) -> Bool) {
        let node = tape[index]
        switch node.kind {
        case .string:
            _ = visit(node)
        case .array:
            var element = index + 1
            while element < node.next {
                let value = tape[element]
                if value.kind == .string, !visit(value) { return }
                element = Int(value.next)
            }
        default:
            return
        }
    }
}
