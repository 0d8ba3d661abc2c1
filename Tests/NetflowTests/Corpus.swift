import Foundation
import IPAddresses
import Pipeline
import Testing
import Timestamps

@testable import Netflow

/// The shared flows and the right answers to them, where `WARNBELL_SHARED` names the folder they are in.
enum Corpus {
    static let folder = ProcessInfo.processInfo.environment["WARNBELL_SHARED"].map { "\($0)/corpus/netflow" }
    static let isThere = folder != nil
    static let missing: Comment = "WARNBELL_SHARED is not set: the shared flows are not asked"

    /// One set of flows.
    struct Sample: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let file: String
        let window: Range<Timestamp>
        /// How many addresses the answers are for.
        let addresses: Int

        init(_ name: String, _ file: String, _ addresses: Int, from start: String, to end: String) {
            testDescription = name
            self.file = file
            self.addresses = addresses
            window = (Timestamp(start) ?? moment(0))..<(Timestamp(end) ?? moment(0))
        }
    }

    static let samples = [
        Sample(
            "attack", "ecs_attack.bulk.ndjson", 5, from: "2026-11-20T00:00:00Z", to: "2026-11-21T00:00:00Z"),
        Sample(
            "exporters", "ecs_exporters.bulk.ndjson", 3, from: "2010-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"),
        Sample(
            "internet", "ecs_internet.bulk.ndjson.gz", 11, from: "2024-04-19T00:00:00Z", to: "2024-04-20T00:00:00Z"),
    ]

    /// The right answers, in the form of `lookup --json`.
    static func truth(_ sample: Sample) throws -> [Answer] {
        let data = try Data(contentsOf: URL(filePath: "\(folder ?? "")/truth_\(sample.testDescription).json"))
        return try JSONDecoder().decode(Truth.self, from: data).answers
    }

    /// What a report prints, read back.
    static func answers(_ report: LookupReport) throws -> [Answer] {
        try JSONDecoder().decode([Answer].self, from: Data(report.json.utf8))
    }

    private struct Truth: Decodable {
        let answers: [Answer]
    }

    /// One address's answer. In the truth, `flow_records` is called `flow_docs`, and `complete` is not there.
    struct Answer: Decodable, Equatable {
        let ip: String
        let records: Int
        let complete: Bool
        let numbers: [String: Int]
        let first: String?
        let last: String?
        let peers: [Peer]

        struct Peer: Decodable, Equatable {
            let peer, initiator, first, last: String
            let proto, port, conversations, answered: Int
            let bytes_from_ip, packets_from_ip, bytes_to_ip, packets_to_ip: Int
        }

        private struct Key: CodingKey {
            let stringValue: String
            let intValue: Int? = nil
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            let key = Key.init(stringValue:)
            ip = try container.decode(String.self, forKey: key("ip"))
            let isTruth = container.contains(key("flow_docs"))
            records = try container.decode(Int.self, forKey: key(isTruth ? "flow_docs" : "flow_records"))
            complete = try isTruth || container.decode(Bool.self, forKey: key("complete"))
            let names = ["distinct_peers", "bytes_from_ip", "bytes_to_ip", "packets_from_ip", "packets_to_ip"]
            numbers = Dictionary(
                uniqueKeysWithValues: try names.map { ($0, try container.decode(Int.self, forKey: key($0))) })
            first = try container.decode(String?.self, forKey: key("first"))
            last = try container.decode(String?.self, forKey: key("last"))
            peers = try container.decode([Peer].self, forKey: key("peers"))
        }
    }

    /// Fails for each address whose answer is not the right one, naming what differs.
    static func expect(_ findings: [FlowFindings], toBe truth: [Answer]) throws {
        let answers = try answers(LookupReport(findings))
        #expect(answers.map(\.ip) == truth.map(\.ip))
        for (answer, right) in zip(answers, truth) where answer != right {
            let wrong = zip(answer.peers, right.peers).first { $0 != $1 }
            Issue.record(
                """
                \(right.ip): \(answer.records) records, \(answer.peers.count) peers, \(answer.numbers), \
                expected \(right.records), \(right.peers.count), \(right.numbers); first difference: \
                \(String(describing: wrong))
                """)
        }
    }
}
