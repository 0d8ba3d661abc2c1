/// How an index keeps a field, as far as it matters for asking.
enum FieldType: Sendable, Hashable {
    case ip, keyword, text, number, date
    /// Unknown, absent or not to be aggregated.
    case other

    /// From a type's name in a mapping.
    init(name: String) {
        self =
            switch name {
            case "ip": .ip
            case "keyword", "constant_keyword", "wildcard": .keyword
            case "text", "match_only_text": .text
            case "long", "integer", "short", "byte", "unsigned_long", "double", "float", "half_float", "scaled_float":
                .number
            case "date", "date_nanos": .date
            default: .other
            }
    }
}
