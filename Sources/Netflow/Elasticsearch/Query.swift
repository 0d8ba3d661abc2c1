/// JSON to be sent, written as Swift literals.
enum Query: Encodable, Sendable {
    case object([String: Query])
    case array([Query])
    case string(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case null

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .object(let members): try container.encode(members)
        case .array(let elements): try container.encode(elements)
        case .string(let text): try container.encode(text)
        case .int(let number): try container.encode(number)
        case .double(let number): try container.encode(number)
        case .bool(let isTrue): try container.encode(isTrue)
        case .null: try container.encodeNil()
        }
    }
}

extension Query: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    init(dictionaryLiteral members: (String, Query)...) {
        self = .object(Dictionary(uniqueKeysWithValues: members))
    }

    init(arrayLiteral elements: Query...) {
        self = .array(elements)
    }

    init(stringLiteral text: String) {
        self = .string(text)
    }

    init(integerLiteral number: Int) {
        self = .int(number)
    }

    init(booleanLiteral isTrue: Bool) {
        self = .bool(isTrue)
    }
}
