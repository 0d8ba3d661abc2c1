import Foundation
import Pipeline
import TestKit
import Testing
import Timestamps

@testable import MISP

/// What a feed says of events that were taken back.
struct FeedWithdrawingTests {
    private let directory: TemporaryFolder
    private let sink: FeedSink
    private static let moment = Sample.now + .seconds(100)

    init() throws {
        directory = try TemporaryFolder()
        sink = FeedSink(
            directory: directory.path + "/feed", publisher: .organisation(Sample.organisation),
            composer: EventComposer(settings: try EventSettings()), includesTests: true, settings: .immediate)
    }

    private func stored() async throws -> History {
        try await sink.prepare()
        let batch = Sample.batch(Sample.bruteForce("45.148.10.9"))
        let composition = try sink.compose(nil, batch, flows: [], now: Sample.now)
        #expect(await sink.deliver(composition).kind == "stored")
        return Sample.history(composition, Sample.bruteForce("45.148.10.9"))
    }

    private func event(_ uuid: UUID) throws -> MISPEvent {
        try EventDocument(body: Array(try directory.read("feed/\(uuid.lowercase).json").utf8)).event
    }

    private func listed(_ uuid: UUID) throws -> Int64? {
        let data = Data(try directory.read("feed/manifest.json").utf8)
        let manifest = try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]]
        return manifest?[uuid.lowercase]?["timestamp"] as? Int64
    }

    @Test("A revoked event stays in the feed with all its parts deleted, newer than before, and no value is listed")
    func revoke() async throws {
        let history = try await stored()
        let withdrawal = Withdrawal(.revoked(actor: "root", reason: nil), at: Self.moment)
        for _ in 0..<2 { #expect(await sink.withdraw(history, withdrawal).kind == "stored") }
        let event = try event(history.event)
        #expect(event.attributes.allSatisfy { $0.deleted == true && !$0.toIDs })
        #expect(event.attributes.allSatisfy { $0.timestamp.seconds == Self.moment.seconds })
        #expect(event.reports.allSatisfy { $0.deleted == true })
        #expect(event.timestamp?.seconds == Self.moment.seconds, "twice is as good as once")
        #expect(try listed(history.event) == Self.moment.seconds)
        #expect(try directory.read("feed/hashes.csv") == "")
    }

    @Test("A retired event stays as it is, but nothing in it is to be acted on")
    func retire() async throws {
        let history = try await stored()
        let before = try event(history.event)
        #expect(before.attributes.contains { $0.toIDs })
        _ = await sink.withdraw(history, Withdrawal(.retired, at: Self.moment))
        let after = try event(history.event)
        #expect(after.attributes.map(\.value) == before.attributes.map(\.value))
        #expect(after.attributes.allSatisfy { !$0.toIDs && $0.deleted == nil })
        #expect(try listed(history.event) == Self.moment.seconds)
    }

    @Test("What is shared again is there again, with a time that whoever pulled the deletion takes for newer")
    func again() async throws {
        let history = try await stored()
        let withdrawal = Withdrawal(.revoked(actor: "root", reason: nil), at: Self.moment)
        let receipt = await sink.withdraw(history, withdrawal)
        let done = history.withdrawn(withdrawal.answered(receipt, at: Self.moment))
        let batch = Sample.batch(Sample.bruteForce("45.148.10.9"))
        _ = await sink.deliver(try sink.compose(done, batch, flows: [], now: Self.moment))
        let event = try event(history.event)
        #expect(event.attributes.allSatisfy { $0.deleted == false })
        #expect(event.attributes.allSatisfy { $0.timestamp.seconds > Self.moment.seconds })
        #expect(event.attributes.contains { $0.toIDs })
        #expect(try directory.read("feed/hashes.csv") != "")
    }

    @Test("An event that the feed has not needs no taking back")
    func unknown() async throws {
        let history = try await stored()
        try FileManager.default.removeItem(atPath: directory.file("feed/\(history.event.lowercase).json"))
        #expect(await sink.withdraw(history, Withdrawal(.retired, at: Self.moment)).kind == "stored")
    }
}
