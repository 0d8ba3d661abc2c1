import GRDB
package import Pipeline

extension JournalReader {
    /// What is held for a person, at most `limit` sources, and how many there are.
    package func held(limit: Int) throws -> (sources: [Held], count: Int) {
        try database.read { database in
            (
                try HeldRows.page(after: nil, limit: limit, from: database)
                    .map { try JSONColumn.decode(Held.self, from: $0.content) },
                try HeldRows.count(in: database)
            )
        }
    }

    /// What is held of a source; nil where nothing is.
    package func held(_ source: SourceKey) throws -> Held? {
        try database.read { try HeldRows.content(of: source, from: $0) }
            .map { try JSONColumn.decode(Held.self, from: $0) }
    }
}
