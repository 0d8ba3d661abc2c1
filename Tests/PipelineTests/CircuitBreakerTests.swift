import Testing

@testable import Pipeline

struct CircuitBreakerTests {
    private let start = ContinuousClock.now

    private func broken(random: Double = 0) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<5 { breaker.failed("away", at: start, random: random) }
        return breaker
    }

    private func begins(_ breaker: inout CircuitBreaker, at now: ContinuousClock.Instant) -> Bool {
        breaker.mayBegin(at: now)
    }

    @Test("It opens with the fifth failure in a row, not with five among successes")
    func opening() {
        var breaker = CircuitBreaker()
        for _ in 0..<20 {
            for _ in 0..<4 { breaker.failed("away", at: start, random: 0) }
            #expect(begins(&breaker, at: start) == true)
            breaker.succeeded()
        }
        for _ in 0..<5 { breaker.failed("away", at: start, random: 0) }
        #expect(begins(&breaker, at: start) == false)
    }

    @Test("It rests between half and the whole of its time, as chance has it", arguments: [(0.0, 2500), (0.5, 3750)])
    func jitter(random: Double, milliseconds: Int) {
        #expect(broken(random: random).opensUntil == start + .milliseconds(milliseconds))
    }

    @Test("One request tries; when it fails the rest doubles, up to its limit, and success forgets all of it")
    func probing() {
        var breaker = broken()
        for seconds in [10, 20, 40, 80, 160, 300, 300] {
            guard let until = breaker.opensUntil else {
                Issue.record("it is not open")
                return
            }
            #expect(begins(&breaker, at: until - .nanoseconds(1)) == false)
            #expect(begins(&breaker, at: until) == true)
            #expect(begins(&breaker, at: until) == false, "one at a time")
            breaker.failed("still away", at: until, random: 0)
            #expect(breaker.opensUntil == until + .milliseconds(seconds * 500))
        }
        breaker.succeeded()
        for _ in 0..<4 { breaker.failed("away", at: start, random: 0) }
        #expect(breaker.state == .closed)
        breaker.failed("away", at: start, random: 0)
        #expect(breaker.opensUntil == start + .milliseconds(2500))
    }

    @Test("A probe that was not sent after all leaves the next one to try")
    func withdrawing() {
        var breaker = broken()
        let later = start + .seconds(5)
        #expect(begins(&breaker, at: later) == true)
        breaker.withdrawn(at: later)
        #expect(begins(&breaker, at: later) == true)
        #expect(begins(&breaker, at: later) == false)
    }

    @Test("It keeps to the time that the system or a person needs")
    func named() {
        var breaker = CircuitBreaker()
        breaker.rest("limit", until: start + .seconds(7))
        #expect(breaker.state == .open(until: start + .seconds(7), reason: "limit"))
        breaker.paused("key", at: start)
        #expect(breaker.state == .open(until: start + .seconds(60), reason: "key"))
        #expect(begins(&breaker, at: start + .seconds(60)) == true)
        #expect(breaker.state == .probing(reason: "key"))
    }
}
