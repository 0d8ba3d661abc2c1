import FoundationEssentials
import Testing
import Timestamps

@testable import Pipeline

/// What it means that lists name a source.
struct ListPolicyTests {
    private let policy = ListPolicy(
        hold: ["cdn", "Both of*two"], note: ["cloud", "Both"], ignore: ["used for scanning", "cloud scanner"])

    private func batch(
        _ address: String = "198.18.7.9", released lists: [String]? = nil
    ) throws -> Batch {
        var evidence = Evidence(alerts: Tally(Samples.received))
        evidence.add((lists ?? []).map { ListMatch(list: $0, matched: "x") })
        return Batch(
            id: UUID(), source: try Samples.source(address), opened: Samples.received, closed: Samples.received,
            evidence: evidence, isReleased: lists != nil)
    }

    private func matches(_ lists: [String]) -> [ListMatch] {
        lists.map { ListMatch(list: $0, matched: "192.0.2.0/24") }
    }

    @Test(
        "A pattern is a part of the name in any case, with gaps where it has a star",
        arguments: [
            ("cdn", "Known Stackpath CDN ranges", true),
            ("azure*datacenter", "Microsoft Azure China Datacenter IP", true),
            ("datacenter*azure", "Microsoft Azure China Datacenter IP", false), ("*", "anything", true),
            ("cdn", "", false),
            ("a*a", "a", false), ("a*a", "aa", true), ("*cloud*", "Clouds", true), ("cdn", "C D N", false),
        ])
    func patterns(pattern: String, name: String, expected: Bool) {
        #expect(NamePattern(pattern).matches(name) == expected)
    }

    @Test(
        "A list that no pattern names holds; of patterns that name it, hold goes before ignore, and ignore before note",
        arguments: [
            ("A CDN", ListPolicy.Treatment.hold), ("A cloud", .note), ("Ranges used for scanning", .ignore),
            ("Some list", .hold), ("A cloud scanner", .ignore), ("A cloud's CDN", .hold), ("Both of the two", .hold),
            ("Both of us", .note),
        ])
    func treatment(name: String, expected: ListPolicy.Treatment) {
        #expect(policy.treatment(of: name) == expected)
    }

    @Test(
        "Of several lists the one that keeps most back decides, and its name stands first",
        arguments: [
            (["A cloud", "Some list"], "hold", "Some list"),
            (["A cloud", "Ranges used for scanning"], "ignore", "Ranges"),
            (["Ranges used for scanning", "Some list"], "hold", "Some list"),
            (["A cloud", "B cloud"], "share", "A cloud"),
            ([], "share", "no list"),
        ])
    func several(lists: [String], expected: String, first: String) throws {
        let opinion = policy.opinion(on: try batch(), matches(lists))
        let (name, found) =
            switch opinion {
            case .share(let found): ("share", found)
            case .hold(let found): ("hold", found)
            case .ignore(let found): ("ignore", found)
            }
        #expect(name == expected)
        #expect(found.count == lists.count)
        #expect(found.reason.contains(first), "\(found.reason)")
        #expect(found.reason.contains("1 more list") == (lists.count == 2))
    }

    @Test(
        "A documentation address is on no list of special-use ranges, and on every other list as any address",
        arguments: [
            ("203.0.113.9", "List of RFC 5735 CIDR blocks", true),
            ("2001:db8::1", "List of RFC 3849 CIDR blocks", true),
            ("203.0.113.9", "A CDN", false), ("198.18.7.9", "List of RFC 5735 CIDR blocks", false),
        ])
    func specialUse(address: String, list: String, isShared: Bool) throws {
        let opinion = policy.opinion(on: try batch(address), matches([list]))
        #expect((opinion == .share([])) == isShared)
    }

    @Test(
        "What a person released is shared though the lists that the person knew of name it, and no other list",
        arguments: [
            (["A CDN"], ["A CDN"], "share"), (["A CDN"], ["A CDN", "A cloud"], "share"), ([], ["A CDN"], "hold"),
            (["A CDN"], ["A CDN", "Some list"], "hold"), ([], ["Ranges used for scanning"], "hold"), ([], [], "share"),
            (["Some list"], [], "share"),
        ])
    func released(known: [String], now: [String], expected: String) throws {
        switch policy.opinion(on: try batch(released: known), matches(now)) {
        case .share(let lists):
            #expect(expected == "share")
            #expect(Set(lists) == Set(matches(now)), "what it goes out with")
        case .hold: #expect(expected == "hold")
        case .ignore: #expect(expected == "ignore")
        }
    }

    @Test("Lists are remembered once each, up to a bound, and go with what is merged")
    func memory() throws {
        var evidence = try batch().evidence
        evidence.add(matches((0..<40).map { "list \($0 % 20)" }))
        #expect(evidence.lists.count == 16)
        var other = try batch().evidence
        other.add(matches(["list 3", "another"]))
        other.merge(evidence)
        #expect(other.lists.count == 16)
        #expect(other.lists.first?.list == "list 3")
        #expect(ListMatch(list: String(repeating: "x", count: 1000), matched: "y").list.utf8.count == 256)
    }
}
