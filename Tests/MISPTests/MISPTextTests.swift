import Testing

@testable import MISP

struct MISPTextTests {
    @Test(
        "What MISP's database can't store is replaced",
        arguments: [
            ("plain ä € 漢", "plain ä € 漢"),
            ("smile \u{1f600}!", "smile \u{fffd}!"),
            ("\u{ffff}\u{fffe}\u{fffd}\u{fffc}", "\u{fffd}\u{fffd}\u{fffd}\u{fffc}"),
            ("\u{10000}\u{10ffff}", "\u{fffd}\u{fffd}"),
            ("a\u{0}b\u{1b}[31mc\u{7f}\u{85}", "a\u{fffd}b\u{fffd}[31mc\u{fffd}\u{fffd}"),
            ("two\nlines\tand a tab", "two\nlines\tand a tab"),
            ("a\r\nb", "a\u{fffd}\nb"),
            ("a\u{2028}b\u{2029}", "a\u{fffd}b\u{fffd}"),
        ])
    func cleaned(text: String, expected: String) {
        #expect(Array(MISPText.clean(text).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(
        "A line has no breaks and no spaces at its ends",
        arguments: [
            ("  a\tb\nc\r\nd ", "a b c  d"), ("\n\t \r", ""), ("", ""), (" \u{1f600} ", "\u{fffd}"),
            ("x \u{301}", "x \u{301}"),
        ])
    func line(text: String, expected: String) {
        #expect(Array(MISPText.line(text).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(
        "Text is cut by bytes, on a whole character",
        arguments: [
            ("abc", 3, "abc"), ("abcd", 3, "abc"), ("aé", 3, "aé"), ("aéb", 3, "aé"), ("aé", 2, "a"), ("é", 1, ""),
            ("a€", 4, "a€"), ("a€", 3, "a"), ("a€", 2, "a"), ("e\u{301}", 2, "e"), ("abc", 0, ""),
        ])
    func cut(text: String, bytes: Int, expected: String) {
        #expect(Array(MISPText.clean(text, bytes: bytes).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test("A line that is cut behind a space ends before it")
    func cutSpace() {
        #expect(MISPText.line("ab cd", bytes: 3) == "ab")
    }

    @Test("65,535 bytes stay, one more is cut, and no limit goes beyond that")
    func maximum() {
        let fits = String(repeating: "x", count: 65_535)
        #expect(MISPText.clean(fits) == fits)
        #expect(MISPText.clean(fits + "y") == fits)
        #expect(MISPText.clean(fits + "y", bytes: .max) == fits)
        let wide = String(repeating: "€", count: 21_845)
        #expect(wide.utf8.count == 65_535)
        #expect(MISPText.clean(wide) == wide)
        #expect(MISPText.clean("x" + wide).utf8.count == 65_533)
    }
}
