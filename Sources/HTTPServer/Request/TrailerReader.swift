/// Reads the trailer section of a chunked body (RFC 9112 section 7.1.2): checked, then dropped.
struct TrailerReader {
    /// Fields that must not come after the body: what frames, routes, or gives meaning to it (RFC 9110 section 6.5.1).
    private static let forbidden: [StaticString] = [
        "content-length", "transfer-encoding", "host", "trailer", "connection", "expect", "te", "upgrade",
        "authorization", "content-type", "content-encoding", "content-range", "cookie", "cache-control", "max-forwards",
    ]

    private let sectionBytes: Int
    private let fieldBytes: Int
    private let fields: Int
    private var total = 0
    private var count = 0
    private var line: [UInt8] = []

    init(_ limits: Limits) {
        sectionBytes = limits.headBytes
        fieldBytes = limits.fieldBytes
        fields = limits.fields
    }

    /// Takes one byte; the LF of the empty line is the end.
    mutating func take(_ byte: UInt8) -> ChunkPart {
        total += 1
        guard total <= sectionBytes else { return .refused(.headTooLarge) }
        if byte == .lineFeed { return endLine() }
        // The line and its CR.
        guard line.count <= fieldBytes else { return .refused(.fieldTooLarge) }
        line.append(byte)
        return .more
    }

    private mutating func endLine() -> ChunkPart {
        guard line.last == .carriageReturn else { return .refused(.bareLineFeed) }
        line.removeLast()
        if line.isEmpty { return .end }
        count += 1
        guard count <= fields else { return .refused(.tooManyFields) }
        let line = line
        let bytes = line.span
        guard case .success(let field) = FieldLine.read(bytes, 0..<bytes.count) else { return .refused(.trailer) }
        for name in Self.forbidden where bytes.equals(field.name, ignoringCase: name) { return .refused(.trailer) }
        self.line.removeAll(keepingCapacity: true)
        return .more
    }
}
