import IPAddresses

/// Which addresses Netflow was asked about lately, so that one who attacks all day is not asked about with each batch.
///
/// Bounded: where it is full of recent ones, all are forgotten, and asked about again.
struct LookupMemory {
    typealias Instant = ContinuousClock.Instant

    private var asked: [IPAddress: Instant] = [:]
    private let interval: Duration
    private let limit: Int

    init(interval: Duration = .seconds(15 * 60), limit: Int = 100_000) {
        self.interval = interval
        self.limit = limit
    }

    /// Whether it is time to ask about the address; it counts as asked about from now on.
    mutating func mayAsk(_ address: IPAddress, at now: Instant) -> Bool {
        if let last = asked[address], now - last < interval { return false }
        if asked.count >= limit {
            asked = asked.filter { now - $0.value < interval }
            if asked.count >= limit { asked = [:] }
        }
        asked[address] = now
        return true
    }

    /// Nothing came of it: it may be asked again at once.
    mutating func forget(_ address: IPAddress) {
        asked[address] = nil
    }
}
