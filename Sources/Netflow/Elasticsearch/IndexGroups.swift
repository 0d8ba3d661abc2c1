import JSON

/// The indices that a pattern matches, grouped by what they can be asked by; made from the answer to `_field_caps`.
///
/// One query over indices that keep a field in different ways fails, or gives wrong buckets.
struct IndexGroups: Sendable {
    /// How many indices matched, flows or not.
    let count: Int

    let groups: [Group]

    /// Indices that hold flows but cannot be asked, with the field that is to blame.
    let unusable: [Unusable]

    struct Group: Sendable {
        let fields: IndexFields
        let indices: [String]
    }

    struct Unusable: Sendable {
        let field: String
        let indices: [String]
    }

    /// Nil for a value that is no answer to `_field_caps`.
    init?(_ answer: JSONValue, maps: [FieldMap]) {
        guard let fields = answer["fields"], fields.kind == .object else { return nil }
        let capabilities = fields.members.map { (name: $0.key, types: Self.types($0.value)) }
        let indices = answer["indices"]?.elements.compactMap(\.string) ?? []
        var groups: [IndexFields: [String]] = [:]
        var unusable: [String: [String]] = [:]
        for index in indices {
            var types: [String: FieldType] = [:]
            for (name, candidates) in capabilities {
                types[name] = candidates.first { $0.indices?.contains(index) ?? true }?.type
            }
            switch Self.resolve(types, maps) {
            case .success(let fields): groups[fields, default: []].append(index)
            case .failure(.unusable(let field)): unusable[field, default: []].append(index)
            case .failure(.notFlows): break
            }
        }
        count = indices.count
        self.groups = groups.map { Group(fields: $0, indices: $1) }
            .sorted { $0.indices.lexicographicallyPrecedes($1.indices) }
        self.unusable = unusable.map { Unusable(field: $0, indices: $1) }.sorted { $0.field < $1.field }
    }

    /// The first schema that the index has; else what keeps the nearest one from it.
    private static func resolve(
        _ types: [String: FieldType], _ maps: [FieldMap]
    ) -> Result<IndexFields, IndexFields.Obstacle> {
        var obstacle = IndexFields.Obstacle.notFlows
        for map in maps {
            do throws(IndexFields.Obstacle) {
                return .success(try IndexFields(map, types: types))
            } catch {
                if obstacle == .notFlows { obstacle = error }
            }
        }
        return .failure(obstacle)
    }

    /// The types of one field; with a list of indices where they do not all agree.
    private static func types(_ field: JSONValue) -> [(type: FieldType, indices: Set<String>?)] {
        field.members.compactMap { name, capability in
            // Asked for with include_unmapped: the indices that do not have the field.
            guard name != "unmapped" else { return nil }
            let isAggregatable = capability["aggregatable"]?.bool ?? true
            let type = FieldType(name: name)
            let indices = capability["indices"].flatMap { $0.kind == .array ? $0.elements : nil }
            return (isAggregatable || type == .text ? type : .other, indices.map { Set($0.compactMap(\.string)) })
        }
    }
}
