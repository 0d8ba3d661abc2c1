import Crypto
import FoundationEssentials
import HTTPServer
import Timestamps

/// Signed requests of Standard Webhooks 1.0: HMAC-SHA256 over `webhook-id.webhook-timestamp.body`.
enum StandardWebhook {
    /// How many seconds the sender's clock may differ from ours, either way.
    static let tolerance: Int64 = 300

    /// What can be said against the request before its body is known; nil when nothing can.
    static func refusal(of head: borrowing RequestHead, at now: Timestamp) -> AccessRefusal? {
        // What is signed must be beyond doubt: one id, one time.
        guard head.count(of: "webhook-id") == 1, head.count(of: "webhook-timestamp") == 1,
            head.withField("webhook-id", { $0.count > 0 }) == true,
            let seconds = head.withField("webhook-timestamp", Self.seconds) ?? nil
        else { return .signature }
        return abs(now.seconds - seconds) <= tolerance ? nil : .signatureAge
    }

    /// Whether one of the request's `v1` signatures is of this key.
    static func isSigned(_ head: borrowing RequestHead, _ body: Span<UInt8>, by key: SymmetricKey) -> Bool {
        var code = HMAC<SHA256>(key: key)
        head.withField("webhook-id") { code.update($0) }
        code.update(dot.span)
        head.withField("webhook-timestamp") { code.update($0) }
        code.update(dot.span)
        code.update(body)
        let expected = Array("v1,\(Data(code.finalize()).base64EncodedString())".utf8)
        var isFound = false
        head.forEachField { name, value in
            guard name.equals(ignoringCase: "webhook-signature") else { return }
            value.forEachWord { word in
                if word.isSame(as: expected.span) { isFound = true }
            }
        }
        return isFound
    }

    /// What the request is known by, should it come again.
    static func identity(of head: borrowing RequestHead, from sender: Principal) -> Fingerprint {
        var text = Array("\(sender.name)\0".utf8)
        head.withField("webhook-id") { id in
            for index in id.indices { text.append(id[index]) }
        }
        return Fingerprint(of: text.span)
    }

    private static let dot = [UInt8(ascii: ".")]

    /// Seconds since 1970, in digits; nil for anything else.
    private static func seconds(_ text: Span<UInt8>) -> Int64? {
        guard (1...12).contains(text.count) else { return nil }
        var seconds: Int64 = 0
        for index in text.indices {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            seconds = seconds * 10 + Int64(digit)
        }
        return seconds
    }
}

extension HMAC {
    /// Takes in these bytes.
    mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe update(data: $0) }
    }
}

extension Span<UInt8> {
    /// Hands over what stands between blanks.
    fileprivate func forEachWord(_ body: (Span<UInt8>) -> Void) {
        var start = 0
        for index in 0...count where index == count || self[index] == UInt8(ascii: " ") {
            if index > start { body(extracting(start..<index)) }
            start = index + 1
        }
    }
}
