import IPAddresses
import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Journal

/// What the journal in memory promises of its bytes.
struct MemoryJournalTests {
    private func journal(_ change: (inout MemoryJournal.Limits) -> Void) -> MemoryJournal {
        var limits = MemoryJournal.Limits()
        change(&limits)
        return MemoryJournal(limits: limits)
    }

    @Test("Bytes are bounded as well")
    func bytes() async throws {
        let size = try Samples.alerts([1])[0].bytes.count
        let exact = journal { $0.bytes = size }
        #expect(await exact.append(try Samples.alerts([1])) == .stored(duplicates: 0))
        #expect(exact.state.bytes == size)
        let short = journal { $0.bytes = size - 1 }
        #expect(await short.append(try Samples.alerts([1])) == .tooLarge)
        let more = journal { $0.bytes = size + 1 }
        #expect(await more.append(try Samples.alerts([1])) == .stored(duplicates: 0))
        #expect(await more.append(try Samples.alerts([2])) == .full)
        #expect(await more.append(try Samples.alerts([1])) == .stored(duplicates: 1))
    }

    @Test("Of dead letters the oldest go")
    func deadLetters() async throws {
        let journal = journal { $0.deadLetters = 2 }
        for _ in 0..<3 {
            let delivery = try Samples.delivery(of: [try Samples.batch()], to: "misp")
            await journal.finish(delivery, .refused(reason: "no"), at: Samples.received)
        }
        #expect(await journal.deadLetters(after: 0, limit: 10).map(\.id) == [2, 3])
    }

    @Test("It has room while the longest alert would fit, by number and by bytes")
    func roomForOneMore() async throws {
        let size = try Samples.alerts([1])[0].bytes.count
        let cases: [(alerts: Int, bytes: Int, hasRoom: Bool)] = [
            (2, 1 << 20, true), (1, 1 << 20, false), (2, size + JournalState.longestAlert, true),
            (2, size + JournalState.longestAlert - 1, false),
        ]
        for (alerts, bytes, hasRoom) in cases {
            let journal = journal {
                $0.alerts = alerts
                $0.bytes = bytes
            }
            #expect(await journal.append(try Samples.alerts([1])) == .stored(duplicates: 0))
            #expect(journal.state.hasRoom == hasRoom, "\(alerts) alerts, \(bytes) bytes")
        }
    }
}
