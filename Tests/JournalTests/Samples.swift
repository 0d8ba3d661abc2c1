import FoundationEssentials
import IPAddresses
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

/// What the tests of journals put into them.
enum Samples {
    static let received = Timestamp(seconds: 1_795_161_600)

    /// Alerts that differ in their ids.
    static func alerts(_ ids: some Sequence<Int>) throws -> [Alert] {
        var decoder = AlertDecoder()
        return try ids.map { id in
            let sample = SampleAlert { $0.id = "1795161600.\(id)" }
            return try #require(try decoder.decode(sample.bytes.span).alerts.first)
        }
    }

    static func batch(_ source: String = "203.0.113.9") throws -> Batch {
        Batch(
            id: UUID(), source: SourceKey(try #require(IPAddress(source))), opened: received, closed: received,
            evidence: Evidence(alerts: Tally(received)))
    }

    /// A delivery that tells of these batches; its window is the minute from ``received`` on.
    static func delivery(
        of batches: [Batch], to sink: String, isToBePublished: Bool = false
    ) throws -> Delivery {
        let item = Composition.Item(id: UUID(), key: "ip-src|203.0.113.9", timestamp: received)
        return Delivery(
            sink: sink, batch: try #require(batches.first), batches: batches.map(\.id),
            composition: Composition(
                event: UUID(), window: received..<received + .seconds(60), body: [1, 2, 3], items: [item],
                isUpdate: false, isToBePublished: isToBePublished),
            flows: [])
    }
}

extension AlertJournal {
    /// Appends, and waits for what becomes of it.
    func append(_ alerts: [Alert]) async -> AppendOutcome {
        await withCheckedContinuation { continuation in
            append(alerts, received: Samples.received) { continuation.resume(returning: $0) }
        }
    }
}
