import IPAddresses
import Isolation
import Testing
import Timestamps

@testable import Pipeline

@Suite("Asking Netflow", .timeLimit(.minutes(1)))
struct FlowLookupsTests {
    /// Notes who was asked about in each round trip; answers as it is told.
    private final class Source: FlowSource {
        let name = "logs"
        private let gate = Gate()
        private let rounds = Locked<[[IPAddress]]>([])
        private let answer: @Sendable ([IPAddress]) throws -> [FlowFindings]

        init(_ answer: @escaping @Sendable ([IPAddress]) throws -> [FlowFindings]) {
            self.answer = answer
        }

        var asked: [[IPAddress]] { rounds.withLock { $0 } }

        func open() async { await gate.open() }

        func lookup(_ addresses: [IPAddress], in window: Range<Timestamp>) async throws -> [FlowFindings] {
            rounds.withLock { $0.append(addresses) }
            await gate.wait()
            return try answer(addresses)
        }
    }

    private static func answers(_ addresses: [IPAddress]) throws -> [FlowFindings] {
        addresses.map { FlowFindings(address: $0, flowRecords: 1) }
    }

    private func lookups(
        _ source: Source, _ outcomes: Outcomes = Outcomes(), _ change: (inout FlowLookups.Limits) -> Void = { _ in }
    ) -> FlowLookups {
        var limits = FlowLookups.Limits()
        change(&limits)
        return FlowLookups(source: source, lookback: .seconds(60), limits: limits) { outcomes.add($0) }
    }

    private final class Outcomes: Sendable {
        private let all = Locked<[FlowLookups.Outcome]>([])
        var failures: [String?] { all.withLock { $0 }.map(\.failure) }
        var addresses: [Int] { all.withLock { $0 }.map(\.addresses) }
        var incomplete: [Int] { all.withLock { $0 }.map(\.incomplete) }
        func add(_ outcome: FlowLookups.Outcome) { all.withLock { $0.append(outcome) } }
    }

    /// Asks for so many addresses at once, the first of them alone.
    private func ask(_ lookups: FlowLookups, _ source: Source, count: Int) async throws -> [FlowFindings] {
        let addresses = try (0..<count).map { try Samples.address("2001:db8::\($0)") }
        return await withTaskGroup(of: (Int, FlowFindings).self) { group in
            for (index, address) in addresses.enumerated() {
                group.addTask { (index, await lookups.findings(for: address)) }
                while index == 0, source.asked.isEmpty { await Task.yield() }
            }
            while await lookups.waitingAddresses < count - 1 { await Task.yield() }
            await source.open()
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    @Test("What is asked while a look-up is under way shares the next ones, and each gets its own answer")
    func rounds() async throws {
        let source = Source(Self.answers)
        let outcomes = Outcomes()
        let answers = try await ask(lookups(source, outcomes) { $0.perRoundTrip = 2 }, source, count: 6)
        #expect(answers.map(\.address.description) == (0..<6).map { $0 == 0 ? "2001:db8::" : "2001:db8::\($0)" })
        #expect(source.asked.map(\.count) == [1, 2, 2, 1])
        #expect(outcomes.addresses == [1, 2, 2, 1])
        #expect(outcomes.failures == [nil, nil, nil, nil])
    }

    @Test("An answer that lacks something is counted as such")
    func incomplete() async throws {
        let source = Source { $0.map { FlowFindings(address: $0, incomplete: $0.bits & 1 == 0 ? [] : ["capped"]) } }
        let outcomes = Outcomes()
        _ = try await ask(lookups(source, outcomes), source, count: 3)
        #expect(outcomes.addresses == [1, 2])
        #expect(outcomes.incomplete == [0, 1])
    }

    @Test("A look-up that fails says why, and hinders none after it")
    func failure() async throws {
        let failing = Locked(true)
        let source = Source { addresses in
            let fails = failing.withLock { value in
                defer { value = false }
                return value
            }
            if fails { throw RecordingSink.Failure() }
            return try Self.answers(addresses)
        }
        let outcomes = Outcomes()
        let answers = try await ask(lookups(source, outcomes), source, count: 2)
        #expect(answers.map(\.flowRecords) == [0, 1])
        #expect(answers.map(\.incomplete.isEmpty) == [false, true])
        #expect(outcomes.failures.map { $0 == nil } == [false, true])
    }

    @Test("Answers that are not as many as the questions are nobody's")
    func confusion() async throws {
        let source = Source { try Self.answers(Array($0.dropLast())) }
        let answers = try await ask(lookups(source), source, count: 3)
        #expect(answers.allSatisfy { $0.flowRecords == 0 && !$0.incomplete.isEmpty })
    }

    @Test("Where too many wait, the next is told so at once")
    func bounds() async throws {
        let source = Source(Self.answers)
        let lookups = lookups(source) { $0.waiting = 0 }
        let answer = await lookups.findings(for: try Samples.address("203.0.113.9"))
        #expect(!answer.incomplete.isEmpty)
        #expect(source.asked.isEmpty)
    }
}
