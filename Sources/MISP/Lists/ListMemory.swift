import IPAddresses
import Pipeline

/// What a server said of addresses, for a while.
///
/// Bounded: where it is full of answers that still hold, all are forgotten, and asked for again.
struct ListMemory {
    typealias Instant = ContinuousClock.Instant

    private var answers: [IPAddress: (matches: [ListMatch], until: Instant)] = [:]
    private let lifetime: Duration
    private let limit: Int

    init(lifetime: Duration, limit: Int) {
        self.lifetime = lifetime
        self.limit = limit
    }

    /// The lists that name the address, if any; nil where that has to be asked.
    func answer(for address: IPAddress, at now: Instant) -> [ListMatch]? {
        answers[address].flatMap { $0.until > now ? $0.matches : nil }
    }

    mutating func note(_ matches: [ListMatch], for address: IPAddress, at now: Instant) {
        if answers.count >= limit, answers[address] == nil {
            answers = answers.filter { $0.value.until > now }
            if answers.count >= limit { answers = [:] }
        }
        answers[address] = (matches, now.advanced(by: lifetime))
    }
}
