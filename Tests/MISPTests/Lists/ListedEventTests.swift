import Pipeline
import Testing

@testable import MISP

/// What an event says of an address that many share.
struct ListedEventTests {
    private let match = ListMatch(list: "List of known Example Cloud ranges", matched: "203.0.113.0/24")

    @Test("The comment names the list, and nothing in the event is for detection")
    func listed() throws {
        let composer = EventComposer(settings: try EventSettings())
        var evidence = Sample.download("45.148.10.77")
        #expect(try composer.event(evidence).attributes.contains { $0.toIDs })
        evidence.add([match])
        let event = try composer.event(evidence)
        #expect(event.attributes.allSatisfy { !$0.toIDs })
        let attacker = try #require(event.attributes(.ipDestination).first)
        #expect(attacker.comment.hasSuffix("; on the list List of known Example Cloud ranges (203.0.113.0/24)"))
        let report = try #require(event.reports.first { $0.content.contains("What Warnbell saw") })
        #expect(report.content.contains("detection systems must not act on it"))
        #expect(report.content.contains("The address is on the list `List of known Example Cloud ranges`"))
    }

    @Test("Once a list named it, later alerts of the event are not for detection either")
    func later() throws {
        let composer = EventComposer(settings: try EventSettings())
        var evidence = Sample.bruteForce("45.148.10.9")
        evidence.add([match])
        evidence.merge(Sample.download("45.148.10.9"))
        #expect(try composer.event(evidence).attributes.allSatisfy { !$0.toIDs })
    }
}
