import Pipeline
import Timestamps

/// A piece of Markdown whose structure is this program's own.
///
/// Write it as a string literal. Numbers and times are interpolated as they are; a string comes from outside and
/// becomes a code span that it can't leave, whatever it holds.
struct MarkdownText: ExpressibleByStringInterpolation, Sendable {
    let markdown: String

    init(stringLiteral value: String) {
        markdown = value
    }

    init(stringInterpolation: StringInterpolation) {
        markdown = stringInterpolation.markdown
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markdown = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { markdown += literal }
        mutating func appendInterpolation(_ text: String) { markdown += MarkdownText.code(text) }
        mutating func appendInterpolation(_ number: Int) { markdown += String(number) }
        mutating func appendInterpolation(_ moment: Timestamp) { markdown += moment.iso8601 }
        mutating func appendInterpolation(_ text: MarkdownText) { markdown += text.markdown }
    }

    /// `12 alerts`, `1 alert`.
    static func count(_ number: Int, _ one: String, _ many: String) -> MarkdownText {
        MarkdownText(stringLiteral: number == 1 ? "1 \(one)" : "\(number) \(many)")
    }

    /// Bytes of foreign text that one code span shows.
    static let codeBytes = 256

    /// A code span (CommonMark section 6.1) that stays one in every renderer, in a table cell too.
    ///
    /// Renderers differ over escaped bars and longer fences, so bars and backticks give way to look-alikes, and
    /// characters that turn the direction of writing to U+FFFD. The exact text stands in the event's attributes.
    private static func code(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in MISPText.line(text, bytes: codeBytes).unicodeScalars {
            switch scalar.value {
            case 0x60: shown.append("\u{b4}")
            case 0x7c: shown.append("\u{a6}")
            case 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: shown.append("\u{fffd}")
            default: shown.append(scalar)
            }
        }
        return shown.isEmpty ? "(empty)" : "`\(String(shown))`"
    }
}
