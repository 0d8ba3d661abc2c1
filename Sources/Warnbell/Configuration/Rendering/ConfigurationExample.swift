/// A file that explains every key and sets none: what is to differ from the default is uncommented.
enum ConfigurationExample {
    static var text: String {
        var lines = [
            "# Warnbell's configuration. Every key has a default; uncomment what shall be different.",
            "# Each can also be set by an environment variable, which goes before this file:",
            "# listen.port by WARNBELL_LISTEN_PORT, lists separated by commas.",
        ]
        var open: ArraySlice<String> = []
        for key in ConfigurationKey.all {
            let section = key.path.dropLast()
            if section != open {
                lines += [""] + headings(from: open, to: section)
                open = section
            }
            let indentation = String(repeating: "  ", count: section.count)
            lines.append("")
            lines += comment(on: key).map { "\(indentation)# \($0)" }
            lines += assignment(of: key).map { "\(indentation)#\($0)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The section names that are not open yet: `netflow:`, and `elasticsearch:` in it.
    private static func headings(from open: ArraySlice<String>, to section: ArraySlice<String>) -> [String] {
        let shared = zip(open, section).prefix { $0 == $1 }.count
        return section.enumerated().dropFirst(shared).map { depth, name in
            String(repeating: "  ", count: depth) + "\(name):"
        }
    }

    private static func comment(on key: ConfigurationKey) -> [String] {
        let standard = key.unset ?? (key.standard.raw == nil ? "none" : nil)
        return [key.summary, "Takes \(key.expected)." + (standard.map { " Default: \($0)." } ?? "")]
            .map { $0.replacing("`", with: "") }
    }

    /// The key with its default, or with an example where the default is none.
    private static func assignment(of key: ConfigurationKey) -> [String] {
        let last = key.path.last ?? key.name
        switch key.standard.raw {
        case .text(let text): return ["\(last): \(scalar(text))"]
        case .list(let elements) where !elements.isEmpty: return ["\(last):"] + elements.map { "  - \(scalar($0))" }
        default:
            let example = scalar(key.example ?? "")
            return key.isList ? ["\(last):", "  - \(example)"] : ["\(last): \(example)"]
        }
    }

    /// `text` as YAML, in quotation marks where it would be something else without them.
    private static func scalar(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch UnicodeScalar(byte) {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_", "/", ":": true
            default: false
            }
        }
        return isPlain && !text.isEmpty
            ? text : "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }
}
