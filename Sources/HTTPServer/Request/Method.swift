/// The methods of RFC 9110 section 9, PATCH (RFC 5789) and QUERY; what is none of them is answered 501 by the server.
package enum Method: Sendable {
    case get, head, post, put, delete, connect, options, trace, patch, query

    /// The method with exactly this name: methods are case-sensitive.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let candidate: (Method, StaticString)
        switch range.count {
        case 3: candidate = bytes[range.lowerBound] == UInt8(ascii: "G") ? (.get, "GET") : (.put, "PUT")
        case 4: candidate = bytes[range.lowerBound] == UInt8(ascii: "P") ? (.post, "POST") : (.head, "HEAD")
        case 5:
            switch bytes[range.lowerBound] {
            case UInt8(ascii: "P"): candidate = (.patch, "PATCH")
            case UInt8(ascii: "Q"): candidate = (.query, "QUERY")
            default: candidate = (.trace, "TRACE")
            }
        case 6: candidate = (.delete, "DELETE")
        case 7: candidate = bytes[range.lowerBound] == UInt8(ascii: "C") ? (.connect, "CONNECT") : (.options, "OPTIONS")
        default: return nil
        }
        guard bytes.equals(range, candidate.1) else { return nil }
        self = candidate.0
    }

    /// More bytes than any method's name has: a longer one is refused without waiting for its end.
    static let longestName = 64
}
