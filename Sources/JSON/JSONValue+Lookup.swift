extension JSONValue {
    /// The member of an object with this key, the last one where there are several.
    package subscript(key: String) -> JSONValue? { member(key[...]) }

    /// The element of an array at this position; nil outside of it.
    package subscript(position: Int) -> JSONValue? {
        let elements = elements
        return elements.indices.contains(position) ? elements[position] : nil
    }

    /// The first of ``values(at:)``.
    package func value(at path: String) -> JSONValue? {
        values(at: path).first
    }

    /// Everything that `path` leads to: `rule.mitre.id` goes through the members of those names.
    ///
    /// Arrays on the way are gone through element by element, and an array at the end gives its elements. A key that
    /// holds a dot itself is found as well: `a.b` matches `{"a":{"b":1}}` and, after it, `{"a.b":1}`.
    package func values(at path: String) -> [JSONValue] {
        var found: [JSONValue] = []
        collect(path[...], into: &found)
        return found
    }

    private func member(_ name: Substring) -> JSONValue? {
        var found: Int?
        forEachMember { key, value in
            if document.isKey(at: key, name) { found = value }
        }
        return found.map { JSONValue(document: document, index: $0) }
    }

    private func collect(_ path: Substring, into found: inout [JSONValue]) {
        if kind == .array {
            for element in elements { element.collect(path, into: &found) }
            return
        }
        guard !path.isEmpty else {
            found.append(self)
            return
        }
        var search = path
        while let dot = search.firstIndex(of: ".") {
            search = path[path.index(after: dot)...]
            member(path[..<dot])?.collect(search, into: &found)
        }
        if let member = member(path) { member.collect(path[path.endIndex...], into: &found) }
    }
}
