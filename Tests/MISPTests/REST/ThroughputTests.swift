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

/// How many events a second MISP takes from Warnbell, and what each costs it; the figures are printed.
///
/// The stand-in needs the time that MISP was measured to need: 0.15 s a request and 2 ms an attribute, four at a time.
@Suite(
    .serialized, .timeLimit(.minutes(5)),
    .enabled(if: ProcessInfo.processInfo.environment["WARNBELL_BENCH_MISP"] != nil, "WARNBELL_BENCH_MISP is not set"))
struct ThroughputTests {
    private static let attackers = 100

    /// What is sent, how long after the first, and how many requests an event may cost. A sighting is due every hour.
    private static let rounds: [(String, Duration, Double)] = [
        ("new", .zero, 1), ("update", .seconds(60), 2), ("update with a sighting", .seconds(4000), 3),
    ]

    @Test("New events, and updates of them", arguments: [1, 2, 4])
    func throughput(connections: Int) async throws {
        let bench = try RESTSinkBench { state in
            state.role.tagEditor = true
            state.load = MISPStandIn.Load(base: .milliseconds(150), perAttribute: .milliseconds(2))
        }
        defer { bench.stop() }
        var limits = DeliverySchedule.Limits()
        limits.connections = connections
        var pace = Pace()
        pace.update = .zero
        pace.repetition = .zero
        let stored = Locked(0)
        let journal = MemoryJournal()
        let worker = SinkWorker(
            sink: bench.sink, journal: journal, limits: limits, pace: pace,
            report: { event in
                if case .delivered(_, .stored, _) = event { stored.withLock { $0 += 1 } }
            })
        let start = Timestamp.now() - .seconds(7200)
        for (round, after, most) in Self.rounds {
            stored.withLock { $0 = 0 }
            bench.forget()
            let began = ContinuousClock.now
            for number in 0..<Self.attackers {
                let batch = batch(number, round, from: start + after)
                await journal.close(batch, members: [], sinks: ["misp"])
                await worker.deliver(batch.source, flows: [])
            }
            while stored.withLock({ $0 < Self.attackers }) { try await Task.sleep(for: .milliseconds(5)) }
            let took = ContinuousClock.now - began
            let requests = bench.requests.count { $0 != "publish" }
            let rate = Double(Self.attackers) / (took / .seconds(1))
            let each = Double(requests) / Double(Self.attackers)
            print("misp.connections \(connections), \(round): \(rate.short) events/s, \(each.short) requests an event")
            #expect(each <= most)
        }
        #expect(bench.misp.state.events.count == Self.attackers)
        #expect(Set(bench.misp.state.events.values.map(\.count)).count == 1)
    }

    /// Ten attributes when it is new, one more with each update.
    private func batch(_ number: Int, _ round: String, from start: Timestamp) -> Batch {
        let address = "45.83.\(64 + number / 250).\(1 + number % 250)"
        var evidence = Sample.evidence(address, count: 20, from: start)
        let tally = Sample.tally(1, from: start)
        let paths = round == "new" ? (0..<6).map { "/page/\($0)" } : ["/\(round)"]
        for path in paths {
            evidence.requests.add(.init(scheme: nil, host: nil, target: path, role: .source), tally)
        }
        if round == "new" {
            evidence.userAgents.add("sqlmap/1.7", tally)
            evidence.internal.agents.add("web-frontend-3", tally)
            evidence.internal.users.add("operator7", tally)
        }
        let source = SourceKey(Sample.address(address))
        return Batch(id: UUID(), source: source, opened: start, closed: start + .seconds(5), evidence: evidence)
    }
}

extension Double {
    /// With one digit after the point.
    fileprivate var short: String { "\((self * 10).rounded() / 10)" }
}
