/// A value as it is written in the file or in an environment variable.
enum RawValue: Sendable, Equatable {
    case text(String)
    case list([String])
}

/// Why a value is not taken: one sentence for each fault, without the name of the key.
struct InvalidValue: Error, Equatable {
    let faults: [String]

    init(_ faults: [String]) {
        self.faults = faults
    }

    init(_ fault: String) {
        faults = [fault]
    }
}

/// `text` in quotation marks as an error may repeat it: on one line, and not endless.
func quoted(_ text: String) -> String {
    let limit = 80
    let shown = LineText.escaped(String(text.prefix(limit)))
    return "\"\(shown)\"" + (text.count > limit ? "… (\(text.count) characters)" : "")
}
