package import IPAddresses

/// Somebody who knows lists: a MISP server, a directory.
package protocol AddressLists: Sendable {
    /// Which lists name the source, or one of the addresses that it was seen with.
    ///
    /// - Throws: ``ListsUnanswered`` where that can't be told now: it must not pass for being on no list.
    func matches(of source: SourceKey, _ addresses: [IPAddress]) async throws(ListsUnanswered) -> [ListMatch]
}

/// Lists could not be asked: what is to become of deliveries meanwhile.
package struct ListsUnanswered: Error, Sendable, Equatable {
    package let receipt: Receipt

    package init(_ receipt: Receipt) {
        self.receipt = receipt
    }
}

/// The lists that are asked before anything is shared, and what their answers mean.
package struct ListCheck: Sendable {
    private let sources: [any AddressLists]
    private let policy: ListPolicy

    /// - Parameter sources: all of them are asked, and each match counts; where there are none, nobody is on a list.
    package init(_ sources: [any AddressLists], policy: ListPolicy) {
        self.sources = sources
        self.policy = policy
    }

    /// What becomes of a batch.
    package func opinion(on batch: Batch) async throws(ListsUnanswered) -> ListPolicy.Opinion {
        let addresses = batch.evidence.attackers.values.keys.map(\.address)
        var matches: [ListMatch] = []
        for source in sources { matches += try await source.matches(of: batch.source, addresses) }
        return policy.opinion(on: batch, matches)
    }
}
