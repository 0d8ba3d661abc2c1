import Crypto
import Foundation
import TestKit
import Testing

@testable import Warnbell

/// Signed requests to the running program.
@Suite(.timeLimit(.minutes(2)))
struct WebhookTests {
    private static let keys = [[UInt8](repeating: 1, count: 24), [UInt8](repeating: 2, count: 64)]
    private static let secrets = keys.map { "whsec_\(Data($0).base64EncodedString())" }
    private static let text = "no base64: just text"
    private static let lines = [
        "auth.webhook_secrets:", "  - 'one:\(secrets[0])'", "  - 'two:\(secrets[1])'", "  - 'hub:\(text)'",
    ]

    private static func code(_ message: [UInt8], _ key: [UInt8]) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }

    private static func signature(_ body: [UInt8], _ key: [UInt8], id: String, at seconds: Int) -> String {
        "v1,\(code(Array("\(id).\(seconds).".utf8) + body, key).base64EncodedString())"
    }

    private static func fields(_ signature: String, id: String, at seconds: Int) -> [String] {
        ["Webhook-Id: \(id)", "Webhook-Timestamp: \(seconds)", "Webhook-Signature: \(signature)"]
    }

    private static func hub(_ body: [UInt8], _ key: [UInt8]) -> String {
        "sha256=" + code(body, key).map { String(format: "%02x", $0) }.joined()
    }

    @Test("A signature of any of the secrets lets in; anything else about the request spoils it")
    func table() throws {
        let receiver = try RunningReceiver(Self.lines)
        let now = Int(Date().timeIntervalSince1970)
        let body = SampleAlert().bytes
        let (one, two) = (Self.keys[0], Self.keys[1])
        let good = Self.signature(body, one, id: "m", at: now)
        func signed(_ key: [UInt8], at seconds: Int) -> [String] {
            Self.fields(Self.signature(body, key, id: "m", at: seconds), id: "m", at: seconds)
        }
        let cases: [(String, [String], Int)] = [
            ("one", signed(one, at: now), 202), ("two", signed(two, at: now), 202),
            ("old and new enough", signed(one, at: now - 290), 202), ("ahead", signed(one, at: now + 290), 202),
            ("too old", signed(one, at: now - 310), 401), ("too far ahead", signed(one, at: now + 310), 401),
            ("another key", signed([UInt8](repeating: 3, count: 24), at: now), 401),
            ("the text as key", signed(Array(Self.text.utf8), at: now), 401),
            ("several, one good", Self.fields("v1,AAAA v1a,\(good.dropFirst(3)) \(good)", id: "m", at: now), 202),
            ("in several fields", Self.fields("v1,AAAA", id: "m", at: now) + ["webhook-signature: \(good)"], 202),
            ("another scheme", Self.fields("v1a,\(good.dropFirst(3))", id: "m", at: now), 401),
            ("another version", Self.fields("v2,\(good.dropFirst(3))", id: "m", at: now), 401),
            ("no version", Self.fields("\(good.dropFirst(3))", id: "m", at: now), 401),
            ("cut short", Self.fields("\(good.dropLast())", id: "m", at: now), 401),
            ("another id", Self.fields(good, id: "n", at: now), 401),
            ("another time", Self.fields(good, id: "m", at: now + 1), 401),
            ("no id", Array(Self.fields(good, id: "m", at: now).dropFirst()), 401),
            ("two ids", ["webhook-id: m"] + Self.fields(good, id: "m", at: now), 401),
            ("hub", ["X-Hub-Signature-256: \(Self.hub(body, Array(Self.text.utf8)))"], 202),
            ("hub by the text of whsec", ["X-Hub-Signature-256: \(Self.hub(body, Array(Self.secrets[0].utf8)))"], 202),
            ("hub by the key", ["X-Hub-Signature-256: \(Self.hub(body, one))"], 401),
            ("hub cut short", ["X-Hub-Signature-256: \(Self.hub(body, Array(Self.text.utf8)).dropLast())"], 401),
            ("hub of another body", ["X-Hub-Signature-256: \(Self.hub([1], Array(Self.text.utf8)))"], 401),
            ("SHA-1", ["X-Hub-Signature: sha1=0000"], 401), ("unsigned", [], 401),
            (
                "a hub signature beside an old one",
                signed(one, at: 0) + ["X-Hub-Signature-256: \(Self.hub(body, Array(Self.text.utf8)))"], 202
            ),
        ]
        for (name, fields, status) in cases {
            let answer = try receiver.post(body, fields: fields)
            #expect(answer.status == status, "\(name): \(answer.text)")
        }
        // What was signed is the bytes, not what they mean.
        #expect(try receiver.post(body + [32], fields: signed(one, at: now)).status == 401)
        let page = try receiver.request("GET", "/livez")
        #expect(page.status == 200)
        receiver.stop()
        for secret in Self.secrets + [Self.text, good] {
            #expect(!receiver.log.joined(separator: "\n").contains(secret))
        }
        #expect(receiver.log.joined(separator: "\n").contains("signature_age"))
    }

    @Test("A request that was accepted and comes again is a duplicate, whatever it holds; one refused may come again")
    func replay() throws {
        let receiver = try RunningReceiver(Self.lines)
        let now = Int(Date().timeIntervalSince1970)
        func post(_ body: [UInt8], id: String, _ key: Int = 0) throws -> RunningReceiver.Answer {
            let signature = Self.signature(body, Self.keys[key], id: id, at: now)
            return try receiver.post(body, fields: Self.fields(signature, id: id, at: now))
        }
        let broken = Array("{".utf8)
        let (some, other) = (SampleAlert().bytes, SampleAlert { $0.id = "1795161600.2" }.bytes)
        let cases: [(String, [UInt8], String, Int, Int, String)] = [
            ("broken", broken, "a", 0, 400, "Broken JSON"),
            ("mended", some, "a", 0, 202, #"{"accepted":1,"duplicate":0,"rejected":0}"#),
            ("again", some, "a", 0, 202, #"{"accepted":0,"duplicate":1,"rejected":0}"#),
            ("another alert under the same id", other, "a", 0, 202, #"{"accepted":0,"duplicate":1,"rejected":0}"#),
            ("the same id of another sender", other, "a", 1, 202, #"{"accepted":1,"duplicate":0,"rejected":0}"#),
            ("no alert", Array("[1]".utf8), "b", 0, 422, "None of 1 entries"),
            ("no alert, again", Array("[1]".utf8), "b", 0, 422, "None of 1 entries"),
        ]
        for (name, body, id, key, status, part) in cases {
            let answer = try post(body, id: id, key)
            #expect(answer.status == status, "\(name): \(answer.text)")
            #expect(answer.text.contains(part), "\(name): \(answer.text)")
        }
    }

    /// `WARNBELL_PYTHON`, if it names a Python that has standardwebhooks.
    static let python: String? = {
        guard let path = ProcessInfo.processInfo.environment["WARNBELL_PYTHON"],
            let check = try? ChildProcess([path, "-c", "import standardwebhooks"])
        else { return nil }
        return check.wait() == 0 ? path : nil
    }()

    @Test(
        "What the Standard Webhooks library signs is taken",
        .enabled(if: python != nil, "WARNBELL_PYTHON names no Python with standardwebhooks"))
    func library() throws {
        let script = """
            import datetime, sys, urllib.request, standardwebhooks
            url, secret, body = sys.argv[1:]
            now = datetime.datetime.now(tz=datetime.timezone.utc)
            signature = standardwebhooks.Webhook(secret).sign("msg_1", now, body)
            request = urllib.request.Request(url, body.encode(), {
                "Content-Type": "application/json", "webhook-id": "msg_1",
                "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature})
            print(urllib.request.urlopen(request).status)
            """
        let receiver = try RunningReceiver(Self.lines)
        for secret in Self.secrets {
            let process = try ChildProcess(
                [try #require(Self.python), "-c", script, receiver.url, secret, SampleAlert().json],
                errors: "/dev/stdout")
            #expect(String(decoding: process.readToEnd(), as: UTF8.self) == "202\n")
            process.wait()
        }
    }
}
