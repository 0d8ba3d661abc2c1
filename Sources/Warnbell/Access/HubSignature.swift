import Crypto
import HTTPServer

/// Signed requests as GitHub and WebSub have them: HMAC-SHA256 over the body in `X-Hub-Signature-256`.
enum HubSignature {
    /// Whether the request has a signature of this key.
    static func isSigned(_ head: borrowing RequestHead, _ body: Span<UInt8>, by key: SymmetricKey) -> Bool {
        var code = HMAC<SHA256>(key: key)
        code.update(body)
        var expected = Array("sha256=".utf8)
        for byte in code.finalize() {
            expected.append(digits[Int(byte >> 4)])
            expected.append(digits[Int(byte & 15)])
        }
        var isFound = false
        head.forEachField { name, value in
            guard name.equals(ignoringCase: "x-hub-signature-256") else { return }
            if value.isSame(as: expected.span) { isFound = true }
        }
        return isFound
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
