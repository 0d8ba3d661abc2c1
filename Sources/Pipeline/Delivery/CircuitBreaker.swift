/// Whether a remote system is asked at all: after several failures in a row it is left alone, then tried with one
/// request, and used again once that succeeds.
///
/// A pure machine on given instants.
package struct CircuitBreaker: Sendable {
    package typealias Instant = ContinuousClock.Instant

    package struct Limits: Sendable {
        /// Failures in a row that open it.
        package var failures = 5
        /// How long it is open at first; doubles with each probe that fails.
        package var rest = Duration.seconds(5)
        package var longestRest = Duration.seconds(300)
        /// How long it is open after an answer that only a person can mend: a wrong key.
        package var pause = Duration.seconds(60)

        package init() {}
    }

    package enum State: Sendable, Equatable {
        /// Requests go out.
        case closed
        /// None goes out until then.
        case open(until: Instant, reason: String)
        /// One is under way, to see whether the system is back.
        case probing(reason: String)
    }

    package private(set) var state = State.closed
    private let limits: Limits
    private var failures = 0
    private var rests = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether a request may begin at `now`. Where it was the time to try again, the request that begins is the probe.
    package mutating func mayBegin(at now: Instant) -> Bool {
        switch state {
        case .closed: return true
        case .probing: return false
        case .open(let until, let reason):
            guard until <= now else { return false }
            state = .probing(reason: reason)
            return true
        }
    }

    /// When a request may begin at the earliest, where time alone brings it.
    package var opensUntil: Instant? {
        if case .open(let until, _) = state { return until }
        return nil
    }

    /// The request that began came to nothing before it was sent: the next one is the probe.
    package mutating func withdrawn(at now: Instant) {
        if case .probing(let reason) = state { state = .open(until: now, reason: reason) }
    }

    /// The system answered as one that works does, be it with a refusal.
    package mutating func succeeded() {
        state = .closed
        failures = 0
        rests = 0
    }

    /// The system did not answer, or not usefully. `random` lies in 0..<1: many receivers must not come back together.
    package mutating func failed(_ reason: String, at now: Instant, random: Double) {
        failures += 1
        switch state {
        case .open: break
        case .closed:
            if failures >= limits.failures { open(reason, at: now, random: random) }
        case .probing: open(reason, at: now, random: random)
        }
    }

    /// The system asks to be left alone until then.
    package mutating func rest(_ reason: String, until: Instant) {
        failures += 1
        if let own = opensUntil, own >= until { return }
        state = .open(until: until, reason: reason)
    }

    /// Only a person can mend what the system complains about.
    package mutating func paused(_ reason: String, at now: Instant) {
        state = .open(until: now.advanced(by: limits.pause), reason: reason)
    }

    private mutating func open(_ reason: String, at now: Instant, random: Double) {
        let whole = min(limits.rest * (1 << min(rests, 20)), limits.longestRest)
        rests += 1
        state = .open(until: now.advanced(by: whole * (0.5 + random / 2)), reason: reason)
    }
}
