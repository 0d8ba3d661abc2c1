import IPAddresses
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

@Suite("What is known of an address")
struct DeciderTests {
    private let day = Duration.seconds(86_400)

    private func attack(from address: String, agent: String = "10.20.0.10") throws -> Alert {
        try Samples.alert {
            $0.groups = ["attack"]
            $0.accuse(address)
            $0.agentAddress = agent
        }
    }

    private func login(from address: String) throws -> Alert {
        try Samples.alert {
            $0.groups = ["syslog", "authentication_success"]
            $0.accuse(address)
        }
    }

    @Test("An agent is never shared, not even by the first alert that tells where it is")
    func firstAlert() throws {
        var decider = Decider(policy: Samples.policy())
        let (decision, rule) = decider.decide(
            try attack(from: "203.0.113.5", agent: "203.0.113.5"), received: Samples.received)
        #expect(decision.action == .investigate)
        #expect(decision.reason == .insideHost(rule: "attack"))
        #expect(decider.ruleName(rule) == "attack")
    }

    @Test(
        "Where an agent was or a login came from within 30 days, nothing is shared; of IPv6 the whole /64 counts",
        arguments: [
            ("203.0.113.5", "203.0.113.5", 0, true), ("203.0.113.5", "203.0.113.6", 0, false),
            ("203.0.113.5", "203.0.113.5", 30, true), ("203.0.113.5", "203.0.113.5", 31, false),
            ("2001:db8:1:2::5", "2001:db8:1:2:8b1f::77", 0, true), ("2001:db8:1:2::5", "2001:db8:1:3::5", 0, false),
            ("2001:db8:1:2::5", "2001:db8:1:2::6", 31, false),
        ])
    func memory(known: String, attacker: String, days: Int, isKnown: Bool) throws {
        let later = Samples.received + day * days
        var agents = Decider(policy: Samples.policy())
        _ = agents.decide(try attack(from: "198.51.100.1", agent: known), received: Samples.received)
        #expect(
            agents.decide(try attack(from: attacker), received: later).0.action
                == (isKnown ? .investigate : .share(mayDetect: true)))
        var logins = Decider(policy: Samples.policy())
        _ = logins.decide(try login(from: known), received: Samples.received)
        let decision = logins.decide(try attack(from: attacker), received: later).0
        #expect(decision.action == (isKnown ? .hold : .share(mayDetect: true)))
        #expect(!isKnown || decision.reason == .recentLogin(rule: "attack"))
    }

    @Test("An agent of Wazuh 5 is known by all of its addresses")
    func findingAgent() throws {
        var rule = PolicyRule(name: "finding", action: .share(mayDetect: true))
        rule.format = .finding
        var decider = Decider(policy: Policy(rules: [rule], networks: Networks()))
        func decide(_ source: String) throws -> PolicyAction {
            let finding = """
                {"wazuh":{"rule":{"id":"x","level":"high"},\
                "agent":{"host":{"ip":["10.0.0.1","203.0.113.5","198.51.100.5"]}}},"source":{"ip":"\(source)"}}
                """
            return decider.decide(try Samples.alert(json: finding), received: Samples.received).0.action
        }
        #expect(try decide("203.0.113.5") == .investigate)
        #expect(try decide("198.51.100.5") == .investigate)
        #expect(try decide("203.0.113.6") == .share(mayDetect: true))
    }

    @Test("A full memory lets the older half go, and never the newest")
    func bounds() throws {
        var book = AddressBook(limit: 4)
        for number in 1...5 {
            let source = Attacker(address: try Samples.address("203.0.113.\(number)"), role: .source, field: "x")
            book.learnLogin(from: source, at: Samples.received + .seconds(number))
        }
        let known = try (1...5).filter {
            book.hadLogin(try Samples.address("203.0.113.\($0)"), at: Samples.received + .seconds(5))
        }
        #expect(known == [4, 5])
        #expect(
            Set(book.takeNews().map(\.source)) == (try [Samples.source("203.0.113.4"), Samples.source("203.0.113.5")]))
        #expect(!book.isAgent(try Samples.address("203.0.113.5"), at: Samples.received))
    }

    @Test("What is learned is given out to be kept once, and again when it is seen a day later or more")
    func news() throws {
        var decider = Decider(policy: Samples.policy())
        func see(after time: Duration) throws -> [AddressSighting] {
            _ = decider.decide(
                try attack(from: "203.0.113.9", agent: "203.0.113.5"), received: Samples.received + time)
            return decider.takeNews()
        }
        let agent = try Samples.source("203.0.113.5")
        #expect(try see(after: .zero) == [AddressSighting(.agent, agent, seen: Samples.received)])
        #expect(try see(after: .zero) == [])
        #expect(try see(after: day - .milliseconds(1)) == [])
        #expect(try see(after: day) == [AddressSighting(.agent, agent, seen: Samples.received + day)])
        _ = decider.decide(try login(from: "203.0.113.6"), received: Samples.received)
        #expect(
            decider.takeNews() == [AddressSighting(.login, try Samples.source("203.0.113.6"), seen: Samples.received)])
    }

    @Test("What an earlier process kept counts as what was learned, and for as long")
    func recalling() throws {
        var decider = Decider(policy: Samples.policy())
        decider.recall([
            AddressSighting(.agent, try Samples.source("203.0.113.5"), seen: Samples.received),
            AddressSighting(.login, try Samples.source("203.0.113.6"), seen: Samples.received),
        ])
        #expect(decider.takeNews() == [], "it is kept already")
        for (days, agent, login) in [
            (30, PolicyAction.investigate, PolicyAction.hold),
            (31, .share(mayDetect: true), .share(mayDetect: true)),
        ] {
            let later = Samples.received + day * days
            #expect(decider.decide(try attack(from: "203.0.113.5"), received: later).0.action == agent)
            #expect(decider.decide(try attack(from: "203.0.113.6"), received: later).0.action == login)
        }
    }

    @Test("An address of an alert that only looks like a login teaches nothing")
    func noLogin() throws {
        var decider = Decider(policy: Samples.policy())
        let failed = try Samples.alert {
            $0.groups = ["authentication_failed"]
            $0.accuse("203.0.113.5")
        }
        _ = decider.decide(failed, received: Samples.received)
        #expect(
            decider.decide(try attack(from: "203.0.113.5"), received: Samples.received).0.action
                == .share(mayDetect: true))
    }

    @Test("A rule is remembered by what it says, and looked at again when it says something else")
    func memo() throws {
        var memo = RuleMemo(limit: 2)
        var looked = 0
        func outcome(_ id: String, _ groups: [String], _ level: Int = 5) throws -> [Int] {
            let alert = try Samples.alert {
                $0.ruleID = id
                $0.groups = groups
                $0.level = level
            }
            let outcome = memo.outcome(for: alert) { _ in
                looked += 1
                return RuleMemo.Outcome(candidates: [looked], isLogin: false)
            }
            return outcome.candidates
        }
        #expect(try outcome("1", ["a"]) == [1])
        #expect(try outcome("1", ["a"]) == [1])
        #expect(try outcome("1", ["b"]) == [2])
        #expect(try outcome("1", ["a"], 6) == [3], "the memory is full and begins anew")
        #expect(try outcome("1", ["a"], 6) == [3])
        #expect(try outcome("1", ["a"]) == [4])
    }
}
