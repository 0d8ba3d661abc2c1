import Isolation
import Journal
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

/// How many new attackers may be named within an hour.
@Suite(.timeLimit(.minutes(1)))
struct BudgetTests {
    private let hour = Duration.seconds(3600)
    private let now = Samples.received

    private func budget(perHour: Int = 0, perRule: Int = 0) -> Budget {
        var limits = Budget.Limits()
        (limits.perHour, limits.perRule) = (perHour, perRule)
        return Budget(limits: limits)
    }

    @Test("As many as the limit allows within any 60 minutes, and one more when the first of them is an hour ago")
    func perHour() {
        var budget = budget(perHour: 3)
        for minute in 0..<3 { #expect(budget.spend(for: "\(minute)", at: now + .seconds(60 * minute)) == nil) }
        #expect(budget.left(at: now + .seconds(120)) == 0)
        #expect(budget.spend(for: "3", at: now + .seconds(120)) == .perHour)
        #expect(budget.spend(for: "3", at: now + hour - .milliseconds(1)) == .perHour)
        #expect(budget.spend(for: "3", at: now + hour) == nil)
        #expect(budget.spend(for: "3", at: now + hour) == .perHour, "the second one is not an hour ago")
        #expect(budget.left(at: now + hour + .seconds(120)) == 2)
        #expect(budget.left(at: now + hour * 3) == 3)
    }

    @Test("Each rule has a limit of its own, and what it holds back takes nothing from the others")
    func perRule() {
        var budget = budget(perHour: 4, perRule: 2)
        #expect(budget.spend(for: "5712", at: now) == nil)
        #expect(budget.spend(for: "5712", at: now) == nil)
        for _ in 0..<10 { #expect(budget.spend(for: "5712", at: now) == .perRule) }
        #expect(budget.spend(for: "31103", at: now) == nil)
        #expect(budget.spend(for: "31104", at: now) == nil)
        #expect(budget.spend(for: "31105", at: now) == .perHour)
        #expect(budget.spend(for: "5712", at: now + hour) == nil)
    }

    @Test("Nothing is no limit")
    func unlimited() {
        var (any, byRule) = (budget(), budget(perRule: 1))
        for _ in 0..<1000 { #expect(any.spend(for: "5712", at: now) == nil) }
        #expect(any.left(at: now) == nil)
        for rule in 0..<1000 { #expect(byRule.spend(for: "\(rule)", at: now) == nil) }
        #expect(byRule.spend(for: "7", at: now) == .perRule)
        #expect(byRule.left(at: now) == nil)
    }

    @Test("A clock that is set back neither frees anything nor keeps it longer than an hour")
    func clockSetBack() {
        var budget = budget(perHour: 1)
        #expect(budget.spend(for: "5712", at: now) == nil)
        #expect(budget.spend(for: "5712", at: now - hour * 24) == .perHour)
        #expect(budget.spend(for: "5712", at: now - hour * 23) == nil)
    }

    @Test("A limit that is reached is told once an hour, each by itself")
    func telling() {
        var budget = budget(perHour: 1, perRule: 1)
        func told(_ bound: Budget.Bound, after time: Duration) -> Bool { budget.isToBeTold(bound, at: now + time) }
        #expect(told(.perHour, after: .zero))
        #expect(!told(.perHour, after: hour - .milliseconds(1)))
        #expect(told(.perRule, after: .seconds(1)))
        #expect(told(.perHour, after: hour))
    }

    @Test("What an earlier process named counts")
    func recalling() {
        var budget = budget(perHour: 2, perRule: 1)
        budget.recall("5712", at: now - hour)
        budget.recall("31103", at: now - .seconds(60))
        #expect(budget.left(at: now) == 1)
        #expect(budget.spend(for: "31103", at: now) == .perRule)
        #expect(budget.spend(for: "5712", at: now) == nil)
    }

    @Test("New attackers beyond the budget are held with that reason; known ones and tests go out")
    func pipeline() async throws {
        let pipeline = RunningPipeline { $0.budget.perHour = 1 }
        try await pipeline.receive("attack", from: "45.148.10.1")
        await pipeline.delivered()
        try await pipeline.receive("attack", from: "45.148.10.2")
        try await pipeline.receive("attack", from: "45.148.10.3")
        try await pipeline.receive("attack", from: "45.148.10.2")
        try await pipeline.receive("scan", from: "45.148.10.1")
        try await pipeline.receive("attack", from: "203.0.113.9")
        var (told, delivered) = (0, 0)
        for await event in pipeline.events {
            switch event {
            case .budgetSpent: told += 1
            case .setAside: Issue.record("each alert has a line")
            case .delivered: delivered += 1
            default: break
            }
            if delivered == 2 { break }
        }
        #expect(told == 1)
        #expect(pipeline.pipeline.budgetLeft() == 0)
        await pipeline.stop()
        #expect(
            Set(pipeline.sink.composed.map { "\($0.batch.source)" }) == ["45.148.10.1", "203.0.113.9"])
        let held = await pipeline.journal.heldSources(after: nil, limit: 10)
        #expect(held.map { "\($0.source)" } == ["45.148.10.2", "45.148.10.3"])
        #expect(held.first?.reasons == ["rule attack, but beyond the budget (policy.budget.per_hour)": 2])
        #expect(held.first?.batch.evidence.mayDetect == true)
    }

    @Test("After a restart the hour goes on, and who was let through before is known")
    func restart() async throws {
        let folder = try TemporaryFolder()
        #expect(try await run(in: folder.path, ["45.148.10.1"]) == ["45.148.10.1"])
        #expect(
            try await run(in: folder.path, ["45.148.10.2", "45.148.10.3", "45.148.10.1"])
                == ["45.148.10.1", "45.148.10.2"])
    }

    /// Whom a process names that gets an alert of each of these and stops, with a budget of two.
    private func run(in folder: String, _ addresses: [String]) async throws -> [String] {
        let journal = try await open(folder)
        for address in addresses {
            let alert = try Samples.alert {
                $0.id = "\(address).\(addresses.count)"
                $0.groups = ["attack"]
                $0.accuse(address)
            }
            let outcome = await withCheckedContinuation { continuation in
                journal.append([alert], received: .now()) { continuation.resume(returning: $0) }
            }
            #expect(outcome == .stored(duplicates: 0))
        }
        journal.close()
        let sink = RecordingSink()
        var settings = Pipeline.Settings()
        settings.budget.perHour = 2
        settings.pace = .none
        let pipeline = Pipeline(
            settings: settings, policy: Samples.policy(), journal: journal, sinks: [sink], lookups: nil,
            report: { _ in })
        await pipeline.run()
        return sink.composed.map { "\($0.batch.source)" }.sorted()
    }

    /// The journal, once the process before has gone.
    private func open(_ folder: String) async throws -> any AlertJournal {
        func attempt() throws -> DurableJournal { try DurableJournal(in: folder) { Issue.record("\($0)") } }
        while true {
            do { return try attempt() } catch JournalError.inUse { await Task.yield() }
        }
    }
}
