import FoundationEssentials
import IPAddresses
import Pipeline
import Testing
import Timestamps

struct DeliveryScheduleTests {
    private let start = ContinuousClock.now
    private let stored = Receipt.stored(Receipt.Stored(confirmed: 1))

    private func batch(_ address: String) throws -> Batch {
        let moment = Timestamp(seconds: 1_000_000)
        return Batch(
            id: UUID(), source: SourceKey(try #require(IPAddress(address))), opened: moment, closed: moment,
            evidence: Evidence(alerts: Tally(moment)))
    }

    private func delivery(_ batches: [Batch]) throws -> Delivery {
        let first = try #require(batches.first)
        let window = first.opened..<first.opened + .seconds(60)
        let event = UUID()
        return Delivery(
            sink: "misp", source: first.source, batches: batches.map(\.id), alerts: batches.count,
            composition: Composition(event: event, window: window, body: [], items: [], isUpdate: false),
            outcome: History(event: event, window: window, evidence: first.evidence, items: [:], flows: []))
    }

    /// The sources and batch counts of all that may begin now; everything composed is marked so.
    private func begin(_ schedule: inout DeliverySchedule, at now: ContinuousClock.Instant) throws -> [String] {
        var begun: [String] = []
        while let work = schedule.next(at: now) {
            switch work {
            case .compose(let batches):
                schedule.composed(try delivery(batches))
                begun.append("compose \(try #require(batches.first).source) x\(batches.count)")
            case .send(let delivery): begun.append("send \(delivery.source)")
            }
        }
        return begun
    }

    @Test("As many sources go out side by side as there are connections, in the order they came")
    func connections() throws {
        var schedule = DeliverySchedule(limits: .init())
        let batches = try ["203.0.113.1", "203.0.113.2", "203.0.113.3"].map(batch)
        batches.forEach { schedule.batchClosed($0) }
        #expect(try begin(&schedule, at: start) == ["compose 203.0.113.1 x1", "compose 203.0.113.2 x1"])
        schedule.answered(stored, for: batches[1].source, at: start, random: 0)
        #expect(try begin(&schedule, at: start) == ["compose 203.0.113.3 x1"])
        #expect(!schedule.isIdle)
        schedule.answered(stored, for: batches[0].source, at: start, random: 0)
        schedule.answered(stored, for: batches[2].source, at: start, random: 0)
        #expect(schedule.isIdle)
    }

    @Test("Batches of a source that come while its event is under way wait, and go out as one")
    func merging() throws {
        var schedule = DeliverySchedule(limits: .init())
        let first = try batch("203.0.113.1")
        schedule.batchClosed(first)
        #expect(try begin(&schedule, at: start) == ["compose 203.0.113.1 x1"])
        for _ in 0..<3 { schedule.batchClosed(try batch("203.0.113.1")) }
        #expect(try begin(&schedule, at: start) == [])
        schedule.answered(stored, for: first.source, at: start, random: 0)
        #expect(try begin(&schedule, at: start) == ["compose 203.0.113.1 x3"])
    }

    @Test("A failed delivery comes again as it was, after a wait that doubles up to its limit")
    func retries() throws {
        var schedule = DeliverySchedule(limits: .init())
        let first = try batch("203.0.113.1")
        schedule.batchClosed(first)
        _ = try begin(&schedule, at: start)
        var now = start
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            let due = now + .milliseconds(wait * 500)
            schedule.answered(.retry(after: nil, reason: "busy"), for: first.source, at: now, random: 0.5)
            #expect(schedule.nextDeadline == due)
            #expect(try begin(&schedule, at: due - .nanoseconds(1)) == [])
            #expect(try begin(&schedule, at: due) == ["send 203.0.113.1"])
            now = due
        }
    }

    @Test("A sink that names a time is not asked sooner")
    func retryAfter() throws {
        var schedule = DeliverySchedule(limits: .init())
        let first = try batch("203.0.113.1")
        schedule.batchClosed(first)
        _ = try begin(&schedule, at: start)
        schedule.answered(.retry(after: .seconds(90), reason: "limit"), for: first.source, at: start, random: 0)
        #expect(schedule.nextDeadline == start + .seconds(90))
    }

    @Test("An answer that only a person can mend stops the whole sink for a while")
    func pause() throws {
        var schedule = DeliverySchedule(limits: .init())
        let batches = try ["203.0.113.1", "203.0.113.2"].map(batch)
        batches.forEach { schedule.batchClosed($0) }
        _ = try begin(&schedule, at: start)
        schedule.answered(.pause(reason: "key"), for: batches[0].source, at: start, random: 0)
        schedule.batchClosed(try batch("203.0.113.3"))
        #expect(try begin(&schedule, at: start + .seconds(59)) == [])
        #expect(schedule.nextDeadline == start + .seconds(60))
        #expect(
            try begin(&schedule, at: start + .seconds(60)) == ["compose 203.0.113.3 x1"],
            "one connection is still busy")
    }

    @Test("A refused event is over; what its source does later is tried again")
    func refused() throws {
        var schedule = DeliverySchedule(limits: .init())
        let first = try batch("203.0.113.1")
        schedule.batchClosed(first)
        _ = try begin(&schedule, at: start)
        schedule.answered(.refused(reason: "blocklist"), for: first.source, at: start, random: 0)
        #expect(schedule.isIdle)
        schedule.batchClosed(try batch("203.0.113.1"))
        #expect(try begin(&schedule, at: start) == ["compose 203.0.113.1 x1"])
    }

    @Test("What can't be composed comes again with what came since")
    func composingFails() throws {
        var schedule = DeliverySchedule(limits: .init())
        let first = try batch("203.0.113.1")
        schedule.batchClosed(first)
        guard case .compose(let batches) = schedule.next(at: start) else {
            Issue.record("nothing to compose")
            return
        }
        schedule.batchClosed(try batch("203.0.113.1"))
        schedule.composingFailed(batches, .retry(after: nil, reason: "away"), at: start, random: 0.5)
        #expect(try begin(&schedule, at: start) == [])
        #expect(try begin(&schedule, at: start + .milliseconds(500)) == ["compose 203.0.113.1 x2"])
    }

    @Test("Batches that are for another event go out by themselves, before any that came later")
    func puttingBack() throws {
        var schedule = DeliverySchedule(limits: .init())
        let batches = try (0..<3).map { _ in try batch("203.0.113.1") }
        schedule.batchClosed(batches[0])
        schedule.batchClosed(batches[1])
        guard case .compose = schedule.next(at: start) else {
            Issue.record("nothing to compose")
            return
        }
        schedule.putBack([batches[1]])
        schedule.batchClosed(batches[2])
        schedule.composed(try delivery([batches[0]]))
        #expect(try begin(&schedule, at: start) == [])
        schedule.answered(stored, for: batches[0].source, at: start, random: 0)
        guard case .compose(let next) = schedule.next(at: start) else {
            Issue.record("nothing to compose")
            return
        }
        #expect(next.map(\.id) == batches[1...].map(\.id))
    }

    @Test("Batches that come to nothing are over, and make room for what waits")
    func dropping() throws {
        var limits = DeliverySchedule.Limits()
        limits.connections = 1
        var schedule = DeliverySchedule(limits: limits)
        let batches = try ["203.0.113.1", "203.0.113.1", "203.0.113.2"].map(batch)
        schedule.batchClosed(batches[0])
        _ = schedule.next(at: start)
        schedule.batchClosed(batches[1])
        schedule.batchClosed(batches[2])
        #expect(schedule.holds(batches[0].source))
        schedule.dropped(for: batches[0].source)
        #expect(try begin(&schedule, at: start) == ["compose 203.0.113.2 x1"])
        schedule.answered(stored, for: batches[2].source, at: start, random: 0)
        #expect(!schedule.holds(batches[2].source))
        #expect(try begin(&schedule, at: start) == ["compose 203.0.113.1 x1"])
        schedule.dropped(for: batches[0].source)
        #expect(schedule.isIdle)
    }

    @Test(
        "A sink that is not ready is left alone as one that answers the same",
        arguments: [
            (.retry(after: .seconds(90), reason: "limit"), 90), (.pause(reason: "key"), 60),
            // Nothing was sent that could be refused.
            (.refused(reason: "what?"), 1),
        ] as [(Receipt, Int)])
    func notReady(receipt: Receipt, seconds: Int) throws {
        var schedule = DeliverySchedule(limits: .init())
        let batches = try [batch("203.0.113.1")]
        schedule.batchClosed(batches[0])
        _ = schedule.next(at: start)
        schedule.composingFailed(batches, receipt, at: start, random: 1)
        #expect(try begin(&schedule, at: start + .seconds(seconds) - .nanoseconds(1)) == [])
        #expect(try begin(&schedule, at: start + .seconds(seconds)) == ["compose 203.0.113.1 x1"])
    }

    @Test("An event that is left out is over")
    func leftOut() throws {
        var schedule = DeliverySchedule(limits: .init())
        let first = try batch("203.0.113.1")
        schedule.batchClosed(first)
        _ = try begin(&schedule, at: start)
        schedule.answered(.leftOut(reason: "a test"), for: first.source, at: start, random: 0)
        #expect(schedule.isIdle)
    }
}
