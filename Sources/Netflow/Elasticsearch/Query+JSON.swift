import FoundationEssentials
import JSON

extension Query {
    /// One line of JSON. The same query is always the same bytes, which is what a shard's request cache goes by.
    var line: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try Array(encoder.encode(self))
        } catch {
            preconditionFailure("a query always encodes: \(error)")
        }
    }

    /// The same value as was received.
    init(_ value: JSONValue) {
        switch value.kind {
        case .object:
            self = .object(Dictionary(value.members.map { ($0.key, Query($0.value)) }) { _, last in last })
        case .array: self = .array(value.elements.map(Query.init))
        case .string: self = .string(value.text ?? "")
        case .number: self = value.int.map(Query.int) ?? .double(value.double ?? 0)
        case .true: self = true
        case .false: self = false
        case .null: self = .null
        }
    }
}
