/// What it means for a source that lists name it, by the names of the lists.
///
/// A pure function, so that it can be explained. A list that no pattern names holds.
package struct ListPolicy: Sendable, Equatable {
    /// Lists of what innocent people come from: whoever is on one waits for a person.
    package var hold: [NamePattern]

    /// Lists of what many share: shared, said so, and nothing that detection systems may act on.
    package var note: [NamePattern]

    /// Lists of those who look and do no harm: never shared.
    package var ignore: [NamePattern]

    package init(hold: [String] = [], note: [String] = [], ignore: [String] = []) {
        self.hold = hold.map(NamePattern.init)
        self.note = note.map(NamePattern.init)
        self.ignore = ignore.map(NamePattern.init)
    }

    /// What being on one list leads to, the strongest last. Holding goes first: a person sees what is on two lists.
    package enum Treatment: Int, Comparable, Sendable {
        case note, ignore, hold

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// What becomes of a batch.
    package enum Opinion: Sendable, Equatable {
        /// It is shared, with what is known of its source's addresses.
        case share([ListMatch])
        case hold([ListMatch])
        case ignore([ListMatch])
    }

    /// What being on the list of this name leads to.
    package func treatment(of name: String) -> Treatment {
        if hold.contains(where: { $0.matches(name) }) { return .hold }
        if ignore.contains(where: { $0.matches(name) }) { return .ignore }
        return note.contains(where: { $0.matches(name) }) ? .note : .hold
    }

    /// What becomes of a batch whose source is on these lists; the matches that decide stand first.
    ///
    /// What a person has released is shared although the lists that it was held for name it. A list that the person was not
    /// told of holds it once more.
    package func opinion(on batch: Batch, _ matches: [ListMatch]) -> Opinion {
        let isSpecial = batch.source.isTest
        let counted = Set(matches).filter { !isSpecial || !Self.isOfSpecialUse($0.list) }.sorted()
        let seen = batch.isReleased ? Set(batch.evidence.lists.map(\.list)) : []
        let treated = counted.map { (match: $0, treatment: treatment(of: $0.list)) }
        let strongest = treated.filter { !seen.contains($0.match.list) }.map(\.treatment).max() ?? .note
        let sorted = treated.enumerated().sorted {
            ($1.element.treatment, $0.offset) < ($0.element.treatment, $1.offset)
        }.map(\.element.match)
        switch strongest {
        case .note: return .share(sorted)
        case .ignore: return batch.isReleased ? .hold(sorted) : .ignore(sorted)
        case .hold: return .hold(sorted)
        }
    }

    /// Lists of ranges that no host of the Internet has: our own rules about those are finer, and documentation
    /// addresses, which stand in such a list, are the test path.
    private static func isOfSpecialUse(_ name: String) -> Bool { specialUse.contains { $0.matches(name) } }

    private static let specialUse = ["RFC*CIDR block", "link local block"].map(NamePattern.init)
}

extension [ListMatch] {
    /// `on the list A (203.0.113.0/24)`, or with `and on 2 more lists` behind it.
    package var reason: String {
        guard let first else { return "on no list" }
        let more = Set(map(\.list)).count - 1
        return "\(first)" + (more == 0 ? "" : more == 1 ? " and on 1 more list" : " and on \(more) more lists")
    }
}
