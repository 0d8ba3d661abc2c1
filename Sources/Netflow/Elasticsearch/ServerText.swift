/// Text that a server sent, as people may see it.
enum ServerText {
    /// The beginning of a text on one line, without characters that steer a terminal.
    static func line(_ text: String) -> String {
        let spaced = text.unicodeScalars.map { isSteering($0) ? " " : $0 }
        let line = String(String.UnicodeScalarView(spaced)).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > 200 ? "\(line.prefix(200))…" : line
    }

    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
