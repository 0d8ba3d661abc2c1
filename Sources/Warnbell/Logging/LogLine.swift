import Logging
import Timestamps

/// One line of the log, before it is written.
///
/// Values may come from an attacker: in neither form can one end the line, pass for another field, steer a terminal,
/// or be longer than ``valueLimit``.
struct LogLine: Sendable {
    let time: Timestamp
    let level: Logger.Level
    let message: String
    let facts: Logger.Metadata

    /// Characters of a value that are kept.
    static let valueLimit = 4096

    /// `2026-11-24T06:11:43.187Z info    batch sent alerts=12 sink=misp`.
    var text: String {
        let level = level.rawValue + String(repeating: " ", count: max(0, 8 - level.rawValue.count))
        let facts = sortedFacts.map { " \(Self.word($0.key))=\(Self.word(Self.shortened("\($0.value)")))" }.joined()
        return "\(time.iso8601) \(level) \(LineText.escaped(Self.shortened(message)))\(facts)"
    }

    /// `{"time":"2026-11-24T06:11:43.187Z","level":"info","message":"batch sent","alerts":"12","sink":"misp"}`.
    var json: String {
        let fixed = [("time", time.iso8601), ("level", level.rawValue), ("message", message)]
        let head = fixed.map { "\(Self.string($0.0)):\(Self.string($0.1))" }
        let tail = sortedFacts.map { "\(Self.string($0.key)):\(Self.value($0.value))" }
        return "{" + (head + tail).joined(separator: ",") + "}"
    }

    private var sortedFacts: [(key: String, value: Logger.MetadataValue)] { facts.sorted { $0.key < $1.key } }

    /// `text` as it is, or in quotation marks where it would not be one word.
    private static func word(_ text: String) -> String {
        let escaped = LineText.escaped(text)
        let isWord =
            !text.isEmpty && !text.unicodeScalars.contains { $0 == "\"" || $0 == "=" || $0.properties.isWhitespace }
        return isWord ? escaped : "\"\(escaped.replacing("\"", with: "\\\""))\""
    }

    private static func value(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): string(text)
        case .stringConvertible(let thing):
            thing is any BinaryInteger || thing is Bool ? "\(thing)" : string("\(thing)")
        case .array(let elements): "[" + elements.map(Self.value).joined(separator: ",") + "]"
        case .dictionary(let entries):
            "{"
                + entries.sorted { $0.key < $1.key }.map { "\(string($0.key)):\(Self.value($0.value))" }
                .joined(separator: ",") + "}"
        }
    }

    /// A JSON string (RFC 8259 section 7) that is safe to show on a terminal as well.
    private static func string(_ text: String) -> String {
        var result = "\""
        for scalar in shortened(text).unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where LineText.isPlain(scalar): result.unicodeScalars.append(scalar)
            default:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return result + "\""
    }

    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > valueLimit, text.unicodeScalars.count > valueLimit else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(valueLimit))) + "…"
    }
}
