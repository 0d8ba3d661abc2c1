import IPAddresses
import Testing

@testable import Warnbell

struct ConfigurationValueTests {
    @Test(
        "Values are read as people write them, and shown in one way",
        arguments: [
            ("listen.port", "0", "0"), ("listen.port", "65535", "65535"), ("listen.port", "0080", "80"),
            ("listen.host", "127.0.0.2", "127.0.0.2"), ("listen.host", "::1", "::1"),
            ("listen.host", "localhost", "127.0.0.1"),
            ("listen.max_head", "1024B", "1KiB"), ("listen.max_head", "1MiB", "1MiB"),
            ("listen.max_body", "1536KiB", "1536KiB"), ("listen.max_body_memory", "1TiB", "1TiB"),
            ("listen.head_timeout", "100ms", "100ms"), ("listen.head_timeout", "1h", "1h"),
            ("listen.head_timeout", "1500ms", "1500ms"), ("listen.head_timeout", "60s", "60s"),
            ("listen.head_timeout", "1m", "60s"), ("listen.reply_delay", "0ms", "0s"),
            ("netflow.lookback", "7d", "7d"), ("netflow.lookback", "1d", "24h"), ("netflow.lookback", "90m", "90m"),
            ("feed.include_tests", "yes", "true"), ("feed.include_tests", "OFF", "false"),
            ("feed.include_tests", "1", "true"), ("feed.enabled", "false", "false"),
            ("misp.distribution", "organisation", "organisation"), ("misp.distribution", "0", "organisation"),
            ("misp.tlp", "amber+strict", "amber+strict"), ("misp.tlp", "RED", "red"),
            ("misp.publish", "after_quiet", "after_quiet"), ("misp.publish", "Never", "never"),
            ("feed.keep", "30d", "30d"),
            ("misp.url_query", "names", "names"),
            ("log.level", "debug", "debug"), ("log.format", "json", "json"),
            ("installation.name", "site-1_a.b", "site-1_a.b"),
            ("feed.organisation", "Beispiel GmbH & Söhne", "Beispiel GmbH & Söhne"),
            ("netflow.elasticsearch.url", "https://es.example.org:9200//", "https://es.example.org:9200"),
            ("netflow.elasticsearch.url", "HTTP://[::1]:9200/base/", "HTTP://[::1]:9200/base"),
            ("netflow.directory", "flows of today", "flows of today"),
        ])
    func taken(name: String, text: String, shown: String) throws {
        let key = try #require(ConfigurationKey.byName[name])
        var configuration = Configuration()
        try key.assign(.text(text), &configuration)
        #expect("\(key.show(configuration))" == shown)
    }

    @Test(
        "What a key does not take is refused with what was expected and what came",
        arguments: [
            ("listen.port", "65536", "expected a whole number from 0 to 65535, got \"65536\""),
            ("listen.port", "-1", "expected a whole number from 0 to 65535, got \"-1\""),
            ("listen.port", "+1", "expected a whole number from 0 to 65535, got \"+1\""),
            ("listen.port", "0x50", "expected a whole number from 0 to 65535, got \"0x50\""),
            ("listen.port", "8o", "expected a whole number from 0 to 65535, got \"8o\""),
            ("listen.port", "٣", "expected a whole number from 0 to 65535, got \"٣\""),
            ("listen.port", "", "expected a whole number from 0 to 65535, got \"\""),
            (
                "listen.port", "99999999999999999999",
                "expected a whole number from 0 to 65535, got \"99999999999999999999\""
            ),
            (
                "listen.host", "warnbell",
                "expected an IP address such as 127.0.0.1 or ::1, or localhost, got \"warnbell\""
            ),
            (
                "listen.host", "127.0.0.1:80",
                "expected an IP address such as 127.0.0.1 or ::1, or localhost, got \"127.0.0.1:80\""
            ),
            (
                "listen.max_head", "1023B",
                "expected a size from 1KiB to 1MiB (a number with B, KiB, MiB, GiB or TiB), got \"1023B\""
            ),
            (
                "listen.max_head", "64KB",
                "expected a size from 1KiB to 1MiB (a number with B, KiB, MiB, GiB or TiB), got \"64KB\""
            ),
            (
                "listen.max_head", "4096",
                "expected a size from 1KiB to 1MiB (a number with B, KiB, MiB, GiB or TiB), got \"4096\""
            ),
            (
                "listen.max_head", "9223372036854775807TiB",
                "expected a size from 1KiB to 1MiB (a number with B, KiB, MiB, GiB or TiB),"
                    + " got \"9223372036854775807TiB\""
            ),
            (
                "listen.head_timeout", "10",
                "expected a duration from 100ms to 1h (a number with ms, s, m, h or d), got \"10\""
            ),
            (
                "listen.head_timeout", "99ms",
                "expected a duration from 100ms to 1h (a number with ms, s, m, h or d), got \"99ms\""
            ),
            (
                "listen.head_timeout", "1.5s",
                "expected a duration from 100ms to 1h (a number with ms, s, m, h or d), got \"1.5s\""
            ),
            (
                "listen.head_timeout", "61m",
                "expected a duration from 100ms to 1h (a number with ms, s, m, h or d), got \"61m\""
            ),
            (
                "listen.head_timeout", "5 s",
                "expected a duration from 100ms to 1h (a number with ms, s, m, h or d), got \"5 s\""
            ),
            ("feed.include_tests", "maybe", "expected true or false, got \"maybe\""),
            (
                "misp.distribution", "4",
                "expected one of organisation, community, connected, all, or 0 to 3 (sharing groups are not there yet),"
                    + " got \"4\""
            ),
            ("misp.tlp", "orange", "expected one of red, amber, amber+strict, green, white, clear, got \"orange\""),
            ("misp.publish", "always", "expected one of never, after_quiet, got \"always\""),
            ("misp.url_query", "cut", "expected one of drop, names, keep, got \"cut\""),
            ("journal.mode", "disk", "expected one of durable, memory, got \"disk\""),
            (
                "log.level", "verbose",
                "expected one of trace, debug, info, notice, warning, error, critical, got \"verbose\""
            ),
            (
                "installation.name", "a b",
                "expected a name of up to 64 letters, digits, dots, hyphens and underscores, got \"a b\""
            ),
            (
                "feed.organisation", "a\nb",
                "expected an organisation's name (one line of up to 255 bytes), got \"a\\nb\""
            ),
            (
                "misp.url", "misp.example.org",
                "expected a URL such as https://misp.example.org, got \"misp.example.org\""
            ),
            ("misp.url", "ftp://a.example", "expected a URL such as https://misp.example.org, got \"ftp://a.example\""),
            ("misp.url", "https://", "expected a URL such as https://misp.example.org, got \"https://\""),
            ("misp.url", "https://a/?b", "expected a URL such as https://misp.example.org, got \"https://a/?b\""),
            ("misp.url", "https://a/#b", "expected a URL such as https://misp.example.org, got \"https://a/#b\""),
            ("misp.url", "https://a b/", "expected a URL such as https://misp.example.org, got \"https://a b/\""),
            ("misp.url", "https://a:70000", "expected a URL such as https://misp.example.org, got \"https://a:70000\""),
            (
                "misp.url", "https://user:hunter2@misp.example.org",
                "expected a URL such as https://misp.example.org, got one with a user or password in it:"
                    + " they have own keys"
            ),
            ("misp.ca_file", "/nonexistent/ca.pem", "cannot read /nonexistent/ca.pem: No such file or directory"),
            (
                "misp.pin_sha256", "sha256//abc",
                "element 1: expected sha256// and the base64 of a public key's SHA-256 (44 characters), "
                    + "got \"sha256//abc\""
            ),
            ("misp.ca_file", "/", "cannot read /: Is a directory"),
            ("misp.key_file", "/nonexistent/key", "cannot read /nonexistent/key: No such file or directory"),
            ("misp.key", "", "expected one line of text, got nothing"),
            ("misp.key", "hunter2\r", "expected one line of text, got something with control characters in it"),
        ])
    func refused(name: String, text: String, fault: String) throws {
        let key = try #require(ConfigurationKey.byName[name])
        var configuration = Configuration()
        let error = #expect(throws: InvalidValue.self) { try key.assign(.text(text), &configuration) }
        #expect(error?.faults == [fault])
        #expect(configuration == Configuration())
    }

    @Test("A long value is not repeated whole")
    func longValue() throws {
        let key = try #require(ConfigurationKey.byName["listen.port"])
        var configuration = Configuration()
        let error = #expect(throws: InvalidValue.self) {
            try key.assign(.text(String(repeating: "9", count: 1000)), &configuration)
        }
        let shown = String(repeating: "9", count: 80)
        #expect(
            error?.faults == ["expected a whole number from 0 to 65535, got \"\(shown)\"… (1000 characters)"])
    }

    @Test(
        "Text is taken up to its limit, and refused beyond it",
        arguments: [("installation.name", 64), ("feed.organisation", 255), ("data.directory", 4096)])
    func textLimit(name: String, limit: Int) throws {
        let key = try #require(ConfigurationKey.byName[name])
        var configuration = Configuration()
        try key.assign(.text(String(repeating: "x", count: limit)), &configuration)
        #expect(throws: InvalidValue.self) {
            try key.assign(.text(String(repeating: "x", count: limit + 1)), &configuration)
        }
    }

    @Test("Every default is a value that its key takes")
    func defaults() throws {
        for key in ConfigurationKey.all {
            guard let standard = key.standard.raw else { continue }
            var configuration = Configuration()
            try key.assign(standard, &configuration)
            #expect(configuration == Configuration(), "\(key.name)")
        }
    }

    @Test("Every example is a value that its key takes")
    func examples() throws {
        for key in ConfigurationKey.all where !key.expected.short.contains(/^a (path|list of paths) to/) {
            guard let example = key.example else { continue }
            var configuration = Configuration()
            try key.assign(.text(example), &configuration)
            #expect(configuration != Configuration(), "\(key.name)")
        }
    }
}
