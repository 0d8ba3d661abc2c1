import FoundationEssentials
import IPAddresses
import Pipeline
import Testing
import Timestamps

@testable import Journal

@Suite("What sinks hold")
struct LedgerTests {
    private static let start = Timestamp(seconds: 1_795_161_600)
    private let day = Duration.seconds(86_400)

    private func delivery(_ address: String, day number: Int = 0, textBytes: Int = 0) throws -> Delivery {
        let opened = Self.start + day * number
        let window = opened..<opened + day
        let source = SourceKey(try #require(IPAddress(address)))
        var evidence = Evidence(alerts: Tally(opened))
        evidence.userAgents.add(String(repeating: "a", count: textBytes), Tally(opened))
        let batch = Batch(id: UUID(), source: source, opened: opened, closed: opened, evidence: evidence)
        return Delivery(
            sink: "misp", batch: batch, batches: [],
            composition: Composition(event: UUID(), window: window, body: [], items: [], isUpdate: false), flows: [])
    }

    private func holds(_ ledger: Ledger, _ delivery: Delivery) -> Bool {
        let moment = delivery.composition.window.lowerBound
        return ledger.history(of: delivery.source, in: delivery.sink, at: moment)?.event == delivery.composition.event
    }

    @Test("Beyond the entries or bytes there may be, the longest unchanged go, and the newest never")
    func bounds() throws {
        let cases: [(limit: Int, bytes: Int, texts: [Int], kept: [Bool])] = [
            (4, .max, [0, 0, 0, 0], [true, true, true, true]),
            (4, .max, [0, 0, 0, 0, 0], [false, false, false, true, true]),
            (100, 100_000, [30_000, 30_000, 30_000], [true, true, true]),
            (100, 100_000, [30_000, 30_000, 30_000, 30_000], [false, false, false, true]),
            (100, 10_000, [10, 10, 30_000], [false, false, true]),
            (100, 10_000, [30_000, 10, 10], [false, true, true]),
        ]
        for (limit, bytes, texts, kept) in cases {
            var ledger = Ledger(limit: limit, bytes: bytes)
            let deliveries = try texts.enumerated().map { try delivery("203.0.113.\($0)", textBytes: $1) }
            for delivery in deliveries { ledger.record(delivery, Receipt.Stored(confirmed: 1), at: Self.start) }
            #expect(deliveries.map { holds(ledger, $0) } == kept, "\(limit) \(bytes) \(texts)")
        }
    }

    @Test("An entry that is recorded again counts once")
    func again() throws {
        var ledger = Ledger(limit: 100, bytes: 100_000)
        let first = try delivery("203.0.113.1", textBytes: 10)
        ledger.record(first, Receipt.Stored(confirmed: 1), at: Self.start)
        for _ in 0..<100 {
            ledger.record(try delivery("203.0.113.2", textBytes: 40_000), Receipt.Stored(confirmed: 1), at: Self.start)
        }
        #expect(holds(ledger, first))
    }

    @Test("What no alert of today can belong to is let go, a day after its window")
    func ended() throws {
        var ledger = Ledger(limit: 100, bytes: .max)
        let old = try delivery("203.0.113.1")
        let other = try delivery("203.0.113.2", day: 1)
        ledger.record(old, Receipt.Stored(confirmed: 1), at: Self.start)
        ledger.record(other, Receipt.Stored(confirmed: 1), at: Self.start)
        #expect(holds(ledger, old))
        ledger.record(try delivery("203.0.113.3", day: 2), Receipt.Stored(confirmed: 1), at: Self.start)
        #expect(!holds(ledger, old) && holds(ledger, other))
        ledger.record(try delivery("203.0.113.4", day: 0), Receipt.Stored(confirmed: 1), at: Self.start)
        ledger.record(try delivery("203.0.113.3", day: 3), Receipt.Stored(confirmed: 1), at: Self.start)
        #expect(!holds(ledger, other))
    }
}
