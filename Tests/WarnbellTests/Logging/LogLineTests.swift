import Foundation
import Logging
import Testing
import Timestamps

@testable import Warnbell

struct LogLineTests {
    private func line(_ facts: Logger.Metadata, message: String = "batch sent") throws -> LogLine {
        LogLine(time: try #require(Timestamp("2026-11-24T06:11:43.187Z")), level: .info, message: message, facts: facts)
    }

    @Test(
        "A line of text has time, level, message, and facts in the order of their names",
        arguments: [
            ([:], "2026-11-24T06:11:43.187Z info     batch sent"),
            (
                ["sink": "misp", "alerts": "12"],
                "2026-11-24T06:11:43.187Z info     batch sent alerts=12 sink=misp"
            ),
            (["reason": "no such key"], "2026-11-24T06:11:43.187Z info     batch sent reason=\"no such key\""),
            (["reason": ""], "2026-11-24T06:11:43.187Z info     batch sent reason=\"\""),
            (["reason": "a=b"], "2026-11-24T06:11:43.187Z info     batch sent reason=\"a=b\""),
            (["reason": "say \"no\""], "2026-11-24T06:11:43.187Z info     batch sent reason=\"say \\\"no\\\"\""),
            (["path": "/a\\b"], "2026-11-24T06:11:43.187Z info     batch sent path=/a\\\\b"),
            (
                ["path": "/\n2026-11-24T06:11:43.187Z critical all is lost"],
                "2026-11-24T06:11:43.187Z info     batch sent path=\"/\\n2026-11-24T06:11:43.187Z critical all is lost\""
            ),
            (
                ["path": "\u{1b}[31m\u{2028}"],
                "2026-11-24T06:11:43.187Z info     batch sent path=\"\\u{1b}[31m\\u{2028}\""
            ),
            (
                ["a b\n": ["x", "y"]],
                "2026-11-24T06:11:43.187Z info     batch sent \"a b\\n\"=\"[\\\"x\\\", \\\"y\\\"]\""
            ),
        ] as [(Logger.Metadata, String)])
    func text(facts: Logger.Metadata, expected: String) throws {
        #expect(try line(facts).text == expected)
    }

    @Test("A line of JSON is one object with the same facts")
    func json() throws {
        #expect(
            try line(["sink": "misp", "reason": "say \"no\"\\", "alerts": .stringConvertible(12)]).json == """
                {"time":"2026-11-24T06:11:43.187Z","level":"info","message":"batch sent","alerts":12,\
                "reason":"say \\"no\\"\\\\","sink":"misp"}
                """)
        #expect(
            try line(["a": ["x", ["b": "y"]]]).json == """
                {"time":"2026-11-24T06:11:43.187Z","level":"info","message":"batch sent","a":["x",{"b":"y"}]}
                """)
    }

    @Test(
        "Whatever a value holds, a line of JSON is one line, harmless to a terminal, and reads back as it was",
        arguments: ["a\nb\r\tc", "\u{1b}[2J\u{7f}\u{9b}", "\u{2028}\u{202e}\u{feff}", "\u{e0001}x", "Grüße 😀", "\u{0}"])
    func hostile(value: String) throws {
        let json = try line(["path": .string(value)], message: value).json
        #expect(LineText.isPlain(json))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: String])
        #expect(try #require(object["path"]).unicodeScalars.elementsEqual(value.unicodeScalars))
        #expect(try #require(object["message"]).unicodeScalars.elementsEqual(value.unicodeScalars))
        #expect(LineText.isPlain(try line(["path": .string(value)], message: value).text))
    }

    @Test("A value is kept up to the limit and cut beyond it")
    func limit() throws {
        let fits = String(repeating: "ä", count: LogLine.valueLimit)
        #expect(try line(["path": .string(fits)]).text.hasSuffix("path=\(fits)"))
        #expect(try line(["path": .string(fits + "x")]).text.hasSuffix("path=\(fits)…"))
        #expect(try line(["path": .string(fits + "x")]).json.hasSuffix("\"path\":\"\(fits)…\"}"))
    }

    @Test("The names of facts are in snake case")
    func keys() {
        for key in LogKey.allCases {
            #expect(key.rawValue.allSatisfy { $0.isLowercase || $0 == "_" }, "\(key.rawValue)")
            #expect(!["time", "level", "message"].contains(key.rawValue))
        }
    }
}
