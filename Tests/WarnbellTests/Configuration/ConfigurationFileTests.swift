import Foundation
import TestKit
import Testing

@testable import Warnbell

struct ConfigurationFileTests {
    @Test("Nested and dotted names set the same keys; lists are lists or one line; a key without a value is not set")
    func shapes() throws {
        let (loaded, problems) = try load(
            """
            # a comment
            listen: {port: 9000}
            listen.loops: 2
            netflow:
              elasticsearch.index: [a-*, "b-*"]
              elasticsearch:
                url: ~
                user:
              lookback: 24h
            misp:
              tags: one, two ,three
            feed:
            """)
        #expect(problems == [])
        let configuration = try #require(loaded).configuration
        #expect(configuration.listen.port == 9000)
        #expect(configuration.listen.loops == 2)
        #expect(configuration.netflow.elasticsearch.index == ["a-*", "b-*"])
        #expect(configuration.netflow.elasticsearch.url == nil)
        #expect(configuration.netflow.lookback == .seconds(86_400))
        #expect(configuration.misp.tags == ["one", "two", "three"])
    }

    @Test("An empty file sets nothing", arguments: ["", "# only a comment\n", "---\n", "~"])
    func empty(text: String) throws {
        let (loaded, problems) = try load(text)
        #expect(problems == [])
        #expect(try #require(loaded).configuration == Configuration())
        #expect(try #require(loaded).origins.isEmpty)
    }

    @Test(
        "What a file can't hold is told with its line",
        arguments: [
            ("- a", "DIR/warnbell.yaml:1: expected keys and values, got a list"),
            ("hello", "DIR/warnbell.yaml:1: expected keys and values, got text"),
            ("\nlisten:\n  prot: 1", "DIR/warnbell.yaml:3: unknown key listen.prot (did you mean listen.port?)"),
            ("lisen:\n  port: 1", "DIR/warnbell.yaml:1: unknown key lisen (did you mean listen?)"),
            ("port: 1", "DIR/warnbell.yaml:1: unknown key port (did you mean listen.port?)"),
            ("directory: x", "DIR/warnbell.yaml:1: unknown key directory"),
            ("listen.port.x: 1", "DIR/warnbell.yaml:1: unknown key listen.port.x (did you mean listen.port?)"),
            ("nothing_like_it: 1", "DIR/warnbell.yaml:1: unknown key nothing_like_it"),
            ("\"a\\nb\": 1", "DIR/warnbell.yaml:1: unknown key a\\nb"),
            ("? [a]\n: 1", "DIR/warnbell.yaml:1: expected the name of a key"),
            ("listen:\n  ? {a: b}\n  : 1", "DIR/warnbell.yaml:2: listen: expected the name of a key"),
            ("listen: 8787", "DIR/warnbell.yaml:1: listen: expected keys below it, got text"),
            ("listen: [port]", "DIR/warnbell.yaml:1: listen: expected keys below it, got a list"),
            (
                "listen:\n  port: [1]",
                "DIR/warnbell.yaml:2: listen.port: expected a whole number from 0 to 65535, got a list"
            ),
            (
                "listen:\n  port: {tcp: 1}",
                "DIR/warnbell.yaml:2: listen.port: expected a whole number from 0 to 65535, got keys below it"
            ),
            ("misp:\n  key: [hunter2]", "DIR/warnbell.yaml:2: misp.key: expected one line of text, got a list"),
            (
                "misp:\n  tags:\n    - a\n    - b: c",
                "DIR/warnbell.yaml:4: misp.tags: element 2: expected text, got keys below it"
            ),
            ("misp:\n  tags: {a: b}", "DIR/warnbell.yaml:2: misp.tags: expected a list of tags, got keys below it"),
            ("listen: {port: 1}\nlisten.port: 2", "DIR/warnbell.yaml:2: listen.port: it is set a second time"),
        ])
    func misfits(text: String, problem: String) throws {
        #expect(try load(text).problems == [problem])
    }

    @Test(
        "A text that is no YAML is told with its line, and without the text itself",
        arguments: [
            ("misp:\n  key: \"hunter2\n", 3), ("misp:\n  key: hunter2\n bad", 3), ("a: 1\n---\nb: hunter2", 2),
            ("a: *hunter2", 1), ("listen:\n\tport: hunter2", 2), ("a: \u{1}hunter2", 1),
            ("misp:\n  key: hunter2\n  key: hunter3", 2),
        ])
    func notYAML(text: String, line: Int) throws {
        let problems = try load(text).problems
        #expect(problems.count == 1)
        #expect(problems[0].hasPrefix("DIR/warnbell.yaml:\(line): not valid YAML"), "\(problems)")
        #expect(!problems[0].contains("hunter"), "\(problems)")
    }

    @Test("A file that is named must be there; the usual file need not be")
    func missing() throws {
        let folder = try TemporaryFolder()
        let loader = ConfigurationLoader(environment: [:], usualFile: "\(folder.path)/usual.yaml")
        #expect(try loader.load(nil).file == nil)
        let error = #expect(throws: ConfigurationError.self) { try loader.load("/nonexistent.yaml") }
        #expect(
            error?.description
                == "the configuration has 1 problem:\n  cannot read /nonexistent.yaml: No such file or directory")

        let usual = try folder.write("listen: {port: 1}", to: "usual.yaml")
        #expect(try loader.load(nil).configuration.listen.port == 1)
        #expect(try loader.load(nil).file == usual)
        let other = try folder.write("listen: {port: 2}", to: "other.yaml")
        #expect(try loader.load(other).configuration.listen.port == 2)
    }

    @Test("A file of the wrong kind is refused")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let loader = ConfigurationLoader(environment: [:], usualFile: folder.path)
        let directory = #expect(throws: ConfigurationError.self) { try loader.load(nil) }
        #expect(directory?.problems.map { "\($0)" } == ["cannot read \(folder.path): Is a directory"])

        let latin = try folder.write(Data([0x61, 0x3a, 0x20, 0xe4]), to: "latin.yaml")
        let encoding = #expect(throws: ConfigurationError.self) { try loader.load(latin) }
        #expect(encoding?.problems.map { "\($0)" } == ["\(latin) is not UTF-8 text"])

        let fits = try folder.write("#" + String(repeating: "x", count: (1 << 20) - 1), to: "fits.yaml")
        #expect(try loader.load(fits).configuration == Configuration())
        let large = try folder.write("#" + String(repeating: "x", count: 1 << 20), to: "large.yaml")
        let size = #expect(throws: ConfigurationError.self) { try loader.load(large) }
        #expect(size?.problems.map { "\($0)" } == ["\(large) is larger than 1MiB"])
    }
}
