/// Text that must stay on one line and must not steer a terminal.
enum LineText {
    /// `text` with everything that is not plain written as an escape, and backslashes doubled.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { !isPlain($0) || $0 == "\\" }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isPlain(scalar): result.unicodeScalars.append(scalar)
            default: result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }

    /// Whether `text` may be written as it is.
    static func isPlain(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { isPlain($0) } }

    /// Whether the character neither ends a line nor controls how others are shown: no C0 or C1 control, no line or
    /// paragraph separator, and none of the marks that turn the direction of writing.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: false
        default: true
        }
    }
}
