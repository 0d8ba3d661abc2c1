/// Why MISP refuses something: a text, a list, or lists under the names of fields, in any depth.
enum Reasons: Decodable {
    case text(String)
    case list([Reasons])
    case fields([String: Reasons])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([Reasons].self) {
            self = .list(list)
        } else {
            self = .fields(try container.decode([String: Reasons].self))
        }
    }

    /// The texts under the names of their fields: `info`, `attribute_1.value`; `event` for one without a field.
    func byField(hiding key: MISPKey) -> [String: [String]] {
        byField(under: "", hiding: key)
    }

    private func byField(under path: String, hiding key: MISPKey) -> [String: [String]] {
        switch self {
        case .text(let text): [path.isEmpty ? "event" : path: [text.quoted(hiding: key)]]
        case .list(let list):
            list.reduce(into: [:]) { $0.merge($1.byField(under: path, hiding: key), uniquingKeysWith: +) }
        case .fields(let fields):
            fields.reduce(into: [:]) { all, field in
                let name = path.isEmpty ? field.key : "\(path).\(field.key)"
                // `Event` is the envelope, no field.
                all.merge(
                    field.value.byField(under: name == "Event" ? "" : name, hiding: key), uniquingKeysWith: +)
            }
        }
    }
}

extension String {
    /// A text of the server's as it may stand in an error: short, on one line, without the key.
    func quoted(hiding key: MISPKey) -> String {
        let line = String(
            String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
        let text = key.removed(from: line)
        return text.count <= 300 ? text : text.prefix(300) + "…"
    }
}
