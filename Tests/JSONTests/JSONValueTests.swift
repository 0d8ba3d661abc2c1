import JSON
import Testing

@Suite("JSON values")
struct JSONValueTests {
    private func value(_ text: String) throws -> JSONValue { try JSONDocument(text).root }

    @Test(
        "strings are read with their escapes resolved",
        arguments: [
            (#""""#, ""),
            (#""plain""#, "plain"),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""a\uD83D\uDE00b""#, "a😀b"),
            (#""\uDBFF\uDFFF""#, "\u{10ffff}"),
            (#""\u0000""#, "\0"),
            (#""grün und 😀""#, "grün und 😀"),
        ])
    func readsStrings(text: String, expected: String) throws {
        #expect(try value(text).string == expected)
        #expect(try value(text).text == expected)
    }

    @Test(
        "numbers are read as what they are",
        arguments: [
            ("0", 0, 0.0),
            ("-0", 0, -0.0),
            ("9223372036854775807", Int.max, 9223372036854775807.0),
            ("9223372036854775808", nil, 9223372036854775808.0),
            ("12.0", 12, 12.0),
            ("1.2e1", 12, 12.0),
            ("12.5", nil, 12.5),
            ("1e400", nil, nil),
        ])
    func readsNumbers(text: String, int: Int?, double: Double?) throws {
        #expect(try value(text).int == int)
        #expect(try value(text).double == double)
        #expect(try value(text).text == text)
    }

    @Test("a value is only what it is")
    func keepsKindsApart() throws {
        #expect(try value("true").bool == true)
        #expect(try value("false").bool == false)
        #expect(try value("null").isNull)
        #expect(try value("1").bool == nil)
        #expect(try value(#""1""#).int == nil)
        #expect(try value("1").string == nil)
        #expect(try value("[1]").text == nil)
        #expect(try value("{}").text == nil)
        #expect(try value("null").text == "null")
        #expect(try value("[1]").members.isEmpty)
        #expect(try value("{}").elements.isEmpty)
        #expect(try value("1")["a"] == nil)
        #expect(try value("1")[0] == nil)
    }

    @Test("members are found by their key, the last of several")
    func findsMembers() throws {
        let object = try value(#"{"a":1,"b":[true,{"c":"x"}],"\u0061b":2,"a":3,"":4}"#)
        #expect(object["a"]?.int == 3)
        #expect(object["ab"]?.int == 2)
        #expect(object[""]?.int == 4)
        #expect(object["c"] == nil)
        #expect(object["b"]?[0]?.bool == true)
        #expect(object["b"]?[1]?["c"]?.string == "x")
        #expect(object["b"]?[2] == nil)
        #expect(object["b"]?[-1] == nil)
        #expect(object.members.map(\.key) == ["a", "b", "ab", "a", ""])
    }

    @Test(
        "paths go through objects and arrays",
        arguments: [
            ("rule.id", ["5710"]),
            ("rule.groups", ["sshd", "invalid"]),
            ("rule.mitre.id", ["T1110", "T1021"]),
            ("data.list.ip", ["192.0.2.1", "192.0.2.2"]),
            ("data.nested", ["1", "2", "3"]),
            ("data.null", ["null"]),
            ("data.empty", []),
            ("data.aws.sourceIPAddress", ["192.0.2.3", "192.0.2.4", "192.0.2.5"]),
            ("rule.missing", []),
            ("rule.id.deeper", []),
            ("", []),
        ])
    func findsPaths(path: String, expected: [String]) throws {
        let alert = try value(
            #"""
            {"rule":{"id":"5710","groups":["sshd","invalid"],"mitre":{"id":["T1110","T1021"]}},
             "data":{"list":[{"ip":"192.0.2.1"},{"no":0},{"ip":"192.0.2.2"}],"nested":[[1,[2]],3],"null":null,"empty":[],
                     "aws":{"sourceIPAddress":"192.0.2.3"},"aws.sourceIPAddress":"192.0.2.4"},
             "data.aws.sourceIPAddress":"192.0.2.5"}
            """#)
        #expect(alert.values(at: path).compactMap(\.text) == expected)
        #expect(alert.value(at: path)?.text == expected.first)
    }

    @Test("a value knows where its bytes are")
    func knowsRanges() throws {
        let document = try JSONDocument(#" {"a": "b\n", "c": [1, 2]} "#)
        func source(_ value: JSONValue?) -> String? {
            value.map { String(decoding: document.bytes[$0.range], as: UTF8.self) }
        }
        #expect(source(document.root) == #"{"a": "b\n", "c": [1, 2]}"#)
        #expect(source(document.root["a"]) == #""b\n""#)
        #expect(source(document.root["c"]) == "[1, 2]")
        #expect(source(document.root["c"]?[1]) == "2")
    }

    @Test("a value in the middle of other bytes is read alone")
    func readsValueAtOffset() throws {
        let document = try JSONDocument(Array(#"{"a":[1,2],"#.utf8), valueAt: 5)
        #expect(document.root.elements.map(\.int) == [1, 2])
    }
}
