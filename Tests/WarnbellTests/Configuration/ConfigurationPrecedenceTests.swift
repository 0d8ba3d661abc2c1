import TestKit
import Testing

@testable import Warnbell

struct ConfigurationPrecedenceTests {
    @Test("Environment goes before file, file before the older names, those before defaults")
    func order() throws {
        let file = "misp: {url: https://file.example.org, key: file}"
        let legacy = ["MISP_URL": "https://legacy.example.org", "MISP_KEY": "legacy"]
        let environment = legacy.merging(["WARNBELL_MISP_URL": "https://env.example.org"]) { $1 }

        let all = try #require(try load(file, environment).loaded)
        #expect(all.configuration.misp.url == "https://env.example.org")
        #expect(all.configuration.misp.key?.text == "file")
        #expect(all.origins["misp.url"] == .environment("WARNBELL_MISP_URL"))
        #expect("\(try #require(all.origins["misp.key"]))".hasSuffix("warnbell.yaml:1"))
        #expect(all.origins["misp.tlp"] == nil)

        #expect(try load(file, legacy).loaded?.configuration.misp.url == "https://file.example.org")
        #expect(try load(nil, legacy).loaded?.configuration.misp.url == "https://legacy.example.org")
        #expect(try load().loaded?.configuration.misp.url == nil)
    }

    @Test("A secret's file is read, and the line break at its end does not count")
    func secretFile() throws {
        for (content, expected) in [
            ("hunter2", "hunter2"), ("hunter2\n", "hunter2"), ("hunter2\r\n", "hunter2"), (" hunter2 \n", " hunter2 "),
        ] {
            let folder = try TemporaryFolder()
            let file = try folder.write(content, to: "key")
            let (loaded, problems) = try load("misp: {url: https://misp.example.org, key_file: \(file)}", in: folder)
            #expect(problems == [])
            #expect(loaded?.configuration.misp.key == Secret(expected, file: file))
        }
    }

    @Test(
        "A secret's file that holds no line of text is refused, and its content not repeated",
        arguments: [
            ("", "DIR/key: expected one line of text, got nothing"),
            ("\n", "DIR/key: expected one line of text, got nothing"),
            ("hunter2\nhunter3\n", "DIR/key: expected one line of text, got something with control characters in it"),
        ])
    func emptySecretFile(content: String, fault: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(content, to: "key")
        #expect(
            try load(nil, ["WARNBELL_MISP_KEY_FILE": file], in: folder).problems == [
                "environment variable WARNBELL_MISP_KEY_FILE: misp.key_file: \(fault)"
            ])
    }

    @Test("A secret's file is read up to its limit, and refused beyond it")
    func secretFileLimit() throws {
        let folder = try TemporaryFolder()
        let fits = try folder.write(String(repeating: "x", count: Secret.fileLimit), to: "fits")
        #expect(try load(nil, ["WARNBELL_MISP_KEY_FILE": fits], in: folder).problems == [])
        let large = try folder.write(String(repeating: "x", count: Secret.fileLimit + 1), to: "large")
        #expect(
            try load(nil, ["WARNBELL_MISP_KEY_FILE": large], in: folder).problems == [
                "environment variable WARNBELL_MISP_KEY_FILE: misp.key_file: DIR/large is larger than 64KiB"
            ])
    }

    @Test("A secret goes before a secret's file of a lower place, and the other way round")
    func secretAndFile() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("from-file", to: "key")
        let url = "url: https://misp.example.org"

        let plain = try load("misp: {\(url), key_file: \(file)}", ["WARNBELL_MISP_KEY": "plain"], in: folder)
        #expect(plain.loaded?.configuration.misp.key?.text == "plain")
        #expect(plain.loaded?.origins["misp.key_file"] == nil)

        let read = try load("misp: {\(url), key: plain}", ["WARNBELL_MISP_KEY_FILE": file], in: folder)
        #expect(read.loaded?.configuration.misp.key?.text == "from-file")
        #expect(read.loaded?.origins["misp.key"] == nil)

        let legacy = try load("misp: {\(url), key_file: \(file)}", ["MISP_KEY": "legacy"], in: folder)
        #expect(legacy.loaded?.configuration.misp.key?.text == "from-file")
    }

    @Test("A secret and its file in one place are too many")
    func both() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("x", to: "key")
        #expect(
            try load("misp:\n  url: https://a.example.org\n  key_file: \(file)\n  key: hunter2", in: folder).problems
                == [
                    "DIR/warnbell.yaml:4: misp.key: misp.key_file is set as well (DIR/warnbell.yaml:3); only one of them can be"
                ])
    }

    @Test("An API key takes the place of the older user and password")
    func legacyUser() throws {
        let (loaded, problems) = try load(
            "netflow.elasticsearch: {url: https://es.example.org, api_key: hunter2}",
            ["ES_USER": "old", "ES_PASS": "older"])
        #expect(problems == [])
        #expect(loaded?.configuration.netflow.elasticsearch.user == nil)
        #expect(loaded?.configuration.netflow.elasticsearch.password == nil)
    }

    @Test("All problems are told at once")
    func collected() throws {
        let (_, problems) = try load(
            """
            listen:
              port: http
              hots: 127.0.0.1
            batch: {quiet: 10s}
            misp:
              url: https://misp.example.org
              tags: [{a: b}]
            """, ["WARNBELL_LISTEN_LOOPS": "many", "WARNBELL_LISTEN_PROT": "1"])
        #expect(
            problems == [
                "environment variable WARNBELL_LISTEN_PROT: it sets no key (did you mean WARNBELL_LISTEN_PORT?)",
                "DIR/warnbell.yaml:3: unknown key listen.hots (did you mean listen.host?)",
                "DIR/warnbell.yaml:7: misp.tags: element 1: expected text, got keys below it",
                "DIR/warnbell.yaml:2: listen.port: expected a whole number from 0 to 65535, got \"http\"",
                "environment variable WARNBELL_LISTEN_LOOPS: listen.loops: expected a whole number from 0 to 256, got \"many\"",
                "DIR/warnbell.yaml:4: batch.quiet: it is longer than batch.max_wait (5s)",
                "DIR/warnbell.yaml:6: misp.url: it needs misp.key or misp.key_file",
            ])
        #expect(
            ConfigurationError(problems: [
                ConfigurationProblem(origin: nil, key: nil, text: "a"),
                ConfigurationProblem(origin: .environment("B"), key: "c", text: "d"),
            ]).description == "the configuration has 2 problems:\n  a\n  environment variable B: c: d")
    }
}
