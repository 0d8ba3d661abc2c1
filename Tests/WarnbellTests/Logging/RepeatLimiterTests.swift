import Testing

@testable import Warnbell

struct RepeatLimiterTests {
    private let start = ContinuousClock.now

    @Test("A topic has a few lines in an interval; the first after it tells how many were left out")
    func interval() {
        var limiter = RepeatLimiter<String>(burst: 2, interval: .seconds(60))
        #expect(limiter.admit("busy", at: start) == .log(suppressed: 0))
        #expect(limiter.admit("busy", at: start + .seconds(1)) == .log(suppressed: 0))
        #expect(limiter.admit("busy", at: start + .seconds(2)) == .suppress)
        #expect(limiter.admit("full", at: start + .seconds(2)) == .log(suppressed: 0))
        #expect(limiter.admit("busy", at: start + .milliseconds(59_999)) == .suppress)
        #expect(limiter.admit("busy", at: start + .seconds(60)) == .log(suppressed: 2))
        #expect(limiter.admit("busy", at: start + .seconds(61)) == .log(suppressed: 0))
        #expect(limiter.admit("busy", at: start + .seconds(62)) == .suppress)
    }

    @Test("The end of a flood is told when nothing follows it, once")
    func overdue() {
        var limiter = RepeatLimiter<String>(interval: .seconds(60))
        for _ in 0..<5 { _ = limiter.admit("busy", at: start) }
        _ = limiter.admit("quiet", at: start)
        #expect(limiter.overdue(at: start + .seconds(59)).isEmpty)
        let due = limiter.overdue(at: start + .seconds(60))
        #expect(due.map(\.topic) == ["busy"])
        #expect(due.map(\.suppressed) == [4])
        #expect(limiter.overdue(at: start + .seconds(61)).isEmpty)
        #expect(limiter.admit("busy", at: start + .seconds(61)) == .log(suppressed: 0))
    }

    @Test("Topics beyond the limit are told of together; in the end all that is left is told")
    func overdueOthers() {
        var limiter = RepeatLimiter<Int>(interval: .seconds(60), topicLimit: 1)
        for topic in [1, 1, 2, 3, 4] { _ = limiter.admit(topic, at: start) }
        #expect(limiter.overdue(at: start + .seconds(59)).isEmpty)
        #expect(limiter.overdue().map(\.topic) == [1, nil])
        #expect(limiter.overdue().isEmpty)
        #expect(limiter.admit(4, at: start) == .log(suppressed: 0), "there is room again")
    }

    @Test("Topics beyond the limit share one allowance, until there is room again")
    func topics() {
        var limiter = RepeatLimiter<Int>(interval: .seconds(60), topicLimit: 2)
        #expect(limiter.admit(1, at: start) == .log(suppressed: 0))
        #expect(limiter.admit(2, at: start) == .log(suppressed: 0))
        #expect(limiter.admit(3, at: start) == .log(suppressed: 0))
        #expect(limiter.admit(4, at: start) == .suppress)
        #expect(limiter.admit(1, at: start) == .suppress)
        // The second topic has nothing left to tell and makes room; the first one still has.
        #expect(limiter.admit(4, at: start + .seconds(60)) == .log(suppressed: 0))
        #expect(limiter.admit(5, at: start + .seconds(60)) == .log(suppressed: 1))
        #expect(limiter.admit(1, at: start + .seconds(60)) == .log(suppressed: 1))
    }
}
