/// How values of one type are written, which of them are taken, and how they are shown.
struct ValueKind<Value: Sendable>: Sendable {
    let expected: Expectation

    /// Whether the value is a list; in an environment variable its elements are separated by commas.
    let isList: Bool

    let read: @Sendable (RawValue) throws(InvalidValue) -> Value
    let show: @Sendable (Value) -> ShownValue
}

extension ValueKind {
    /// A value that is one text; `parse` gives nil for what is not as expected.
    init(
        _ expected: Expectation, parse: @escaping @Sendable (String) -> Value?,
        show: @escaping @Sendable (Value) -> ShownValue
    ) {
        self.init(expected, show: show) { text throws(InvalidValue) in
            guard let value = parse(text) else { throw InvalidValue("expected \(expected), got \(quoted(text))") }
            return value
        }
    }

    /// A value that is one text, with faults of its own.
    init(
        _ expected: Expectation, show: @escaping @Sendable (Value) -> ShownValue,
        read: @escaping @Sendable (String) throws(InvalidValue) -> Value
    ) {
        self.expected = expected
        self.show = show
        isList = false
        self.read = { raw throws(InvalidValue) in
            guard case .text(let text) = raw else { throw InvalidValue("expected \(expected), got a list") }
            return try read(text)
        }
    }

    /// The same, where the value may be left out.
    var optional: ValueKind<Value?> {
        let (read, show) = (read, show)
        return ValueKind<Value?>(
            expected: expected, isList: isList,
            read: { raw throws(InvalidValue) in try read(raw) },
            show: { value in value.map(show) ?? .none })
    }
}

extension ValueKind {
    /// A list of such values. `plural` names them: `tags`.
    func list(of plural: String) -> ValueKind<[Value]> {
        let (read, show) = (read, show)
        return ValueKind<[Value]>(
            expected: "a list of \(plural)", isList: true,
            read: { raw throws(InvalidValue) in
                try Self.readEach(raw.elements, read)
            },
            show: { values in
                .list(
                    values.compactMap { value in
                        if case .text(let text) = show(value).raw { text } else { nil }
                    })
            })
    }

    /// Reads every element, so that all faults are told at once.
    static func readEach<Element>(
        _ elements: [String], _ read: (RawValue) throws(InvalidValue) -> Element
    ) throws(InvalidValue) -> [Element] {
        var values: [Element] = []
        var faults: [String] = []
        for (index, element) in elements.enumerated() {
            do {
                values.append(try read(.text(element)))
            } catch {
                faults += error.faults.map { "element \(index + 1): \($0)" }
            }
        }
        guard faults.isEmpty else { throw InvalidValue(faults) }
        return values
    }
}

extension RawValue {
    /// The elements of a list; one text is a list of one.
    var elements: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let elements): elements
        }
    }
}
