import JSON

/// The tape of a body, and what the fields of one object in it are.
///
/// The bytes are the caller's, who hands the same ones to every call until the next body is read.
struct FieldReader: Sendable {
    var tape: JSONTape

    private let tree = Field.tree

    /// What was found, by the field's number.
    private var matches: JSONMatches

    init(limits: JSONLimits) {
        tape = JSONTape(limits: limits)
        matches = tree.nothing
    }

    /// Looks for all fields in the object at `index`; what was found before is forgotten.
    mutating func walk(_ index: Int, _ bytes: Span<UInt8>) {
        tree.walk(index, of: tape, bytes, &matches)
    }

    /// Whether the object has the field.
    func has(_ field: Field) -> Bool { matches.all[field.rawValue].walk == matches.walk }

    /// The first of these fields that the object has and that `isWanted`.
    @inline(__always)
    func first(in fields: ClosedRange<Field>, where isWanted: (Field) -> Bool) -> Field? {
        for number in fields.lowerBound.rawValue...fields.upperBound.rawValue
        where matches.all[number].walk == matches.walk {
            if let field = Field(rawValue: number), isWanted(field) { return field }
        }
        return nil
    }

    /// Where on the tape the field's value is; nil where the object has none.
    subscript(field: Field) -> Int? { has(field) ? Int(matches.all[field.rawValue].index) : nil }

    /// The field's value; nil where the object has none.
    func node(_ field: Field) -> JSONNode? { has(field) ? matches.all[field.rawValue].node : nil }

    func isObject(_ field: Field) -> Bool {
        if case .object = node(field)?.kind { true } else { false }
    }

    func isArray(_ field: Field) -> Bool {
        if case .array = node(field)?.kind { true } else { false }
    }

    /// The value of a field that is a string.
    func string(_ field: Field) -> JSONNode? {
        guard let node = node(field), case .string = node.kind else { return nil }
        return node
    }

    /// The value of a field that is a string or a number, and says something.
    func scalar(_ field: Field) -> JSONNode? {
        guard let node = node(field), node.start < node.end else { return nil }
        return switch node.kind {
        case .string, .number: node
        default: nil
        }
    }

    /// Calls `visit` with each string that a field holds, alone or in an array, until it gives false.
    @inline(__always)
    func forEachString(_ index: Int, _ visit: (JSONNode) -> Bool) {
        let node = tape[index]
        switch node.kind {
        case .string:
            _ = visit(node)
        case .array:
            var element = index + 1
            while element < node.next {
                let value = tape[element]
                if case .string = value.kind, !visit(value) { return }
                element = Int(value.next)
            }
        default:
            return
        }
    }
}
