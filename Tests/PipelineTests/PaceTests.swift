import FoundationEssentials
import Testing
import Timestamps
import Wazuh

@testable import Pipeline

struct PaceTests {
    private let start = Samples.received

    private func batch(_ paths: [String]) throws -> Batch {
        let moment = Tally(start)
        var evidence = Evidence(alerts: moment)
        evidence.attackers.add(.init(address: try Samples.address("203.0.113.9"), role: .source), moment)
        for path in paths {
            evidence.requests.add(.init(scheme: nil, host: nil, target: path, role: .source), moment)
        }
        return Batch(
            id: UUID(), source: try Samples.source("203.0.113.9"), opened: start, closed: start, evidence: evidence)
    }

    /// What a sink holds that was told of these batches, one after the other.
    private func history(_ batches: [[String]], flows: [FlowFindings] = []) throws -> History {
        let event = UUID()
        var history: History?
        for paths in batches {
            let batch = try batch(paths)
            let composition = Composition(
                event: event, window: start..<start + .seconds(86_400), body: [], items: [], isUpdate: false)
            history = History(
                Delivery(sink: "misp", batch: batch, batches: [batch.id], composition: composition, flows: flows),
                Receipt.Stored(confirmed: 1), at: start, after: history)
        }
        return try #require(history)
    }

    @Test("The first batch of an event goes out at once")
    func first() throws {
        #expect(Pace().wait(try batch(["/a"]), flows: [], after: nil, at: start) == .zero)
    }

    @Test("What is new waits a minute from the last delivery on, whenever it comes", arguments: [0, 1, 59, 60, 600])
    func news(seconds: Int) throws {
        let wait = Pace().wait(
            try batch(["/b"]), flows: [], after: try history([["/a"]]), at: start + .seconds(seconds))
        #expect(wait == .seconds(max(0, 60 - seconds)))
    }

    @Test("Mere repetition waits a quarter of an hour, then twice as long each time, up to six hours")
    func repetition() throws {
        let waits = try (1...8).map { count in
            Pace().wait(
                try batch(["/a"]), flows: [], after: try history(Array(repeating: ["/a"], count: count)), at: start)
        }
        #expect(waits == [15, 30, 60, 120, 240, 360, 360, 360].map { .seconds($0 * 60) })
    }

    @Test("Something new makes repetition quick again")
    func quickAgain() throws {
        let history = try history([["/a"], ["/a"], ["/a"], ["/b"]])
        #expect(Pace().wait(try batch(["/a"]), flows: [], after: history, at: start) == .seconds(900))
    }

    @Test("That Netflow knows an address, an answer or a call is new; more of it is not")
    func flows() throws {
        let none = try Samples.findings("203.0.113.9", records: 0)
        let some = try Samples.findings("203.0.113.9", records: 1)
        let more = try Samples.findings("203.0.113.9", records: 2)
        let cases: [(before: [FlowFindings], now: [FlowFindings], isNew: Bool)] = [
            ([], [none], false), ([], [some], true), ([none], [some], true), ([some], [more], false),
        ]
        for (before, now, isNew) in cases {
            let history = try history([["/a"]], flows: before)
            #expect(history.isRepetition(try batch(["/a"]), flows: now) == !isNew)
        }
    }

    @Test(
        "Where the clock was set back since the last delivery, nobody waits for it to catch up", arguments: [1, 3600])
    func clockSetBack(seconds: Int) throws {
        let history = try history([["/a"], ["/a"]])
        for path in ["/a", "/b"] {
            #expect(
                Pace().wait(try batch([path]), flows: [], after: history, at: start - .seconds(seconds)) == .zero)
        }
    }
}
