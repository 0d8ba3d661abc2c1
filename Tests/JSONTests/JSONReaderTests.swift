import JSON
import Testing

@Suite("JSON texts")
struct JSONReaderTests {
    /// A text that must be taken, with what stands on the tape: kinds in order.
    static let accepted: [(String, [JSONKind])] = [
        ("0", [.number]),
        ("-0", [.number]),
        (" 42 ", [.number]),
        ("-12.50e+3", [.number]),
        ("1E400", [.number]),
        ("0.0", [.number]),
        ("123456789012345678901234567890", [.number]),
        ("true", [.true]),
        ("false", [.false]),
        ("null", [.null]),
        (#""""#, [.string]),
        (#""a""#, [.string]),
        (#"  "seven b"  "#, [.string]),
        (#""eight by""#, [.string]),
        (#""nine byte""#, [.string]),
        (#""\"\\\/\b\f\n\r\t\u0041""#, [.string]),
        (#""\u0000""#, [.string]),
        (#""\uD83D\uDE00""#, [.string]),
        (#""\uffff\ud7ff\ue000""#, [.string]),
        ("\"\u{7f}\"", [.string]),
        ("\"\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}\"", [.string]),
        ("\"\u{d7ff}\u{e000}\u{feff}\"", [.string]),
        ("[]", [.array]),
        ("[ ]", [.array]),
        ("{}", [.object]),
        ("{ }", [.object]),
        ("[1,[],{}]", [.array, .number, .array, .object]),
        (#"{"":0}"#, [.object, .string, .number]),
        (#"{"a":1,"a":2}"#, [.object, .string, .number, .string, .number]),
        (#"{"a":{"b":[null]}}"#, [.object, .string, .object, .string, .array, .null]),
        ("\t\n\r [\t\n\r 1\t\n\r ,\t\n\r 2\t\n\r ]\t\n\r ", [.array, .number, .number]),
        (" { \"a\" : 1 , \"b\" : 2 } ", [.object, .string, .number, .string, .number]),
    ]

    @Test("what RFC 8259 allows is taken", arguments: accepted)
    func accepts(text: String, kinds: [JSONKind]) throws {
        var tape = JSONTape()
        try tape.read(Array(text.utf8).span)
        #expect((0..<tape.count).map { tape[$0].kind } == kinds)
    }

    /// A text that must be refused: where, and what was expected there.
    static let refused: [(String, Int, JSONError.Expectation)] = [
        ("", 0, .value),
        (" ", 1, .value),
        ("\u{feff}1", 0, .value),
        ("\u{a0}1", 0, .value),
        ("\u{0c}1", 0, .value),
        ("1 2", 2, .endOfText),
        ("{}x", 2, .endOfText),
        ("[]]", 2, .endOfText),
        ("null\0", 4, .endOfText),
        ("01", 1, .endOfText),
        ("-01", 2, .endOfText),
        ("1.", 2, .digit),
        ("1.e1", 2, .digit),
        (".5", 0, .value),
        ("+1", 0, .value),
        ("-", 1, .digit),
        ("-x", 1, .digit),
        ("- 1", 1, .digit),
        ("1e", 2, .digit),
        ("1e+", 3, .digit),
        ("1e1.5", 3, .endOfText),
        ("0x10", 1, .endOfText),
        ("1_000", 1, .endOfText),
        ("NaN", 0, .value),
        ("Infinity", 0, .value),
        ("-Infinity", 1, .digit),
        ("tru", 3, .literal),
        ("trUe", 2, .literal),
        ("nul", 3, .literal),
        ("falsy", 4, .literal),
        ("truest", 4, .endOfText),
        ("True", 0, .value),
        ("[1,]", 3, .value),
        ("[,1]", 1, .value),
        ("[1,,2]", 3, .value),
        ("[1 2]", 3, .commaOrArrayEnd),
        ("[1}", 2, .commaOrArrayEnd),
        ("[1", 2, .commaOrArrayEnd),
        ("[", 1, .value),
        ("]", 0, .value),
        ("[1:2]", 2, .commaOrArrayEnd),
        ("{", 1, .keyOrObjectEnd),
        ("{,}", 1, .keyOrObjectEnd),
        ("{1:2}", 1, .keyOrObjectEnd),
        ("{a:1}", 1, .keyOrObjectEnd),
        ("{'a':1}", 1, .keyOrObjectEnd),
        (#"{"a"}"#, 4, .colon),
        (#"{"a" 1}"#, 5, .colon),
        (#"{"a","b"}"#, 4, .colon),
        (#"{"a":}"#, 5, .value),
        (#"{"a"::1}"#, 5, .value),
        (#"{"a":1,}"#, 7, .key),
        (#"{"a":1,,"b":2}"#, 7, .key),
        (#"{"a":1 "b":2}"#, 7, .commaOrObjectEnd),
        (#"{"a":1]"#, 6, .commaOrObjectEnd),
        (#"{"a":1"#, 6, .commaOrObjectEnd),
        (#"{"a":1,"#, 7, .key),
        (#"{"a"#, 3, .closingQuote),
        ("[1] // no comments", 4, .endOfText),
        ("[1/**/]", 2, .commaOrArrayEnd),
        (#"""#, 1, .closingQuote),
        (#""abc"#, 4, .closingQuote),
        (#""abcdefgh"#, 9, .closingQuote),
        (#""\""#, 3, .closingQuote),
        (#""\"#, 2, .escapeCharacter),
        (#""\x41""#, 2, .escapeCharacter),
        (#""\'""#, 2, .escapeCharacter),
        (#""\U0041""#, 2, .escapeCharacter),
        (#""\u""#, 3, .hexadecimalDigit),
        (#""\u004""#, 6, .hexadecimalDigit),
        (#""\u00g1""#, 5, .hexadecimalDigit),
        (#""\u+041""#, 3, .hexadecimalDigit),
        (#""\uD83D""#, 7, .lowSurrogate),
        (#""\uD83Dx""#, 7, .lowSurrogate),
        (#""\uD83D\n""#, 7, .lowSurrogate),
        (#""\uD83D\u0041""#, 7, .lowSurrogate),
        (#""\uD83D\uD83D""#, 7, .lowSurrogate),
        (#""\uD83D\u12"#, 11, .hexadecimalDigit),
        (#""\uDE00""#, 1, .highSurrogate),
        ("\"a\nb\"", 2, .escapedControlCharacter),
        ("\"12345678\tb\"", 9, .escapedControlCharacter),
        ("\"\u{0}\"", 1, .escapedControlCharacter),
        ("\"\u{1f}\"", 1, .escapedControlCharacter),
        ("'a'", 0, .value),
    ]

    @Test("anything else is refused where it goes wrong", arguments: refused)
    func refuses(text: String, offset: Int, expected: JSONError.Expectation) throws {
        var tape = JSONTape()
        let bytes = Array(text.utf8)
        let error = try #require(throws: JSONError.self) { try tape.read(bytes.span) }
        #expect(error.offset == offset)
        #expect(error.expected == expected)
        #expect(error.found == (offset < bytes.count ? bytes[offset] : nil))
    }

    static let malformedUTF8: [(String, [UInt8])] = [
        ("a continuation byte alone", [0x80]),
        ("an overlong solidus of two bytes", [0xc0, 0xaf]),
        ("an overlong null", [0xc1, 0x80]),
        ("an overlong form of three bytes", [0xe0, 0x9f, 0xbf]),
        ("an overlong form of four bytes", [0xf0, 0x8f, 0xbf, 0xbf]),
        ("a high surrogate", [0xed, 0xa0, 0x80]),
        ("a low surrogate", [0xed, 0xbf, 0xbf]),
        ("U+110000", [0xf4, 0x90, 0x80, 0x80]),
        ("a byte that begins five", [0xf8, 0x88, 0x80, 0x80, 0x80]),
        ("0xff", [0xff]),
        ("two bytes cut after one", [0xc3]),
        ("three bytes cut after two", [0xe2, 0x82]),
        ("four bytes cut after three", [0xf0, 0x9f, 0x98]),
        ("an ASCII byte in the middle", [0xe2, 0x41, 0x82]),
        ("an ASCII byte at the end", [0xe2, 0x82, 0x41]),
        ("Latin-1", [0x41, 0xe9, 0x41]),
    ]

    @Test("text that is not UTF-8 is refused, wherever it stands in a string", arguments: malformedUTF8)
    func refusesMalformedUTF8(name: String, bad: [UInt8]) throws {
        var tape = JSONTape()
        for padding in 0..<18 {
            let before = Array(repeating: UInt8(ascii: "a"), count: padding)
            for after in [[], [UInt8(ascii: "z")], before] {
                let text = [UInt8(ascii: "\"")] + before + bad + after + [UInt8(ascii: "\"")]
                let error = try #require(throws: JSONError.self) { try tape.read(text.span) }
                #expect(error.expected == .utf8)
                #expect(error.offset == 1 + padding + (bad[0] == 0x41 ? 1 : 0))
            }
        }
    }

    @Test("a byte that ends a string is found at every distance")
    func stopsAtEveryDistance() throws {
        var tape = JSONTape()
        for padding in 0..<40 {
            let plain = String(repeating: "x", count: padding)
            try tape.read(Array("[\"\(plain)\",\"\(plain)é\",\"\(plain)\\n\"]".utf8).span)
            #expect(tape.count == 4)
            #expect(tape[1].content == 2..<2 + padding)
            #expect(!tape[1].hasEscapes && !tape[2].hasEscapes && tape[3].hasEscapes)
            let control = try #require(throws: JSONError.self) {
                try tape.read(Array("\"\(plain)\u{1}\(plain)\"".utf8).span)
            }
            #expect(control.offset == padding + 1)
        }
    }

    @Test("every byte but ASCII text ends the plain part of a string")
    func classifiesEveryByte() {
        for byte in UInt8.min...UInt8.max {
            for padding in [0, 3, 8, 13] {
                let plain = Array(repeating: UInt8(ascii: "p"), count: padding)
                var tape = JSONTape()
                let text = Array("\"".utf8) + plain + [byte] + Array("ppppppppp\"".utf8)
                let isTaken = (try? tape.read(text.span)) != nil
                let isPlain = (0x20..<0x80).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
                #expect(isTaken == isPlain, "byte \(byte)")
            }
        }
    }

    @Test(
        "every beginning of a text is refused at its end",
        arguments: [
            #"{"a":[1,-2.5e3,true,false,null,"t\u00e9\ud83d\ude00\n"],"b":{"c":{}}}"#,
            #"["é😀 plain text that is longer than one vector"]"#,
        ])
    func refusesPrefixes(text: String) throws {
        var tape = JSONTape()
        let bytes = Array(text.utf8)
        try tape.read(bytes.span)
        for length in 0..<bytes.count {
            let error = try #require(throws: JSONError.self) { try tape.read(bytes.span.extracting(first: length)) }
            #expect(error.offset <= length)
        }
    }

    @Test("the limit of depth is the deepest that is taken")
    func limitsDepth() throws {
        var tape = JSONTape(limits: JSONLimits(depth: 8))
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ depth: Int) -> [UInt8] {
                let inner = open == "[" ? "" : "0"
                return Array(
                    (String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)).utf8)
            }
            try tape.read(nested(8).span)
            let error = try #require(throws: JSONError.self) { try tape.read(nested(9).span) }
            #expect(error.expected == .depth(limit: 8))
            #expect(error.offset == 8 * open.utf8.count)
        }
    }

    @Test("a text as deep as it likes ends at the limit")
    func survivesDepth() throws {
        var tape = JSONTape()
        let deep = Array(repeating: UInt8(ascii: "["), count: 100_000)
        let error = try #require(throws: JSONError.self) { try tape.read(deep.span) }
        #expect(error.expected == .depth(limit: 128))
        #expect(error.offset == 128)
    }

    @Test("the limit of nodes counts values and keys")
    func limitsNodes() throws {
        var tape = JSONTape(limits: JSONLimits(nodes: 5))
        try tape.read(Array("[1,2,3,4]".utf8).span)
        try tape.read(Array(#"{"a":1,"b":2}"#.utf8).span)
        let array = try #require(throws: JSONError.self) { try tape.read(Array("[1,2,3,4,5]".utf8).span) }
        #expect(array.expected == .nodes(limit: 5))
        #expect(array.offset == 9)
        let object = try #require(throws: JSONError.self) {
            try tape.read(Array(#"{"a":1,"b":2,"c":3}"#.utf8).span)
        }
        #expect(object.expected == .nodes(limit: 5))
        #expect(object.offset == 13)
    }

    @Test("a tape grows with its text and serves again")
    func reusesTape() throws {
        var tape = JSONTape()
        let long = Array(("[" + String(repeating: "0,", count: 9_999) + "0]").utf8)
        try tape.read(long.span)
        #expect(tape.count == 10_001)
        #expect(tape[0].next == 10_001)
        try tape.read(Array("7".utf8).span)
        #expect(tape.count == 1)
    }

    @Test("of several values the first can be read alone")
    func readsValueAtOffset() throws {
        var tape = JSONTape()
        let bytes = Array("{\"a\":1}\n [2] x".utf8)
        #expect(try tape.readValue(bytes.span, at: 0) == 7)
        #expect(try tape.readValue(bytes.span, at: 7) == 12)
        #expect(tape[0].range == 9..<12)
        let error = try #require(throws: JSONError.self) { try tape.readValue(bytes.span, at: 12) }
        #expect(error == JSONError(offset: 13, expected: .value, found: UInt8(ascii: "x")))
    }

    @Test(
        "an error says where, what was expected and what came",
        arguments: [
            ("{\"a\" 1}", "byte 5: expected \":\" after the key, found \"1\""),
            ("[1", "byte 2: expected \",\" or \"]\", found the end"),
            ("\"\u{1}\"", "byte 1: expected control characters in strings to be escaped, found byte 0x1"),
        ])
    func describesErrors(text: String, description: String) throws {
        var tape = JSONTape()
        let error = try #require(throws: JSONError.self) { try tape.read(Array(text.utf8).span) }
        #expect("\(error)" == description)
    }
}
