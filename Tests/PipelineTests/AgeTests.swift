import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

/// Alerts of another time than ours.
struct AgeTests {
    private struct Case: CustomTestStringConvertible {
        let name: String
        var group = "attack"
        var source = "45.148.10.9"
        /// From the alert's own time to when it came in.
        let age: Duration
        let action: String
        var reason: Decision.Reason?
        var testDescription: String { name }
    }

    private static let day = Duration.seconds(86_400)
    private static let instant = Duration.milliseconds(1)

    private static let cases = [
        Case(name: "now", age: .zero, action: "share"),
        Case(name: "as old as may be", age: day * 7, action: "share"),
        Case(name: "older", age: day * 7 + instant, action: "hold", reason: .age(rule: "attack")),
        Case(name: "as far ahead as may be", age: .seconds(-300), action: "share"),
        Case(name: "further ahead", age: .seconds(-300) - instant, action: "hold", reason: .future(rule: "attack")),
        Case(name: "an old test", source: "203.0.113.9", age: day * 70, action: "share"),
        Case(name: "old context is no concern", group: "web", age: day * 70, action: "context"),
        Case(name: "a host of ours, whenever", source: "10.1.2.3", age: day * 70, action: "investigate"),
    ]

    @Test("What would be shared is held where its own time is long ago or ahead", arguments: cases)
    private func age(_ example: Case) throws {
        var policy = Samples.policy()
        policy.maxAge = Self.day * 7
        let alert = try Samples.alert {
            $0.groups = [example.group]
            $0.accuse(example.source)
        }
        let own = try #require(alert.timestamp)
        let decision = policy.decide(alert, known: AddressBook(), at: own + example.age)
        #expect(decision.action.name == example.action)
        if let reason = example.reason { #expect(decision.reason == reason) }
    }
}
