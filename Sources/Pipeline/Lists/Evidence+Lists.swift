extension Evidence {
    /// How many lists are remembered.
    private static let mostLists = 16

    /// The lists that named the source when it was told of, or held.
    package var lists: [ListMatch] { listed ?? [] }

    /// Remembers them, up to a bound; a list is remembered once.
    package mutating func add(_ matches: [ListMatch]) {
        var all = lists
        for match in matches where all.count < Self.mostLists && !all.contains(where: { $0.list == match.list }) {
            all.append(match)
        }
        listed = all.isEmpty ? nil : all
    }
}

extension Batch {
    /// The batch, with the lists that name its source.
    func listed(_ matches: [ListMatch]) -> Batch {
        guard !matches.isEmpty else { return self }
        var evidence = evidence
        evidence.add(matches)
        return Batch(
            id: id, source: source, opened: opened, closed: closed, evidence: evidence, mayOpen: mayOpen,
            isReleased: isReleased)
    }
}
