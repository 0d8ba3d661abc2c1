import Foundation
import TestKit
import Testing

@testable import Warnbell

struct AccessConfigurationTests {
    private static let token = "0123456789abcdef"
    private static let signing = "whsec_" + Data(repeating: 7, count: 24).base64EncodedString()

    @Test(
        "Tokens have a name and scopes; alerts where nothing is said",
        arguments: [
            ("manager:\(token)", "manager", Scopes.alerts),
            ("m-1_a.b:alerts:\(token)", "m-1_a.b", .alerts),
            ("reader:feed+metrics:\(token)", "reader", [.feed, .metrics]),
            ("root:admin+metrics+feed+alerts:\(token)", "root", .all),
        ] as [(String, String, Scopes)])
    func readsTokens(entry: String, name: String, scopes: Scopes) throws {
        let token = try AccessToken(entry: entry)
        #expect(token.name == name)
        #expect(token.scopes == scopes)
        #expect(token.secret.text == Self.token)
    }

    @Test(
        "An entry that is no token is refused by what was expected, and never repeated",
        arguments: [
            ("hunter2hunter2hunter2", "expected name:token or name:scope+scope:token, with no colon in the token"),
            ("a:alerts:hunter2hunter2:x", "expected name:token or name:scope+scope:token, with no colon in the token"),
            (
                "hunter2 hunter2:hunter2hunter2hunter2",
                """
                expected name:token or name:scope+scope:token, where the name is up to 64 letters, digits, dots, hyphens \
                and underscores
                """
            ),
            (
                "a:hunter2:hunter2hunter2hunter2",
                "expected name:token or name:scope+scope:token, where a scope is one of alerts, feed, metrics, admin"
            ),
            (
                "a::hunter2hunter2hunter2",
                "expected name:token or name:scope+scope:token, where a scope is one of alerts, feed, metrics, admin"
            ),
            ("a:hunter2hunter2hi", nil),
            ("a:hunter2hunter2", "expected a token of 16 to 1024 characters, got one of 14"),
            ("a:", "expected a token of 16 to 1024 characters, got one of 0"),
            ("a:hunter2 hunter2 hunter2", "expected a token of printable ASCII characters without blanks"),
            ("a:hünter2hunter2hunter2", "expected a token of printable ASCII characters without blanks"),
            ("a:" + String(repeating: "hunter2.", count: 128), nil),
            (
                "a:" + String(repeating: "hunter2.", count: 128) + "x",
                "expected a token of 16 to 1024 characters, got one of 1025"
            ),
        ] as [(String, String?)])
    func refusesTokens(entry: String, fault: String?) throws {
        var faults: [String] = []
        do {
            _ = try AccessToken(entry: entry)
        } catch {
            faults = error.faults
        }
        #expect(faults == (fault.map { [$0] } ?? []))
    }

    @Test("Webhook secrets are texts, or base64 behind whsec_")
    func webhookSecrets() throws {
        let plain = try WebhookSecret(entry: "github:a secret: with blanks")
        #expect(plain.name == "github")
        #expect(plain.secret.text == "a secret: with blanks")
        #expect(plain.standardKey == nil)
        #expect(try WebhookSecret(entry: "s:\(Self.signing)").standardKey == Array(repeating: 7, count: 24))
        let longest = "whsec_" + Data(repeating: 7, count: 64).base64EncodedString()
        #expect(try WebhookSecret(entry: "s:\(longest)").standardKey?.count == 64)
        let faulty = [
            "hunter2hunter2hunter2", ":hunter2hunter2hunter2", "s:hunter2", "s:hunter2\thunter2hunter2",
            "s:whsec_hunter2hunter2hunter2hunter2*", "s:whsec_" + Data(repeating: 7, count: 23).base64EncodedString(),
            "s:whsec_" + Data(repeating: 7, count: 65).base64EncodedString(),
        ]
        for entry in faulty {
            let error = #expect(throws: InvalidValue.self, "\(entry)") { _ = try WebhookSecret(entry: entry) }
            #expect(error.map { !"\($0)".contains("hunter2") } ?? false)
        }
    }

    @Test("Lists come from the file, the environment or a file of secrets, and are shown by name")
    func lists() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("# who posts\n\nmanager:\(Self.token)\r\nother:feed:\(Self.token)x\n", to: "tokens")
        let (read, problems) = try load("auth: {tokens_file: \(file)}", in: folder)
        #expect(problems == [])
        let auth = try #require(read).configuration.auth
        #expect(auth.tokens.entries.map(\.name) == ["manager", "other"])
        #expect(auth.tokens.file == file)

        let (listed, _) = try load(
            "auth: {tokens: ['a:\(Self.token)', 'b:feed+admin:\(Self.token)y']}",
            ["WARNBELL_AUTH_WEBHOOK_SECRETS": "s:\(Self.signing), h:\(Self.token)"])
        let loaded = try #require(listed)
        #expect(loaded.configuration.auth.webhookSecrets.entries.map(\.name) == ["s", "h"])
        let listing = ConfigurationListing(loaded: loaded)
        for text in [listing.text, try listing.json()] {
            #expect(text.contains("b:feed+admin:***"))
            #expect(text.contains("s:***"))
        }
        let shown = ConfigurationListing(loaded: try #require(read)).text
        #expect(shown.contains("manager:alerts:***, other:feed:***"))
        #expect(shown.contains(file))
        var dumped = ""
        dump(loaded.configuration, to: &dumped)
        for text in [listing.text, try listing.json(), shown, "\(loaded.configuration)", dumped] {
            #expect(!text.contains(Self.token))
            #expect(!text.contains("whsec_"))
        }
    }

    @Test("Faults of lists name the element or the line, and nothing of it")
    func faults() throws {
        #expect(
            try load("auth: {tokens: ['a:\(Self.token)', 'hunter2', 'b:\(Self.token)']}").problems == [
                "DIR/warnbell.yaml:1: auth.tokens: element 2: expected name:token or name:scope+scope:token, with no colon in the token",
                "DIR/warnbell.yaml:1: auth.tokens: element 3: it has the same secret as element 1",
            ])
        let folder = try TemporaryFolder()
        let file = try folder.write("#\nhunter2\n", to: "tokens")
        #expect(
            try load("auth: {tokens_file: \(file)}", in: folder).problems == [
                "DIR/warnbell.yaml:1: auth.tokens_file: DIR/tokens:2: expected name:token or name:scope+scope:token, with no colon in the token"
            ])
        let empty = try folder.write("# nothing\n", to: "empty")
        #expect(
            try load("auth: {webhook_secrets_file: \(empty)}", in: folder).problems == [
                "DIR/warnbell.yaml:1: auth.webhook_secrets_file: DIR/empty: expected name:secret in each line, got none"
            ])
        #expect(
            try load("auth: {tokens: ['a:\(Self.token)'], tokens_file: \(file)}", in: folder).problems == [
                "DIR/warnbell.yaml:1: auth.tokens: auth.tokens_file is set as well (DIR/warnbell.yaml:1); only one of them can be"
            ])
    }

    @Test("A list has so many entries and no more", arguments: [("auth.tokens", 1000), ("auth.webhook_secrets", 20)])
    func limit(name: String, limit: Int) throws {
        let many = (0...limit).map { "n\($0):\(Self.token)\($0)" }
        let key = try #require(ConfigurationKey.byName[name])
        var configuration = Configuration()
        try key.assign(.list(Array(many.dropLast())), &configuration)
        #expect(key.show(configuration).raw?.elements.count == limit)
        #expect(throws: InvalidValue.self) { try key.assign(.list(many), &configuration) }
    }

    @Test(
        "A client name has scopes too",
        arguments: [
            ("manager.example.org", "manager.example.org:alerts"), ("A B:feed+metrics", "A B:feed+metrics"),
            ("a:hunter", nil), (":alerts", nil), ("a:b:c", nil), ("", nil),
        ] as [(String, String?)])
    func clientNames(entry: String, shown: String?) throws {
        let key = try #require(ConfigurationKey.byName["auth.client_names"])
        var configuration = Configuration()
        do {
            try key.assign(.list([entry]), &configuration)
            #expect(shown.map { [$0] } == key.show(configuration).raw?.elements)
        } catch {
            #expect(shown == nil)
        }
    }

    private static let withToken = "auth: {tokens: ['a:\(token)']}"

    @Test(
        "Any address is listened on where a client can prove itself; else only loopback, unless mode says none",
        arguments: [
            ("listen: {host: 0.0.0.0}\n\(withToken)", true), ("listen: {host: '::'}\n\(withToken)", true),
            ("listen: {host: 0.0.0.0}\nauth: {webhook_secrets: ['a:\(token)']}", true),
            ("listen: {host: 0.0.0.0}\nauth: {client_names: [a]}", false),
            ("listen: {host: 0.0.0.0}\nauth: {mode: none}", true), ("listen: {host: 127.0.0.2}", true),
            ("listen: {host: '::1'}", true), ("listen: {host: 0.0.0.0}", false), ("listen: {host: 192.0.2.1}", false),
            ("listen: {host: '::ffff:192.0.2.1'}", false),
            ("listen: {host: 0.0.0.0}\nauth: {allow: [127.0.0.1]}", false),
        ])
    func addresses(text: String, isTaken: Bool) throws {
        let problems = try load(text).problems
        #expect(problems.isEmpty == isTaken, "\(problems)")
        if let problem = problems.first {
            for part in ["auth.tokens", "auth.webhook_secrets", "auth.mode", "name attackers"] {
                #expect(problem.contains(part), "\(problem)")
            }
        }
    }

    @Test(
        "What is odd about access is told, and taken",
        arguments: [
            (
                "auth: {mode: none}\nlisten: {host: 0.0.0.0}",
                [
                    "auth.mode: with none anybody who reaches 0.0.0.0 may post alerts, name attackers, and read feed and metrics"
                ]
            ),
            (
                "auth: {mode: none, tokens: ['a:\(token)'], rate: 5}",
                [
                    "auth.tokens: it does nothing while auth.mode is none",
                    "auth.rate: it does nothing while auth.mode is none",
                ]
            ),
            ("auth: {burst: 5}", ["auth.burst: it does nothing without auth.rate"]),
            (
                "auth: {allow: [/dev/null]}",
                ["auth.allow: it holds no address, so nobody but listen.trusted_proxies may connect"]
            ),
            ("auth: {mode: none}", []),
            ("auth: {client_names: [a]}", ["auth.client_names: it does nothing without listen.tls.client_ca"]),
            (
                "listen: {host: 0.0.0.0}\n\(withToken)",
                ["listen.host: without listen.tls.certificate credentials and alerts travel unencrypted"]
            ),
        ])
    func odd(text: String, warnings: [String]) throws {
        let loaded = try #require(try load(text).loaded)
        let told = loaded.warnings.map { $0.description.replacing(#/^.*warnbell.yaml:\d+: /#, with: "") }
        #expect(told == warnings)
    }
}
