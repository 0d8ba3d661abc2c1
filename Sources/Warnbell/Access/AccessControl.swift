import CoreMetrics
import Isolation
import Synchronization

/// The rules of access that all event loops go by; they can be exchanged while requests run.
final class AccessControl: Sendable {
    private let generation = Atomic<UInt16>(0)
    private let current: Locked<AccessTerm>
    private let replays = Locked(ReplayMemory())
    private let makeCounter: @Sendable (String) -> Counter

    /// - Parameter makeCounter: the counter of the requests of a principal of this name.
    init(_ rules: AccessRules, makeCounter: @escaping @Sendable (String) -> Counter) {
        self.makeCounter = makeCounter
        current = Locked(AccessTerm(rules, generation: 0, makeCounter))
    }

    /// From now on these rules hold: for requests that begin, and for those whose body has not arrived wholly.
    /// Buckets begin full; signed requests are remembered on. Who may connect at all, the server is to be told as
    /// well: `HTTPServer.allow`.
    func replace(_ rules: AccessRules) {
        current.withLock { term in
            term = AccessTerm(rules, generation: term.generation &+ 1, makeCounter)
            generation.store(term.generation, ordering: .releasing)
        }
    }

    /// The term that is in force, where it is not `known` already.
    func term(after known: AccessTerm?) -> AccessTerm {
        if let known, known.generation == generation.load(ordering: .acquiring) { return known }
        return current.withLock { $0 }
    }

    /// Whether this signed request was accepted before.
    func wasAccepted(_ message: Fingerprint) -> Bool {
        replays.withLock { $0.contains(message) }
    }

    /// The signed request was accepted; should it come again, it changes nothing.
    func accepted(_ message: Fingerprint) {
        replays.withLock { $0.insert(message) }
    }
}

/// The rules of access while they are in force, and what is counted by them.
final class AccessTerm: Sendable {
    let rules: AccessRules
    let generation: UInt16
    private let counters: [Counter]
    private let buckets: Locked<[RateBucket]>
    private let isLimited: Bool

    fileprivate init(_ rules: AccessRules, generation: UInt16, _ makeCounter: (String) -> Counter) {
        self.rules = rules
        self.generation = generation
        counters = rules.principals.map { makeCounter($0.name) }
        isLimited = rules.bucket != nil && !rules.isOpen
        buckets = Locked(rules.bucket.map { Array(repeating: $0, count: rules.principals.count) } ?? [])
    }

    /// A request of this principal was let in.
    func count(_ principal: Int) {
        counters[principal].increment()
    }

    /// A request with alerts of this principal is there; when it may be answered.
    func admit(_ principal: Int, at now: @autoclosure () -> ContinuousClock.Instant) -> RateBucket.Admission {
        guard isLimited else { return .now }
        let now = now()
        return buckets.withLock { $0[principal].take(at: now) }
    }

    /// A verdict in the form in which it goes with a request from its head to its body.
    func note(_ verdict: AccessRules.Verdict) -> UInt32 {
        let place: UInt16 =
            switch verdict {
            case .granted(let principal): UInt16(principal) + 2
            case .bodyDecides(isSigned: true): 1
            default: 0
            }
        return UInt32(generation) << 16 | UInt32(place)
    }

    /// The verdict that was noted; nil when that was under other rules.
    func verdict(noted note: UInt32) -> AccessRules.Verdict? {
        guard UInt16(truncatingIfNeeded: note >> 16) == generation else { return nil }
        let place = Int(note & 0xffff)
        return place < 2 ? .bodyDecides(isSigned: place == 1) : .granted(place - 2)
    }
}
