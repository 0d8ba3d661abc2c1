import Foundation
import IPAddresses
import Isolation
import Journal
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import MISP
@testable import Pipeline

/// What an attacker who goes on for a day costs a MISP server, on a clock of the test's own.
@Suite(.timeLimit(.minutes(2)))
struct ManyHoursTests {
    private final class Clock: Sendable {
        let elapsed = Locked(Duration.zero)
    }

    /// A worker on a clock that stands still but for ``pass(minutes:)``.
    private final class Day {
        let bench: RESTSinkBench
        let journal = MemoryJournal()
        let worker: SinkWorker
        private let clock = Clock()

        init() throws {
            let clock = clock
            let start = ContinuousClock.now
            bench = try RESTSinkBench()
            worker = SinkWorker(
                sink: bench.sink, journal: journal, limits: DeliverySchedule.Limits(),
                time: TimeSource(
                    instant: { start + clock.elapsed.withLock { $0 } },
                    timestamp: { Sample.now + clock.elapsed.withLock { $0 } },
                    // The test itself says when to look again.
                    sleep: { _ in try? await Task.sleep(for: .seconds(3600)) }),
                report: { _ in })
        }

        deinit { bench.stop() }

        var now: Timestamp { Sample.now + clock.elapsed.withLock { $0 } }

        /// A batch of a minute's alerts closes, and what is due is done.
        func attack(path: String) async {
            let moment = Tally(now, mayDetect: true)
            var evidence = Sample.evidence(Self.attacker, count: 60, from: now)
            evidence.requests.add(.init(scheme: nil, host: nil, target: path, role: .source), moment)
            let batch = Batch(
                id: UUID(), source: SourceKey(Sample.address(Self.attacker)), opened: now, closed: now,
                evidence: evidence)
            await journal.close(batch, members: [], sinks: ["misp"])
            await worker.deliver(batch.source, flows: [])
            await atRest()
        }

        func pass(minutes: Int) async {
            for _ in 0..<minutes {
                clock.elapsed.withLock { $0 += .seconds(60) }
                await worker.proceed()
                await atRest()
            }
        }

        private func atRest() async {
            while await !worker.isAtRest { await Task.yield() }
        }

        static let attacker = "45.83.64.1"
    }

    @Test("A day of one attack, a batch a minute, costs a handful of changes, sightings and publications")
    func repetition() async throws {
        let day = try Day()
        for _ in 0..<24 * 60 {
            await day.attack(path: "/login")
            await day.pass(minutes: 1)
        }
        let requests = day.bench.requests
        let event = try #require(day.bench.misp.state.events.values.first)
        #expect(day.bench.misp.state.events.count == 1)
        // At 0, 15, 45, 105, 225, 465, 825 and 1185 minutes.
        #expect(requests.count { $0 == "edit" } == 7)
        #expect(requests.count { $0 == "publish" } == 8)
        #expect(requests.count < 40)
        #expect(event.attributes.flatMap(\.sightings.keys).count == 6, "those of the first hour are one")
        #expect(event.published)
        #expect(day.journal.state.undelivered < 6 * 60 * 60, "what is left waits for the next turn")
    }

    @Test("Each new fact of a day is told within a minute")
    func news() async throws {
        let day = try Day()
        for minute in 0..<24 * 60 {
            await day.attack(path: "/\(minute / 120)")
            await day.pass(minutes: 1)
            let event = try #require(day.bench.misp.state.events.values.first)
            if minute % 120 == 1 {
                #expect(event.attributes.contains { $0.value == "/\(minute / 120)" }, "minute \(minute)")
            }
        }
        #expect(day.bench.requests.count { $0 == "edit" } < 60)
        #expect(day.bench.requests.count < 200)
    }

    @Test("An event that changes all the time is published every ten minutes, and a last time when it is quiet")
    func publishing() async throws {
        let day = try Day()
        for minute in 0..<60 {
            for half in 0..<2 { await day.attack(path: "/\(minute)/\(half)") }
            await day.pass(minutes: 1)
        }
        let busy = day.bench.requests.count { $0 == "publish" }
        #expect((5...6).contains(busy))
        await day.pass(minutes: 5)
        #expect(day.bench.requests.count { $0 == "publish" } == busy + 1)
        #expect(day.bench.misp.state.events.values.first?.published == true)
        await day.pass(minutes: 60)
        #expect(day.bench.requests.count { $0 == "publish" } == busy + 1)
    }
}
