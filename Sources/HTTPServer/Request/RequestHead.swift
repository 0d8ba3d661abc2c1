/// The head of a request, checked. Its parts are compared where they lie; text is made only when asked for.
package struct RequestHead: ~Copyable {
    var bytes: [UInt8] = []
    var index = HeadIndex()
    /// What the handler noted of the request when it asked for the body: see ``HeadDecision/read(bodyLimit:note:)``.
    package internal(set) var note: UInt32 = 0

    package var method: Method { index.method ?? .get }

    /// The path of the target as it was sent, percent-encoding included; `*` for `OPTIONS *`.
    package var path: String { text(index.path) }

    /// The query of the target as it was sent; nil without a question mark.
    package var query: String? { index.query.map { text($0) } }

    /// Whether the path is exactly `path`.
    package borrowing func pathIs(_ path: StaticString) -> Bool {
        bytes.span.equals(index.path, path)
    }

    /// The value of the first field of this name, which is given in lower case; nil when there is none.
    package borrowing func field(_ name: StaticString) -> String? {
        first(name).map { text($0.value) }
    }

    /// How many fields have this name, which is given in lower case.
    package borrowing func count(of name: StaticString) -> Int {
        let bytes = bytes.span
        return index.fields.count { bytes.equals($0.name, ignoringCase: name) }
    }

    /// Runs `body` with the value of the first field of this name, which is given in lower case; nil when there is
    /// none.
    package borrowing func withField<Result, Failure: Error>(
        _ name: StaticString, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let field = first(name) else { return nil }
        return try body(bytes.span.extracting(field.value))
    }

    /// Runs `body` with the name and the value of each field, in their order.
    package borrowing func forEachField(_ body: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
        let bytes = bytes.span
        for field in index.fields { body(bytes.extracting(field.name), bytes.extracting(field.value)) }
    }

    private borrowing func first(_ name: StaticString) -> HeadIndex.Field? {
        let bytes = bytes.span
        for field in index.fields where bytes.equals(field.name, ignoringCase: name) { return field }
        return nil
    }

    private borrowing func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// Forgets the request; memory beyond the usual is given back.
    mutating func reset() {
        if bytes.capacity > 2048 { bytes = [] } else { bytes.removeAll(keepingCapacity: true) }
        index.reset()
    }
}
