import Testing

@testable import Warnbell

struct LineTextTests {
    @Test(
        "What ends a line, steers a terminal or turns the writing is escaped; the rest stays",
        arguments: [
            ("", ""), ("plain text", "plain text"), ("Grüße 東京 😀", "Grüße 東京 😀"), ("a\\n", "a\\\\n"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"), ("a\r\nb", "a\\r\\nb"), ("\u{1b}[2J", "\\u{1b}[2J"), ("\u{0}", "\\u{0}"),
            ("\u{7f}\u{9b}", "\\u{7f}\\u{9b}"), ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"), ("\u{85}", "\\u{85}"),
            ("\u{202e}gpj.exe", "\\u{202e}gpj.exe"), ("\u{2066}", "\\u{2066}"), ("\u{feff}", "\\u{feff}"),
            ("e\u{301}", "e\u{301}"),
        ])
    func escaped(text: String, expected: String) {
        #expect(LineText.escaped(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
        #expect(LineText.isPlain(LineText.escaped(text)))
    }
}
