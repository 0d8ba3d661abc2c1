import IPAddresses
import Pipeline
import Testing
import Timestamps

struct BatcherTests {
    private let start = ContinuousClock.now
    private let received = Timestamp(seconds: 1_000_000)

    private func source(_ text: String) throws -> SourceKey { SourceKey(try #require(IPAddress(text))) }

    private func member(_ sequence: UInt64) -> Batcher.Member {
        Batcher.Member(sequence: sequence, rule: 0, mayDetect: true, mayOpen: true)
    }

    private func batcher(_ change: (inout Batcher.Limits) -> Void = { _ in }) -> Batcher {
        var limits = Batcher.Limits()
        change(&limits)
        return Batcher(limits: limits)
    }

    @Test("A batch closes when its source has been quiet for the time set, not before")
    func quiet() throws {
        var batcher = batcher()
        let attacker = try source("203.0.113.9")
        #expect(batcher.add(member(1), of: attacker, received: received, at: start) == .opened)
        #expect(batcher.add(member(2), of: attacker, received: received, at: start + .milliseconds(900)) == .joined)
        #expect(batcher.timerFired(at: start + .milliseconds(1000)) == [])
        #expect(batcher.timerFired(at: start + .milliseconds(1899)) == [])
        let closings = batcher.timerFired(at: start + .milliseconds(1900))
        #expect(closings.map(\.members) == [[member(1), member(2)]])
        #expect(closings.first?.opened == received)
        #expect(!batcher.isOpen(attacker))
        #expect(batcher.nextDeadline == nil)
    }

    @Test("A source that never falls quiet waits no longer than the longest wait")
    func longestWait() throws {
        var batcher = batcher()
        let attacker = try source("203.0.113.9")
        var closings: [Batcher.Closing] = []
        for tick in 0..<60 {
            let now = start + .milliseconds(100 * tick)
            closings += batcher.timerFired(at: now)
            _ = batcher.add(member(UInt64(tick)), of: attacker, received: received, at: now)
        }
        #expect(closings.map(\.members.count) == [50])
    }

    @Test("A batch is full at its limit, and the next alert opens another", arguments: [1, 2, 500])
    func full(limit: Int) throws {
        var batcher = batcher { $0.maxAlerts = limit }
        let attacker = try source("203.0.113.9")
        for sequence in 1..<UInt64(limit) {
            let outcome = batcher.add(member(sequence), of: attacker, received: received, at: start)
            #expect(outcome == (sequence == 1 ? .opened : .joined))
        }
        guard
            case .closed(let closing) = batcher.add(member(UInt64(limit)), of: attacker, received: received, at: start)
        else {
            Issue.record("the batch stays open at its limit")
            return
        }
        #expect(closing.members.count == limit)
        #expect(!batcher.isOpen(attacker))
        if limit > 1 {
            #expect(
                batcher.add(member(1000), of: attacker, received: received, at: start + .milliseconds(10)) == .opened)
            #expect(batcher.timerFired(at: start + .seconds(1)) == [], "the first batch's deadline is not the second's")
            #expect(batcher.timerFired(at: start + .milliseconds(1010)).count == 1)
        }
    }

    @Test("No source more than the limit has an open batch; the others are turned away until one closes")
    func sources() throws {
        var batcher = batcher { $0.maxSources = 2 }
        let attackers = try ["203.0.113.1", "203.0.113.2", "203.0.113.3"].map(source)
        #expect(batcher.add(member(1), of: attackers[0], received: received, at: start) == .opened)
        #expect(batcher.add(member(2), of: attackers[1], received: received, at: start + .milliseconds(1)) == .opened)
        #expect(batcher.add(member(3), of: attackers[2], received: received, at: start + .milliseconds(2)) == .full)
        #expect(batcher.add(member(4), of: attackers[0], received: received, at: start + .milliseconds(3)) == .joined)
        #expect(batcher.timerFired(at: start + .milliseconds(1001)).map(\.source) == [attackers[1]])
        #expect(
            batcher.add(member(5), of: attackers[2], received: received, at: start + .milliseconds(1001)) == .opened)
    }

    @Test("Sources do not wait for one another")
    func independent() throws {
        var batcher = batcher()
        let attackers = try (1...50).map { try source("198.51.100.\($0)") }
        for (index, attacker) in attackers.enumerated() {
            _ = batcher.add(
                member(UInt64(index)), of: attacker, received: received, at: start + .milliseconds(index * 10))
        }
        #expect(batcher.nextDeadline == start + .seconds(1))
        #expect(batcher.timerFired(at: start + .milliseconds(1100)).map(\.source) == Array(attackers[...10]))
        #expect(batcher.closeAll().map(\.source) == Array(attackers[11...]))
        #expect(batcher.nextDeadline == nil)
    }

    @Test(
        "IPv6 addresses of one /64 are one source",
        arguments: [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true), ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
            ("203.0.113.9", "::ffff:203.0.113.9", true), ("203.0.113.9", "203.0.113.8", false),
        ])
    func sameSource(first: String, second: String, isSame: Bool) throws {
        #expect(try (source(first) == source(second)) == isSame)
    }
}
