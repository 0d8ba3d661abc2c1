/// Reads a request's head (RFC 9112 sections 2 to 5), strictly, from bytes that begin with it.
///
/// It may be called again with the same bytes and more: what it says depends on the bytes alone, never on how they
/// were cut into reads.
struct HeadParser {
    enum Outcome: Equatable {
        /// More bytes are needed.
        case incomplete
        /// The head ends before this index.
        case complete(end: Int)
        case refused(Rejection)
    }

    private enum Part {
        case emptyLines, method, requestLine, fields
    }

    /// A line's end, looked for.
    enum Line {
        case unfinished
        /// The index of its LF; a CR stands before it.
        case end(Int)
        case refused(Rejection)
    }

    let headBytes: Int
    let targetBytes: Int
    let fieldBytes: Int
    let fields: Int
    private var part = Part.emptyLines
    /// Where the line being read begins.
    private var start = 0
    /// Up to where it was looked at.
    private var seen = 0
    private var methodEnd = 0

    init(_ limits: Limits) {
        headBytes = limits.headBytes
        targetBytes = limits.targetBytes
        fieldBytes = limits.fieldBytes
        fields = limits.fields
    }

    /// Whether a request line has begun; empty lines before it are none.
    var hasBegun: Bool { part != .emptyLines }

    /// Whether nothing but complete empty lines was looked at.
    var isIdle: Bool { !hasBegun && seen <= start }

    mutating func reset() {
        part = .emptyLines
        start = 0
        seen = 0
    }

    /// Goes on where the last call stopped. `bytes` begin with the head; `index` is filled as lines are complete.
    mutating func parse(_ bytes: Span<UInt8>, into index: inout HeadIndex) -> Outcome {
        if part == .emptyLines, let outcome = skipEmptyLines(bytes) { return outcome }
        if part == .method, let outcome = readMethod(bytes, into: &index) { return outcome }
        if part == .requestLine {
            let longest = methodEnd - start + 1 + targetBytes + " HTTP/1.1".utf8.count
            switch lineEnd(bytes, longest: longest, tooLong: .targetTooLong) {
            case .unfinished: return .incomplete
            case .refused(let rejection): return .refused(rejection)
            case .end(let end):
                if let rejection = readRequestLine(bytes, end - 1, into: &index) { return .refused(rejection) }
                part = .fields
                start = end + 1
            }
        }
        while true {
            switch lineEnd(bytes, longest: fieldBytes, tooLong: .fieldTooLarge) {
            case .unfinished: return .incomplete
            case .refused(let rejection): return .refused(rejection)
            case .end(let end) where end - 1 == start:
                return finish(index).map(Outcome.refused) ?? .complete(end: end + 1)
            case .end(let end):
                guard index.fields.count < fields else { return .refused(.tooManyFields) }
                if let rejection = index.readField(bytes, start..<end - 1) { return .refused(rejection) }
                start = end + 1
            }
        }
    }

    /// Empty lines before a request are ignored (RFC 9112 section 2.2).
    private mutating func skipEmptyLines(_ bytes: Span<UInt8>) -> Outcome? {
        while true {
            guard start + 1 < headBytes else { return .refused(.headTooLarge) }
            guard start < bytes.count else { return .incomplete }
            seen = start + 1
            if bytes[start] == .lineFeed { return .refused(.bareLineFeed) }
            guard bytes[start] == .carriageReturn else { break }
            guard start + 1 < bytes.count else { return .incomplete }
            guard bytes[start + 1] == .lineFeed else { return .refused(.requestLine) }
            start += 2
        }
        part = .method
        seen = start
        return nil
    }

    /// The method is looked at byte by byte as it comes, so that what is no HTTP is refused at once.
    private mutating func readMethod(_ bytes: Span<UInt8>, into index: inout HeadIndex) -> Outcome? {
        // What lies beyond the limit may be there already, or come later: it must make no difference.
        while seen < min(bytes.count, headBytes) {
            if bytes[seen] == .space, seen > start {
                methodEnd = seen
                index.method = Method(bytes, start..<seen)
                part = .requestLine
                return nil
            }
            guard ByteSet.token.contains(bytes[seen]), seen - start < Method.longestName else {
                return .refused(.requestLine)
            }
            seen += 1
        }
        return seen < headBytes ? .incomplete : .refused(.headTooLarge)
    }

    /// Finds the line's end, no further than the limits allow. A line of exactly `longest` bytes passes.
    private mutating func lineEnd(_ bytes: Span<UInt8>, longest: Int, tooLong: Rejection) -> Line {
        let window = min(start + longest + 2, headBytes)
        let end = min(bytes.count, window)
        if seen < end, let found = bytes.firstIndex(of: .lineFeed, in: seen..<end) {
            seen = found + 1
            guard found > start, bytes[found - 1] == .carriageReturn else { return .refused(.bareLineFeed) }
            return .end(found)
        }
        seen = max(seen, end)
        guard bytes.count >= window else { return .unfinished }
        return .refused(window == headBytes ? .headTooLarge : tooLong)
    }

    private func readRequestLine(_ bytes: Span<UInt8>, _ end: Int, into index: inout HeadIndex) -> Rejection? {
        let versionStart = end - "HTTP/1.1".utf8.count
        let target = methodEnd + 1..<max(methodEnd + 1, versionStart - 1)
        guard !target.isEmpty, bytes[versionStart - 1] == .space,
            bytes.equals(versionStart..<versionStart + 5, "HTTP/"), bytes[versionStart + 6] == UInt8(ascii: "."),
            bytes[versionStart + 5].isDigit, bytes[versionStart + 7].isDigit
        else { return .requestLine }
        // A higher minor version is spoken as the highest that is known (RFC 9110 section 2.5).
        guard bytes[versionStart + 5] == UInt8(ascii: "1") else { return .unsupportedVersion }
        index.minorVersion = bytes[versionStart + 7] == UInt8(ascii: "0") ? 0 : 1
        guard target.count <= targetBytes else { return .targetTooLong }
        return index.readTarget(bytes, target)
    }

    /// What can be told only once the whole head is there.
    private func finish(_ index: HeadIndex) -> Rejection? {
        // RFC 9112 section 3.2.
        if index.minorVersion > 0, !index.hasHost { return .missingHost }
        if !index.codings.isEmpty {
            // RFC 9112 section 6.1: either may be an attempt at smuggling a request.
            if index.contentLength != nil { return .conflictingLengths }
            if index.minorVersion == 0 { return .transferEncoding }
            if let rejection = index.codings.rejection { return rejection }
        }
        // A tunnel is nothing that this server offers.
        guard let method = index.method, method != .connect else { return .unknownMethod }
        if index.expectation == .unknown, index.minorVersion > 0 { return .unknownExpectation }
        return nil
    }
}
