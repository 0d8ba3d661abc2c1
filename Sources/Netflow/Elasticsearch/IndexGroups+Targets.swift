extension IndexGroups {
    /// What to search: indices of one kind each.
    ///
    /// Where all indices are of one kind the patterns do, which also hold for an index made a moment ago. Long lists of
    /// names are cut in pieces that fit into a request line.
    func targets(_ patterns: [String]) -> [Group] {
        if groups.count == 1, groups[0].indices.count == count {
            return [Group(fields: groups[0].fields, indices: patterns)]
        }
        return groups.flatMap { group in
            var pieces: [[String]] = []
            var length = Self.maxListLength
            for index in group.indices {
                length += index.utf8.count + 1
                if length > Self.maxListLength {
                    pieces.append([])
                    length = index.utf8.count + 1
                }
                pieces[pieces.count - 1].append(index)
            }
            return pieces.map { Group(fields: group.fields, indices: $0) }
        }
    }

    /// Elasticsearch takes request lines of 4,096 bytes by default (http.max_initial_line_length).
    private static let maxListLength = 3000

    /// Why the indices cannot answer, in words; empty when all of them can.
    func shortcomings(of patterns: [String]) -> [String] {
        var shortcomings = unusable.map {
            "\($0.indices.count) indices keep \($0.field) in a form that cannot be searched "
                + "(\(ServerText.line($0.indices[0])) is one)"
        }
        if count == 0 {
            shortcomings.append(FlowPage.noIndex(patterns))
        } else if groups.isEmpty, unusable.isEmpty {
            shortcomings.append(
                "none of the \(count) indices that match \(patterns.joined(separator: ",")) holds flows")
        }
        return shortcomings
    }
}
