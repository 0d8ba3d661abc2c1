/// What the indices of one kind can be asked by: the paths of a schema that they have, in a form that aggregates.
struct IndexFields: Sendable, Hashable {
    let schema: String
    let source: Endpoint
    let destination: Endpoint
    /// All that the indices have: documents of one index need not have the same.
    let transport: [String]
    /// All that the indices have of what counts bytes or packets; a record has one of them.
    let counters: [String]
    let flags: String?
    let start: [Time]
    let end: [Time]
    let duration: Time?
    let time: Time

    struct Endpoint: Sendable, Hashable {
        let address: String
        let port: String?
        let bytes: String?
        let packets: String?
    }

    /// A time field, and whether the index keeps it as a date or as a plain number.
    struct Time: Sendable, Hashable {
        let field: TimeField
        let isDate: Bool

        /// Milliseconds since 1970 of what an aggregation gives: a date counts them, whatever the field's unit is. Nil
        /// for what no clock shows.
        func milliseconds(_ number: Double) -> Int64? {
            isDate ? TimeField.whole(number) : field.milliseconds(number)
        }
    }

    /// Why the indices cannot be asked by a schema.
    enum Obstacle: Error, Hashable {
        /// The indices do not have both addresses, a protocol, and bytes or packets: they hold something else.
        case notFlows
        /// They have them, but this field is kept in a form that cannot be asked or summed up by.
        case unusable(field: String)
    }

    /// Of several paths for one thing the first that the indices have counts.
    init(_ map: FieldMap, types: [String: FieldType]) throws(Obstacle) {
        let paths = Paths(types: types)
        transport = map.transport.compactMap { paths.exact([$0]) }
        counters = map.counters.filter { types[$0] == .number }
        guard paths.has(map.source.address), paths.has(map.destination.address), !transport.isEmpty, !counters.isEmpty
        else { throw .notFlows }
        guard let time = paths.time(map.time) else { throw .unusable(field: map.time.path) }
        schema = map.name
        source = try Endpoint(map.source, paths)
        destination = try Endpoint(map.destination, paths)
        flags = paths.exact(map.flags)
        start = map.start.compactMap(paths.time)
        end = map.end.compactMap(paths.time)
        duration = map.duration.flatMap(paths.time)
        self.time = time
    }

    /// The fields that tell whether and how a schema is there.
    static func probed(_ maps: [FieldMap]) -> [String] {
        var fields: Set<String> = []
        for map in maps {
            for endpoint in [map.source, map.destination] {
                fields.formUnion([endpoint.address, endpoint.port] + endpoint.bytes + endpoint.packets)
                fields.insert(Paths.keyword(endpoint.address))
            }
            fields.formUnion(map.transport + map.flags + (map.transport + map.flags).map(Paths.keyword))
            fields.formUnion((map.start + map.end + [map.time]).map(\.path))
            if let duration = map.duration { fields.insert(duration.path) }
        }
        return fields.sorted()
    }
}

extension IndexFields.Endpoint {
    fileprivate init(_ endpoint: FieldMap.Endpoint, _ paths: Paths) throws(IndexFields.Obstacle) {
        guard let address = paths.exact([endpoint.address]) else { throw .unusable(field: endpoint.address) }
        self.address = address
        port = paths.exact([endpoint.port])
        bytes = paths.number(endpoint.bytes)
        packets = paths.number(endpoint.packets)
    }
}

/// Looks paths up in the types of an index.
private struct Paths {
    let types: [String: FieldType]

    func has(_ path: String) -> Bool { types[path] != nil }

    /// A path whose values can be compared and grouped by; dynamic mapping keeps text under `.keyword` for that.
    func exact(_ paths: [String]) -> String? {
        for path in paths {
            switch types[path] {
            case .ip, .keyword, .number: return path
            default: if types[Self.keyword(path)] == .keyword { return Self.keyword(path) }
            }
        }
        return nil
    }

    func number(_ paths: [String]) -> String? {
        paths.first { types[$0] == .number }
    }

    func time(_ field: TimeField) -> IndexFields.Time? {
        switch types[field.path] {
        case .date: IndexFields.Time(field: field, isDate: true)
        case .number: IndexFields.Time(field: field, isDate: false)
        default: nil
        }
    }

    static func keyword(_ path: String) -> String { "\(path).keyword" }
}
