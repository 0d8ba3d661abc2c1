import Foundation
import Isolation
import Pipeline
import TestKit
import Testing
import Timestamps

@testable import Journal

/// What the journal keeps for a sink that is not configured any more.
struct LeftSinkTests {
    private let folder: TemporaryFolder
    private let notices = Notices()

    private final class Notices: Sendable {
        let all = Locked<[DurableJournal.Notice]>([])
    }

    private let day = Duration.seconds(86_400)

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A journal that keeps a batch for both sinks, and for `misp` one that is being sent and an event to publish.
    private func journal() async throws -> DurableJournal {
        let journal = try DurableJournal(in: folder.path) { [notices] notice in
            notices.all.withLock { $0.append(notice) }
        }
        for address in ["203.0.113.9", "203.0.113.10"] {
            await journal.close(try Samples.batch(address), members: [], sinks: ["misp", "feed"])
        }
        await journal.begin(try Samples.delivery(of: [try Samples.batch("203.0.113.11")], to: "misp"))
        let published = try Samples.delivery(
            of: [try Samples.batch("203.0.113.12")], to: "misp", isToBePublished: true)
        await journal.begin(published)
        await journal.finish(published, .stored(Receipt.Stored(confirmed: 1)), at: Samples.received)
        return journal
    }

    @Test("It is told of once, and is nothing that is still to be delivered")
    func told() async throws {
        let journal = try await journal()
        await journal.serve(["feed", "misp"])
        #expect(notices.all.withLock { $0 } == [])
        #expect(journal.state.undelivered == 5)
        await journal.serve(["feed"])
        #expect(notices.all.withLock { $0 } == [.left(sink: "misp", sources: 4, alerts: 3)])
        #expect(journal.state.undelivered == 2)
        let notice = "\(try #require(notices.all.withLock { $0.first }))"
        #expect(notice.hasPrefix("3 alerts of 4 sources wait for the sink misp, which is not configured any more;"))
    }

    @Test("It waits for its sink until the ledger's time is over, and what other sinks lack waits on")
    func retention() async throws {
        let journal = try await journal()
        await journal.serve(["feed"])
        await journal.tidy(at: Samples.received + day * 400)
        #expect(await journal.sources(outstandingAt: "misp", after: nil, limit: 10).count == 4)
        await journal.tidy(at: Samples.received + day * 400 + .seconds(1))
        #expect(await journal.sources(outstandingAt: "misp", after: nil, limit: 10) == [])
        #expect(await journal.sources(outstandingAt: "feed", after: nil, limit: 10).count == 2)
        #expect(journal.state.undelivered == 2)
        await journal.serve(["feed"])
        #expect(notices.all.withLock { $0.count } == 1, "there is nothing left to tell of")
    }
}
