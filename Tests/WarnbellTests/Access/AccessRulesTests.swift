import Foundation
import IPAddresses
import Testing
import Timestamps

@testable import HTTPServer
@testable import Warnbell

/// Whose a request is, told from its head and its connection.
struct AccessRulesTests {
    private static let now = Timestamp(seconds: 1_800_000_000)
    private static let (poster, reader) = ("poster-0123456789", "reader-0123456789")

    private func rules(_ change: (inout Configuration) -> Void) -> AccessRules {
        var configuration = Configuration()
        change(&configuration)
        return AccessRules(configuration)
    }

    private func tokens(_ configuration: inout Configuration) {
        configuration.auth.tokens.entries = [
            AccessToken(name: "poster", token: Self.poster),
            AccessToken(name: "reader", scopes: [.feed, .metrics], token: Self.reader),
        ]
    }

    /// The name that is let in, or the word for what becomes of the request.
    private func outcome(
        _ rules: AccessRules, _ fields: [String], for scope: Scopes = .alerts, certificate: [String]? = nil
    ) throws -> String {
        let peer = Peer(
            address: IPAddress(v4: 0xc000_0201), port: 1, certificate: certificate.map { ClientCertificate(names: $0) })
        return try withHead(["POST /"] + fields) { head in
            switch rules.verdict(on: head, from: peer, for: scope, at: Self.now) {
            case .granted(let principal): rules.principals[principal].name
            case .bodyDecides(let isSigned): isSigned ? "signature?" : "body?"
            case .refused(let refusal, let known):
                refusal.rawValue + (known.map { " of \(rules.principals[$0].name)" } ?? "")
            }
        }
    }

    private static func basic(_ user: String, _ password: String) -> String {
        "Authorization: Basic \(Data("\(user):\(password)".utf8).base64EncodedString())"
    }

    static let heads: [(String, [String], Scopes, String)] = [
        ("nothing", [], .alerts, "body?"),
        ("nothing where a body can't tell", [], .metrics, "no_credential"),
        ("bearer", ["Authorization: Bearer \(poster)"], .alerts, "poster"),
        ("scheme in another case", ["AUTHORIZATION: bEARER   \(poster)"], .alerts, "poster"),
        ("key", ["x-api-KEY: \(poster)"], .alerts, "poster"),
        ("basic", [basic("poster", poster)], .alerts, "poster"),
        ("basic with another's name", [basic("reader", poster)], .alerts, "unknown_credential"),
        ("basic without a name", [basic("", poster)], .alerts, "unknown_credential"),
        ("basic in no base64", ["Authorization: Basic \(poster)!"], .alerts, "unknown_credential"),
        ("basic without a colon", ["Authorization: Basic cG9zdGVy"], .alerts, "unknown_credential"),
        ("wrong token", ["Authorization: Bearer \(poster)x"], .alerts, "unknown_credential"),
        ("part of a token", ["Authorization: Bearer \(poster.dropLast())"], .alerts, "unknown_credential"),
        ("token in another case", ["Authorization: Bearer \(poster.uppercased())"], .alerts, "unknown_credential"),
        ("two tokens in a field", ["Authorization: Bearer \(poster) \(poster)"], .alerts, "unknown_credential"),
        ("empty", ["Authorization:"], .alerts, "unknown_credential"),
        ("scheme alone", ["Authorization: Bearer"], .alerts, "unknown_credential"),
        ("no scheme", ["Authorization: \(poster)"], .alerts, "unknown_credential"),
        ("another scheme", ["Authorization: Digest \(poster)"], .alerts, "unknown_credential"),
        ("empty key", ["X-API-Key:"], .alerts, "unknown_credential"),
        ("name of the token", ["X-API-Key: poster"], .alerts, "unknown_credential"),
        ("without the scope", ["Authorization: Bearer \(reader)"], .alerts, "scope of reader"),
        ("for reading", ["Authorization: Bearer \(reader)"], .metrics, "reader"),
        ("poster reads", ["Authorization: Bearer \(poster)"], .feed, "scope of poster"),
        ("nobody is admin", ["Authorization: Bearer \(reader)"], .admin, "scope of reader"),
        ("wrong and right", ["Authorization: Bearer nonsense", "X-API-Key: \(poster)"], .alerts, "poster"),
        ("right and wrong", ["Authorization: Bearer \(poster)", "X-API-Key: nonsense"], .alerts, "poster"),
        ("without and with the scope", ["X-API-Key: \(reader)", "X-API-Key: \(poster)"], .alerts, "poster"),
        ("wrong and without the scope", ["X-API-Key: \(reader)", "X-API-Key: no"], .alerts, "scope of reader"),
        ("a signature nobody can check", ["X-Hub-Signature-256: sha256=00"], .alerts, "unknown_credential"),
        ("a signature and a token", ["Webhook-Signature: v1,x", "X-API-Key: \(poster)"], .alerts, "poster"),
    ]

    @Test("Tokens are told by the header", arguments: heads)
    func header(name: String, fields: [String], scope: Scopes, expected: String) throws {
        #expect(try outcome(rules(tokens), fields, for: scope) == expected, "\(name)")
    }

    @Test("Without credentials, loopback is open and anything else closed; mode none opens both")
    func open() throws {
        let wide = IPAddress(v4: 0)
        #expect(try outcome(rules { _ in }, []) == "none")
        #expect(try outcome(rules { _ in }, ["Authorization: Bearer whatever"], for: .admin) == "none")
        #expect(try outcome(rules { $0.listen.host = wide }, []) == "no_credential")
        #expect(
            try outcome(
                rules {
                    $0.listen.host = wide; $0.auth.mode = .none
                }, ["X-API-Key: x"]) == "none")
        let none = rules {
            tokens(&$0)
            $0.auth.mode = .none
        }
        #expect(try outcome(none, ["X-API-Key: x"]) == "none")
    }

    @Test("A body is read for its token only where there is a token that may post")
    func bodyTokens() throws {
        let readers = rules { $0.auth.tokens.entries = [AccessToken(name: "r", scopes: .feed, token: Self.reader)] }
        #expect(try outcome(readers, []) == "no_credential")
        let rules = rules(tokens)
        let cases: [(String?, AccessRules.Verdict)] = [
            (nil, .refused(.noCredential, nil)), ("", .refused(.unknownCredential, nil)),
            ("nonsense", .refused(.unknownCredential, nil)), (Self.poster, .granted(2)),
            (Self.reader, .refused(.scope, 3)),
        ]
        for (token, verdict) in cases { #expect(rules.verdict(onTokenInBody: token) == verdict, "\(token ?? "-")") }
    }

    @Test("Certificates count by their names; every one where none are listed")
    func certificates() throws {
        let every = rules(tokens)
        let listed = rules {
            tokens(&$0)
            $0.auth.clientNames = [
                ClientName(name: "Manager.example.org", scopes: .alerts), ClientName(name: "scraper", scopes: .metrics),
            ]
        }
        let cases: [(AccessRules, [String]?, [String], Scopes, String)] = [
            (every, ["any"], [], .alerts, "certificate"), (every, [], [], .alerts, "certificate"),
            (every, ["any"], [], .metrics, "scope of certificate"),
            (every, ["any"], ["X-API-Key: \(Self.reader)"], .metrics, "reader"),
            (every, ["any"], ["X-API-Key: nonsense"], .alerts, "certificate"),
            (listed, ["other", "manager.example.org"], [], .alerts, "Manager.example.org"),
            (listed, ["MANAGER.EXAMPLE.ORG"], [], .alerts, "Manager.example.org"),
            (listed, ["scraper"], [], .metrics, "scraper"),
            (listed, ["scraper"], [], .feed, "scope of scraper"),
            (listed, ["manager.example.org.evil"], [], .metrics, "unknown_credential"),
            // What the body holds may still be good.
            (listed, ["other"], [], .alerts, "body?"), (listed, ["scraper"], [], .alerts, "body?"),
            (listed, ["scraper"], ["X-API-Key: x"], .alerts, "scope of scraper"),
        ]
        for (rules, names, fields, scope, expected) in cases {
            #expect(try outcome(rules, fields, for: scope, certificate: names) == expected, "\(names ?? []) \(fields)")
        }
    }

    @Test("A signed request is read if its header can be right; its time may differ by five minutes")
    func signedHeads() throws {
        let rules = rules {
            tokens(&$0)
            let secret = "s:whsec_" + Data(repeating: 1, count: 24).base64EncodedString()
            $0.auth.webhookSecrets.entries = [try? WebhookSecret(entry: secret)].compactMap { $0 }
        }
        func fields(_ seconds: String, id: String = "msg_1") -> [String] {
            ["webhook-id: \(id)", "webhook-timestamp: \(seconds)", "webhook-signature: v1,x"]
        }
        let cases: [([String], String)] = [
            (fields("1800000000"), "signature?"), (fields("1799999700"), "signature?"),
            (fields("1800000300"), "signature?"), (fields("1799999699"), "signature_age"),
            (fields("1800000301"), "signature_age"), (fields("0"), "signature_age"), (fields("now"), "signature"),
            (fields("1800000000.5"), "signature"), (fields("-1"), "signature"), (fields(""), "signature"),
            (fields("99999999999999999999999"), "signature"), (fields("1800000000", id: ""), "signature"),
            (["webhook-signature: v1,x"], "signature"),
            (fields("1800000000") + ["webhook-timestamp: 1800000001"], "signature"),
            (fields("1800000000") + ["webhook-id: msg_2"], "signature"),
            (fields("0") + ["x-hub-signature-256: sha256=00"], "signature?"),
            (fields("0") + ["x-api-key: \(Self.poster)"], "poster"),
            (fields("1800000000") + ["x-api-key: nonsense"], "signature?"),
        ]
        for (fields, expected) in cases { #expect(try outcome(rules, fields) == expected, "\(fields)") }
        #expect(try outcome(rules, fields("1800000000"), for: .metrics) == "unknown_credential")
    }

    @Test("Behind a trusted proxy the address counts that the last untrusted one in X-Forwarded-For is")
    func forwarded() throws {
        func networks(_ texts: String...) -> NetworkList {
            NetworkList(entries: texts, blocks: texts.compactMap { IPBlock($0) })
        }
        let rules = rules {
            $0.listen.trustedProxies = networks("192.0.2.1", "2001:db8::1")
            $0.auth.allow = networks("203.0.113.0/24", "2001:db8:5::/48")
        }
        let cases: [([String], Bool)] = [
            ([], false), (["203.0.113.9"], false), (["198.51.100.9"], true), (["203.0.113.9, 198.51.100.9"], true),
            (["198.51.100.9, 203.0.113.9"], false), (["198.51.100.9,203.0.113.9,192.0.2.1, 2001:db8::1"], false),
            (["198.51.100.9", "203.0.113.9"], false), (["203.0.113.9", "198.51.100.9"], true),
            (["192.0.2.1"], false), (["unknown"], true), (["203.0.113.9:1234"], true),
            (["nonsense, 203.0.113.9"], false),
            (["203.0.113.9, nonsense, 192.0.2.1"], true), (["2001:db8:5::7"], false), (["2001:db8:6::7"], true),
            (["::ffff:203.0.113.9"], false), ([""], false), ([" , 203.0.113.9 ,"], false),
        ]
        let proxy = Peer(address: IPAddress(v4: 0xc000_0201), port: 1)
        for (values, isRefused) in cases {
            try withHead(["POST /"] + values.map { "X-Forwarded-For: \($0)" }) { head in
                let refuses = rules.refusesForwarding(head, by: proxy)
                #expect(refuses == isRefused, "\(values)")
            }
        }
        // Anybody else may write there what they like.
        try withHead(["POST /", "X-Forwarded-For: 198.51.100.9"]) { head in
            let refuses = rules.refusesForwarding(head, by: Peer(address: IPAddress(v4: 0xcb00_7109), port: 1))
            #expect(!refuses)
        }
    }
}
