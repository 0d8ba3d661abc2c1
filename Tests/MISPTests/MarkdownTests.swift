import Pipeline
import Testing
import Timestamps

@testable import MISP

struct MarkdownTests {
    /// What log text may try, and what it looks like in a code span.
    static let hostile: [(String, String)] = [
        ("a|b", "`a¦b`"),
        ("a\\|b", "`a\\¦b`"),
        ("``` x ` y", "`´´´ x ´ y`"),
        ("one\n\n# two\r\n", "`one  # two`"),
        ("<script>alert(1)</script><!--", "`<script>alert(1)</script><!--`"),
        ("[click](https://evil.example)", "`[click](https://evil.example)`"),
        ("![x](y)", "`![x](y)`"),
        ("@[attribute](f471efe3-8273-5068-9b9b-42c0a5b7e371)", "`@[attribute](f471efe3-8273-5068-9b9b-42c0a5b7e371)`"),
        ("&#96;&lt;b&gt;", "`&#96;&lt;b&gt;`"),
        ("*a* _b_ ~~c~~ $d$", "`*a* _b_ ~~c~~ $d$`"),
        ("ends with \\", "`ends with \\`"),
        ("user\u{202e}txt.exe\u{2066}", "`user\u{fffd}txt.exe\u{fffd}`"),
        ("a\u{2028}b\u{0}c\u{1f600}", "`a\u{fffd}b\u{fffd}c\u{fffd}`"),
        ("`", "`´`"),
        (" \n ", "(empty)"),
        ("", "(empty)"),
    ]

    @Test("A string from outside becomes a code span that it can't leave", arguments: hostile)
    func code(text: String, expected: String) {
        let markdown = MarkdownText("\(text)").markdown
        #expect(Array(markdown.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test("A table keeps its rows and columns whatever its cells hold", arguments: hostile)
    func table(text: String, expected: String) {
        var document = MarkdownDocument(limit: 10_000)
        document.table(["Text", "Number"], [["\(text)", "\(7)"], ["\(text)\(text)", "\(8)"]])
        let lines = document.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 5)
        #expect(lines.dropLast().allSatisfy { $0.unicodeScalars.count { $0 == "|" } == 3 })
        let spans = lines[2].unicodeScalars.count { $0 == "`" }
        #expect(spans == (expected == "(empty)" ? 0 : 2))
    }

    @Test("Numbers, times and pieces of our own are written as they are")
    func trusted() {
        let inner: MarkdownText = "**\(3)**"
        let text: MarkdownText =
            "\(12) at \(Timestamp(seconds: 0)): \(inner), \(MarkdownText.count(1, "host", "hosts"))"
        #expect(text.markdown == "12 at 1970-01-01T00:00:00.000Z: **3**, 1 host")
    }

    @Test("A code span is cut")
    func cut() {
        let limit = MarkdownText.codeBytes
        let fits = String(repeating: "x", count: limit)
        #expect(MarkdownText("\(fits)").markdown == "`\(fits)`")
        #expect(MarkdownText("\(fits + "y")").markdown == "`\(fits)`")
    }

    @Test("A document stops at a line before its limit and says how much it left out")
    func limit() {
        var document = MarkdownDocument(limit: 100)
        // 64 bytes are kept for the last line: 36 remain, 6 for each of these with its line break.
        document.list(["abc", "abc", "abc", "abc", "abc", "abc"])
        #expect(document.text == String(repeating: "- abc\n", count: 6))
        document.paragraph("x")
        document.paragraph("y")
        #expect(document.text == String(repeating: "- abc\n", count: 6) + "\n2 more lines found no room.\n")
    }

    @Test("However much goes in, a document keeps its limit", arguments: [64, 65, 100, 1000, 65_535])
    func bounded(limit: Int) {
        var document = MarkdownDocument(limit: limit)
        document.heading("x")
        for number in 0..<3000 {
            document.paragraph("\(String(repeating: "€", count: 40)) \(number)")
        }
        #expect(document.text.utf8.count <= limit)
    }

    @Test("A table of counts says what it does not show")
    func counts() {
        var tallies = Tallies<String>(limit: 3)
        for name in ["a", "b", "b", "c", "d", "d"] { tallies.add(name, Tally(Timestamp(seconds: 0))) }
        var document = MarkdownDocument(limit: 1000)
        document.table(["Name", "Alerts", "First", "Last"], tallies, rows: 1) { ["\($0)"] }
        #expect(
            document.text == """
                | Name | Alerts | First | Last |
                | --- | --- | --- | --- |
                | `b` | 2 | 1970-01-01T00:00:00.000Z | 1970-01-01T00:00:00.000Z |

                4 more not shown.

                """)
    }
}
