extension Evidence {
    /// How many lists are remembered.
    private static let mostLists = 16

    /// Remembers them, up to a bound; a list is remembered once.
    package mutating func add(_ matches: [ListMatch]) {
        for match in matches where lists.count < Self.mostLists && !lists.contains(where: { $0.list == match.list }) {
            lists.append(match)
        }
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
