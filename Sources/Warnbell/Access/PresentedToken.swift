import FoundationEssentials
import HTTPServer

/// A token as a header field presents it, by itself or as the password of a user.
enum PresentedToken {
    /// Hands over what a value of Authorization holds: the token of Bearer (RFC 6750), or user and password of Basic
    /// (RFC 7617). False for a scheme that is neither, or a value that is not of its scheme's form.
    static func read(
        authorization value: Span<UInt8>, _ body: (_ token: Span<UInt8>, _ user: Span<UInt8>?) -> Void
    ) -> Bool {
        if let start = credentialsStart(in: value, after: "bearer") {
            body(value.extracting(start...), nil)
            return true
        }
        guard let start = credentialsStart(in: value, after: "basic") else { return false }
        let text = (start..<value.count).map { value[$0] }
        guard let decoded = Data(base64Encoded: Data(text)).map(Array.init),
            let colon = decoded.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        body(decoded.span.extracting((colon + 1)...), decoded.span.extracting(..<colon))
        return true
    }

    /// Where that begins which follows the scheme and at least one blank.
    private static func credentialsStart(in value: Span<UInt8>, after scheme: StaticString) -> Int? {
        let end = scheme.utf8CodeUnitCount
        guard value.count > end, value.equals(0..<end, ignoringCase: scheme), value[end] == UInt8(ascii: " ") else {
            return nil
        }
        var start = end
        while start < value.count, value[start] == UInt8(ascii: " ") { start += 1 }
        return start
    }
}
