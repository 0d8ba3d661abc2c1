/// Sources that were seen, the newest of them; bounded.
struct SourceMemory {
    private var younger: Set<SourceKey> = []
    private var older: Set<SourceKey> = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Remembers a source. When half the limit is young, the older half is forgotten.
    mutating func add(_ source: SourceKey) {
        younger.insert(source)
        guard younger.count > limit / 2 else { return }
        older = younger
        younger = []
    }

    /// Forgets a source.
    mutating func remove(_ source: SourceKey) {
        younger.remove(source)
        older.remove(source)
    }

    func holds(_ source: SourceKey) -> Bool {
        younger.contains(source) || older.contains(source)
    }
}
