import IPAddresses
import Testing

@testable import Pipeline

struct DeliveryScheduleTests {
    private let start = ContinuousClock.now
    private let stored = Receipt.stored(Receipt.Stored(confirmed: 1))
    private let busy = Receipt.retry(after: nil, reason: "busy")

    private func source(_ number: Int) throws -> SourceKey { try Samples.source("203.0.113.\(number)") }

    private func schedule(with numbers: [Int], connections: Int = 2) throws -> DeliverySchedule {
        var limits = DeliverySchedule.Limits()
        limits.connections = connections
        var schedule = DeliverySchedule(limits: limits)
        for number in numbers { schedule.add(try source(number)) }
        return schedule
    }

    /// The sources whose turn comes now.
    private func begin(_ schedule: inout DeliverySchedule, at now: ContinuousClock.Instant) -> [String] {
        var begun: [String] = []
        while let source = schedule.next(at: now) { begun.append("\(source)") }
        return begun
    }

    @Test("As many sources go out side by side as there are connections, in the order they came")
    func connections() throws {
        var schedule = try schedule(with: [1, 2, 3])
        #expect(begin(&schedule, at: start) == ["203.0.113.1", "203.0.113.2"])
        schedule.answered(stored, for: try source(2), hasMore: false, at: start, random: 0)
        #expect(begin(&schedule, at: start) == ["203.0.113.3"])
        #expect(!schedule.isIdle)
        for number in [1, 3] {
            schedule.answered(stored, for: try source(number), hasMore: false, at: start, random: 0)
        }
        #expect(schedule.isIdle)
    }

    @Test("While it is paused nothing begins, and what was taken back comes first afterwards")
    func paused() throws {
        var schedule = try schedule(with: [1, 2, 3])
        #expect(begin(&schedule, at: start) == ["203.0.113.1", "203.0.113.2"])
        schedule.isPaused = true
        schedule.withdrawn(try source(2), at: start)
        #expect(!schedule.isAtRest, "one is under way")
        schedule.answered(stored, for: try source(1), hasMore: true, at: start, random: 0)
        schedule.add(try source(4))
        #expect(begin(&schedule, at: start + .seconds(3600)) == [])
        #expect(schedule.nextDeadline == nil)
        #expect(schedule.isAtRest)
        #expect(!schedule.isIdle)
        schedule.isPaused = false
        #expect(begin(&schedule, at: start) == ["203.0.113.2", "203.0.113.3"])
    }

    @Test("What comes while the source's turn lasts has its turn afterwards, once")
    func meanwhile() throws {
        var schedule = try schedule(with: [1])
        #expect(begin(&schedule, at: start) == ["203.0.113.1"])
        for _ in 0..<3 { schedule.add(try source(1)) }
        #expect(begin(&schedule, at: start) == [])
        schedule.finished(try source(1), at: start)
        #expect(begin(&schedule, at: start) == ["203.0.113.1"])
        schedule.finished(try source(1), at: start)
        #expect(schedule.isIdle)
    }

    @Test("What is left of a source that was answered has its turn again")
    func more() throws {
        var schedule = try schedule(with: [1, 2], connections: 1)
        #expect(begin(&schedule, at: start) == ["203.0.113.1"])
        schedule.answered(stored, for: try source(1), hasMore: true, at: start, random: 0)
        #expect(begin(&schedule, at: start) == ["203.0.113.2"])
        schedule.answered(stored, for: try source(2), hasMore: false, at: start, random: 0)
        #expect(begin(&schedule, at: start) == ["203.0.113.1"])
    }

    @Test("A failed source comes again after a wait that doubles up to its limit, and not sooner for what comes new")
    func retries() throws {
        var limits = DeliverySchedule.Limits()
        limits.breaker.failures = 100
        var schedule = DeliverySchedule(limits: limits)
        schedule.add(try source(1))
        _ = begin(&schedule, at: start)
        var now = start
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            let due = now + .milliseconds(wait * 500)
            schedule.answered(busy, for: try source(1), hasMore: true, at: now, random: 0.5)
            schedule.add(try source(1))
            #expect(schedule.nextDeadline == due)
            #expect(begin(&schedule, at: due - .nanoseconds(1)) == [])
            #expect(begin(&schedule, at: due) == ["203.0.113.1"])
            now = due
        }
        schedule.answered(stored, for: try source(1), hasMore: true, at: now, random: 0.5)
        #expect(begin(&schedule, at: now) == ["203.0.113.1"])
        schedule.answered(busy, for: try source(1), hasMore: true, at: now, random: 0.5)
        #expect(schedule.nextDeadline == now + .milliseconds(500), "the count begins anew")
    }

    @Test("A sink that names a time is not asked sooner, about anybody")
    func retryAfter() throws {
        var schedule = try schedule(with: [1])
        _ = begin(&schedule, at: start)
        schedule.answered(
            .retry(after: .seconds(90), reason: "limit"), for: try source(1), hasMore: true, at: start, random: 0)
        schedule.add(try source(2))
        #expect(schedule.nextDeadline == start + .seconds(90))
        #expect(begin(&schedule, at: start + .seconds(89)) == [])
        #expect(begin(&schedule, at: start + .seconds(90)).count == 1, "one tries whether it works")
    }

    @Test("An answer that only a person can mend stops the whole sink for a while")
    func pause() throws {
        var schedule = try schedule(with: [1, 2])
        _ = begin(&schedule, at: start)
        schedule.answered(.pause(reason: "key"), for: try source(1), hasMore: true, at: start, random: 0)
        schedule.add(try source(3))
        #expect(begin(&schedule, at: start + .seconds(59)) == [])
        #expect(schedule.nextDeadline == start + .seconds(60))
        #expect(begin(&schedule, at: start + .seconds(60)) == ["203.0.113.3"])
        schedule.answered(stored, for: try source(3), hasMore: false, at: start + .seconds(60), random: 0)
        #expect(begin(&schedule, at: start + .seconds(60)) == ["203.0.113.1"], "one connection is still busy")
    }

    @Test("A sink that fails for one source after the other is left alone, tried with one, and used again")
    func breaker() throws {
        var schedule = try schedule(with: [1, 2, 3, 4, 5, 6, 7], connections: 3)
        var now = start
        for number in 1...5 {
            _ = begin(&schedule, at: now)
            schedule.answered(busy, for: try source(number), hasMore: true, at: now, random: 0.999)
        }
        #expect(begin(&schedule, at: now) == [], "five failures in a row")
        guard let until = schedule.breaker.opensUntil else {
            Issue.record("the breaker is closed")
            return
        }
        now = until
        // The two that were under way fail as well: nothing changes.
        for number in 6...7 { schedule.answered(busy, for: try source(number), hasMore: true, at: now, random: 0.999) }
        #expect(begin(&schedule, at: now).count == 1)
        #expect(begin(&schedule, at: now + .seconds(3600)) == [], "the probe has no answer yet")
        schedule.answered(stored, for: try source(1), hasMore: false, at: now, random: 0)
        #expect(schedule.breaker.state == .closed)
        #expect(begin(&schedule, at: now + .seconds(3600)).count == 3)
    }

    /// When the second turn of a source comes that is postponed at once; `news` is when something new comes, in tens of
    /// seconds, where 0 is in the first turn.
    struct Postponing: CustomTestStringConvertible {
        let testDescription: String
        let until: Int
        let looks: Int
        var news: [Int] = []
        let next: Int
    }

    @Test(
        "A source that has to wait has its turn at its time, or from a certain time on when something new comes",
        arguments: [
            Postponing(testDescription: "nothing new", until: 90, looks: 60, next: 90),
            Postponing(testDescription: "new in its turn", until: 90, looks: 60, news: [0], next: 60),
            Postponing(
                testDescription: "new before it is looked for", until: 90, looks: 60, news: [10, 20, 50], next: 60),
            Postponing(testDescription: "new after that", until: 90, looks: 60, news: [70], next: 70),
            Postponing(testDescription: "looked for at once", until: 90, looks: 0, news: [10], next: 10),
            Postponing(testDescription: "due before it is looked for", until: 30, looks: 60, news: [10], next: 30),
            Postponing(testDescription: "due at once", until: 0, looks: 60, next: 0),
        ])
    func postponing(example: Postponing) throws {
        var schedule = try schedule(with: [1])
        _ = begin(&schedule, at: start)
        if example.news.contains(0) { schedule.add(try source(1)) }
        schedule.postponed(
            try source(1), until: start + .seconds(example.until), looksFrom: start + .seconds(example.looks), at: start
        )
        #expect(schedule.isAtRest && !schedule.isIdle)
        for second in stride(from: 0, through: 100, by: 10) {
            let now = start + .seconds(second)
            if second > 0, example.news.contains(second) { schedule.add(try source(1)) }
            let begun = begin(&schedule, at: now)
            #expect(begun == (second == example.next ? ["203.0.113.1"] : []), "after \(second) s")
            if !begun.isEmpty { return }
        }
    }

    @Test("Where nobody can wait any more, who was postponed has its turn; who failed waits all the same")
    func hurrying() throws {
        var schedule = try schedule(with: [1, 2])
        _ = begin(&schedule, at: start)
        schedule.postponed(try source(1), until: start + .seconds(90), looksFrom: start + .seconds(60), at: start)
        schedule.answered(busy, for: try source(2), hasMore: true, at: start, random: 0.5)
        schedule.hurry()
        #expect(begin(&schedule, at: start) == ["203.0.113.1"])
    }

    @Test(
        "An event that is over makes room for what waits, whatever became of it",
        arguments: [.refused(reason: "blocklist"), .leftOut(reason: "a test")] as [Receipt])
    func over(receipt: Receipt) throws {
        var schedule = try schedule(with: [1])
        _ = begin(&schedule, at: start)
        schedule.answered(receipt, for: try source(1), hasMore: false, at: start, random: 0)
        #expect(schedule.isIdle)
        #expect(!schedule.holds(try source(1)))
        schedule.add(try source(1))
        #expect(begin(&schedule, at: start) == ["203.0.113.1"])
    }
}
