import Foundation

/// A JSON value without a schema, for stand-ins that must read whatever they are sent.
package enum AnyJSON: Sendable, Hashable, Codable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([AnyJSON])
    case object([String: AnyJSON])

    /// Reads JSON text; nil when it is none.
    package init?(_ bytes: [UInt8]) {
        guard let value = try? JSONDecoder().decode(AnyJSON.self, from: Data(bytes)) else { return nil }
        self = value
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([AnyJSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: AnyJSON].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value) where value == value.rounded(): try container.encode(Int(value))
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
    }

    /// The value as JSON with sorted keys.
    package var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(self)).map(Array.init) ?? []  // fails for numbers that JSON cannot have only
    }

    package subscript(key: String) -> AnyJSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    package var members: [String: AnyJSON]? {
        if case .object(let members) = self { members } else { nil }
    }

    package var elements: [AnyJSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// A string, or a whole number as text: MISP takes either.
    package var text: String? {
        switch self {
        case .string(let value): value
        case .number(let value) where value == value.rounded(): String(Int(value))
        default: nil
        }
    }

    /// True and false in the forms that MISP takes.
    package var flag: Bool? {
        switch self {
        case .bool(let value): value
        case .number(let value): value != 0
        case .string(let value): value != "0" && value != ""
        default: nil
        }
    }
}

extension AnyJSON: ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: AnyJSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, AnyJSON)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}
