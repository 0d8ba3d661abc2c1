/// A value as it is shown to a person or a program; a secret is never in it.
enum ShownValue: Sendable, Equatable {
    /// Not set.
    case none
    case text(String)
    case number(Int)
    case boolean(Bool)
    case list([String])

    /// The same value as it would be written, the list separated by commas; nil where nothing is set.
    var raw: RawValue? {
        switch self {
        case .none: nil
        case .text(let text): .text(text)
        case .number(let number): .text(String(number))
        case .boolean(let truth): .text(truth ? "true" : "false")
        case .list(let elements): .list(elements)
        }
    }
}

extension ShownValue: CustomStringConvertible {
    /// `8787`, `10.0.0.0/8, 192.168.0.0/16`, `(none)`.
    var description: String {
        switch raw {
        case nil: "(none)"
        case .text(let text): LineText.escaped(text)
        case .list(let elements): elements.isEmpty ? "(none)" : LineText.escaped(elements.joined(separator: ", "))
        }
    }
}

extension ShownValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .none: try container.encodeNil()
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .boolean(let truth): try container.encode(truth)
        case .list(let elements): try container.encode(elements)
        }
    }
}
