/// The signed requests that were accepted last, to know one by that comes again; the oldest go when it is full.
struct ReplayMemory {
    /// How many are remembered: 32 bytes each, twice.
    static let limit = 100_000

    private let limit: Int
    private var known: Set<Fingerprint> = []

    /// In the order they came, once round: the next one takes the place of the oldest.
    private var ring: [Fingerprint] = []
    private var next = 0

    init(limit: Int = Self.limit) {
        self.limit = limit
    }

    func contains(_ message: Fingerprint) -> Bool { known.contains(message) }

    /// The request was accepted.
    mutating func insert(_ message: Fingerprint) {
        guard known.insert(message).inserted else { return }
        if ring.count < limit {
            ring.append(message)
        } else {
            known.remove(ring[next])
            ring[next] = message
            next = (next + 1) % limit
        }
    }
}
