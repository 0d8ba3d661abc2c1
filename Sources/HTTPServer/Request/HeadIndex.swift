/// What a request's head says and where in its bytes it says it; the bytes themselves are kept elsewhere.
struct HeadIndex: Equatable {
    /// A header field's name and value, from the head's first byte.
    struct Field: Equatable {
        let nameStart: UInt32
        let nameCount: UInt32
        let valueStart: UInt32
        let valueCount: UInt32

        init(name: Range<Int>, value: Range<Int>) {
            nameStart = UInt32(truncatingIfNeeded: name.lowerBound)
            nameCount = UInt32(truncatingIfNeeded: name.count)
            valueStart = UInt32(truncatingIfNeeded: value.lowerBound)
            valueCount = UInt32(truncatingIfNeeded: value.count)
        }

        var name: Range<Int> { Int(nameStart)..<Int(nameStart + nameCount) }
        var value: Range<Int> { Int(valueStart)..<Int(valueStart + valueCount) }
    }

    enum Expectation: Equatable {
        case none, proceed, unknown
    }

    /// Nil for a method that is not implemented, and until it is read.
    var method: Method?
    var target = 0..<0
    /// The target's path; a `/` where an absolute target has none.
    var path = 0..<0
    /// What follows the target's question mark.
    var query: Range<Int>?
    /// 0 for HTTP/1.0, 1 for HTTP/1.1 and what may follow it.
    var minorVersion: UInt8 = 1
    var fields: [Field] = []
    var hasHost = false
    var contentLength: Int?
    var codings = TransferCodings()
    var saysClose = false
    var saysKeepAlive = false
    var expectation = Expectation.none

    /// How the end of the body is found.
    var framing: Framing {
        if !codings.isEmpty { return .chunked }
        return contentLength.map { $0 == 0 ? .none : .length($0) } ?? .none
    }

    /// Whether the peer wants the connection to last (RFC 9112 section 9.3).
    var keepsAlive: Bool {
        minorVersion == 0 ? saysKeepAlive && !saysClose : !saysClose
    }

    /// Whether `100 Continue` is waited for; HTTP/1.0 has none (RFC 9110 section 10.1.1).
    var expectsContinue: Bool { expectation == .proceed && minorVersion > 0 && framing != .none }

    /// Forgets the request; the list of fields keeps its memory.
    mutating func reset() {
        fields.removeAll(keepingCapacity: true)
        method = nil
        query = nil
        hasHost = false
        contentLength = nil
        codings = TransferCodings()
        saysClose = false
        saysKeepAlive = false
        expectation = .none
    }
}

/// How the end of a body is found (RFC 9112 section 6.3).
enum Framing: Equatable {
    case none
    case length(Int)
    case chunked
}

/// The transfer codings of a request, over all its Transfer-Encoding fields.
struct TransferCodings: Equatable {
    private(set) var isEmpty = true
    /// Whether what was named so far can't be the codings of a request: an empty element, a parameter or a
    /// character that no token has, or anything after `chunked`.
    private var isMalformed = false
    private var endsWithChunked = false
    private var hasOther = false

    /// Takes one field's value in.
    mutating func add(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        isEmpty = false
        var start = value.lowerBound
        while true {
            let comma = bytes.firstIndex(of: UInt8(ascii: ","), in: start..<value.upperBound)
            add(element: bytes.trimmed(start..<(comma ?? value.upperBound)), of: bytes)
            guard let comma else { return }
            start = comma + 1
        }
    }

    private mutating func add(element: Range<Int>, of bytes: Span<UInt8>) {
        if endsWithChunked || element.isEmpty { isMalformed = true }
        for index in element where !ByteSet.token.contains(bytes[index]) { isMalformed = true }
        endsWithChunked = bytes.equals(element, ignoringCase: "chunked")
        if !endsWithChunked { hasOther = true }
    }

    /// What is wrong with them (RFC 9112 section 6.1).
    var rejection: Rejection? {
        if isEmpty { return nil }
        if isMalformed || !endsWithChunked { return .transferEncoding }
        return hasOther ? .unknownCoding : nil
    }
}
