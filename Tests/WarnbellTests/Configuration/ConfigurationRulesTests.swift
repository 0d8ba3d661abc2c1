import TestKit
import Testing

@testable import Warnbell

struct ConfigurationRulesTests {
    @Test(
        "Values that do not go together are refused",
        arguments: [
            (
                "listen: {host: 0.0.0.0}",
                """
                DIR/warnbell.yaml:1: listen.host: 0.0.0.0 is not a loopback address, and there is no credential that a \
                client could show: set auth.tokens, auth.webhook_secrets or listen.tls.client_ca, or auth.mode to \
                none if anybody who reaches it may post alerts and name attackers
                """
            ),
            (
                "listen: {tls: {certificate: /etc/passwd}}",
                "DIR/warnbell.yaml:1: listen.tls.certificate: it needs listen.tls.key"
            ),
            (
                "listen: {tls: {key: /etc/passwd}}",
                "DIR/warnbell.yaml:1: listen.tls.key: it needs listen.tls.certificate"
            ),
            (
                "listen: {tls: {certificate: /etc/passwd, key: /etc/passwd}}",
                """
                DIR/warnbell.yaml:1: listen.tls.certificate: /etc/passwd: expected a readable file with the server's \
                certificate in PEM form, the chain after it
                """
            ),
            (
                "listen: {max_head: 16KiB, max_field: 17KiB}",
                "DIR/warnbell.yaml:1: listen.max_field: it is larger than listen.max_head (16KiB)"
            ),
            (
                "listen: {max_head: 8KiB, max_field: 8KiB, max_target: 8193B}",
                "DIR/warnbell.yaml:1: listen.max_target: it is larger than listen.max_head (8KiB)"
            ),
            (
                "listen: {max_body: 65MiB}",
                "DIR/warnbell.yaml:1: listen.max_body: it is larger than listen.max_body_memory (64MiB)"
            ),
            (
                "listen: {body_timeout: 9s}",
                "DIR/warnbell.yaml:1: listen.body_idle_timeout: it is longer than listen.body_timeout (9s)"
            ),
            (
                "journal: {max_bytes: 1MiB}\nlisten: {max_body: 2MiB}",
                "DIR/warnbell.yaml:1: journal.max_bytes: it is smaller than listen.max_body (2MiB): one request could not be taken"
            ),
            ("batch: {quiet: 6s}", "DIR/warnbell.yaml:1: batch.quiet: it is longer than batch.max_wait (5s)"),
            ("batch: {max_wait: 500ms}", "DIR/warnbell.yaml:1: batch.quiet: it is longer than batch.max_wait (500ms)"),
            (
                "misp: {url: https://misp.example.org}",
                "DIR/warnbell.yaml:1: misp.url: it needs misp.key or misp.key_file"
            ),
            (
                "misp: {url: https://misp.example.org, key: hunter2, distribution: community}",
                """
                DIR/warnbell.yaml:1: misp.distribution: events that leave the organisation (community) need networks.own \
                to be set, your public networks included: an address of your own must not be shared as an attacker
                """
            ),
            (
                "misp: {url: https://misp.example.org, key: hunter2, distribution: all, tlp: clear}\nnetworks: {own: []}",
                """
                DIR/warnbell.yaml:1: misp.distribution: events that leave the organisation (all) need networks.own to be \
                set, your public networks included: an address of your own must not be shared as an attacker
                """
            ),
            (
                "misp: {distribution: community, tlp: red}\nnetworks: {own: [203.0.113.0/24]}",
                """
                DIR/warnbell.yaml:1: misp.tlp: tlp:red is for those who get it and nobody else, and misp.distribution is \
                community: it has to be organisation
                """
            ),
            (
                "misp: {distribution: all, tlp: amber+strict}\nnetworks: {own: [203.0.113.0/24]}",
                """
                DIR/warnbell.yaml:1: misp.tlp: tlp:amber+strict is not for everybody, and misp.distribution is all: it has \
                to be less, or misp.tlp green or clear
                """
            ),
            (
                "misp: {event_window: 3600500ms}",
                "DIR/warnbell.yaml:1: misp.event_window: expected 1h to 400d, in whole seconds, got \"3600.5 seconds\""
            ),
            (
                "misp: {tags: [\"x \"]}",
                """
                DIR/warnbell.yaml:1: misp.tags: expected 1 to 255 bytes without control characters or spaces at the \
                ends, got "x "
                """
            ),
            (
                "netflow.elasticsearch: {url: https://es.example.org, user: a}",
                """
                DIR/warnbell.yaml:1: netflow.elasticsearch.user: it needs netflow.elasticsearch.password or \
                netflow.elasticsearch.password_file
                """
            ),
            (
                "netflow.elasticsearch: {url: https://es.example.org, password: hunter2}",
                "DIR/warnbell.yaml:1: netflow.elasticsearch.password: it needs netflow.elasticsearch.user"
            ),
            (
                "netflow.elasticsearch: {url: https://es.example.org, user: a, password: hunter2, api_key: hunter3}",
                """
                DIR/warnbell.yaml:1: netflow.elasticsearch.api_key: netflow.elasticsearch.user is set as well; only one \
                of them can be
                """
            ),
        ])
    func refused(text: String, problem: String) throws {
        #expect(try load(text).problems == [problem])
    }

    @Test(
        "Values at the edge of what goes together are taken",
        arguments: [
            "listen: {host: \"::1\", max_head: 8KiB, max_field: 8KiB, max_target: 8KiB}",
            "listen: {max_body: 64MiB, body_timeout: 10s, body_idle_timeout: 10s}",
            "batch: {quiet: 5s}",
            """
            misp: {url: https://misp.example.org, key: k, distribution: all, tlp: green, pap: clear}
            networks: {own: [203.0.113.0/24]}
            """,
            "misp: {distribution: connected, tlp: amber}\nnetworks: {own: [203.0.113.0/24]}",
            "misp: {distribution: organisation, tlp: red}",
            "netflow.elasticsearch: {url: https://es.example.org, user: a, password: b}",
            "netflow.elasticsearch: {url: https://es.example.org}",
        ])
    func taken(text: String) throws {
        let (loaded, problems) = try load(text)
        #expect(problems == [])
        #expect(loaded?.warnings == [])
    }

    @Test("A file that is no GeoIP database is named, with the key and the reason")
    func database() throws {
        let folder = try TemporaryFolder()
        let text = try folder.write("no database", to: "text.mmdb")
        let problems = try load("geoip: {database: [\(text)]}", in: folder).problems
        #expect(problems.count == 1)
        #expect(problems[0].hasPrefix("DIR/warnbell.yaml:1: geoip.database: expected a database in MaxMind's format ("))
        #expect(problems[0].hasSuffix("got \"DIR/text.mmdb\""))
        let missing = try load("geoip: {database: [/nonexistent/city.mmdb]}").problems
        #expect(missing.count == 1)
        #expect(missing[0].contains("geoip.database: ") && missing[0].contains("/nonexistent/city.mmdb"))
    }

    @Test("Nothing is concluded from a value that was not taken")
    func faultyKeys() throws {
        #expect(
            try load("batch: {quiet: 9s, max_wait: soon}").problems == [
                "DIR/warnbell.yaml:1: batch.max_wait: expected a duration from 10ms to 1h (a number with ms, s, m, h or d), got \"soon\""
            ])
        #expect(
            try load("misp: {url: https://misp.example.org, key_file: /nonexistent/key}").problems == [
                "DIR/warnbell.yaml:1: misp.key_file: cannot read /nonexistent/key: No such file or directory"
            ])
    }

    @Test(
        "What is odd is told, and taken",
        arguments: [
            ("misp: {key: hunter2}", "misp.key: it does nothing without misp.url"),
            (
                "misp: {url: \"http://misp.example.org\", key: hunter2}",
                "misp.url: the key and the events travel unencrypted over http"
            ),
            ("feed: {enabled: false}", "feed.enabled: without a feed and without misp.url events have nowhere to go"),
            (
                "netflow.elasticsearch: {user: a}",
                "netflow.elasticsearch.user: it does nothing without netflow.elasticsearch.url"
            ),
        ])
    func odd(text: String, warning: String) throws {
        let warnings = try #require(try load(text).loaded).warnings
        #expect(warnings.count == 1)
        #expect(warnings[0].description.hasSuffix("warnbell.yaml:1: \(warning)"))
    }

    @Test("Plain HTTP to this machine is nothing odd", arguments: ["localhost:8080", "127.0.0.1", "[::1]:8080"])
    func loopback(host: String) throws {
        let (loaded, _) = try load("misp: {url: \"http://\(host)\", key: hunter2}")
        #expect(try #require(loaded).warnings == [])
    }

    @Test("The feed is on where there is no MISP, and lies in the data directory unless it is put elsewhere")
    func feed() throws {
        #expect(Configuration().feedIsOn)
        #expect(Configuration().feedDirectory == "./warnbell-data/feed")
        let misp = "misp: {url: https://misp.example.org, key: k}"
        #expect(try load(misp).loaded?.configuration.feedIsOn == false)
        #expect(try load("\(misp)\nfeed: {enabled: true}").loaded?.configuration.feedIsOn == true)
        #expect(try load("data: {directory: /d}").loaded?.configuration.feedDirectory == "/d/feed")
        #expect(try load("feed: {directory: /f}").loaded?.configuration.feedDirectory == "/f")
    }
}
