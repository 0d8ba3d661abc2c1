import Pipeline
import TestKit
import Testing
import Timestamps
import Wazuh

@testable import Journal

struct EntryStoreTests {
    private func entry(_ sequence: UInt64) throws -> JournalEntry {
        var decoder = AlertDecoder()
        let alert = try #require(try decoder.decode(SampleAlert().bytes.span).alerts.first)
        return JournalEntry(sequence: sequence, received: Timestamp(seconds: Int64(sequence)), alert: alert)
    }

    @Test("An entry is found until it is taken out, and once taken it is gone", arguments: [1, 15, 16, 17, 100])
    func lifetime(count: UInt64) throws {
        var store = EntryStore(first: 7)
        for sequence in 7..<7 + count { store.append(try entry(sequence)) }
        #expect(store.count == Int(count))
        for sequence in (7..<7 + count).reversed() {
            #expect(store[sequence]?.sequence == sequence)
            #expect(store.remove(sequence)?.sequence == sequence)
            #expect(store[sequence] == nil)
            #expect(store.remove(sequence) == nil)
        }
        #expect(store.count == 0)
        #expect(store[0] == nil)
        #expect(store[7 + count] == nil)
    }

    @Test("One entry that stays hinders none of the others, before it and after it")
    func straggler() throws {
        var store = EntryStore(first: 1)
        for sequence in 1...UInt64(1000) { store.append(try entry(sequence)) }
        for sequence in 1...UInt64(1000) where sequence != 20 { #expect(store.remove(sequence) != nil) }
        #expect(store[20]?.sequence == 20)
        #expect(store.count == 1)
        store.append(try entry(1001))
        #expect(store[1001]?.sequence == 1001)
        #expect(store.remove(20) != nil)
        #expect(store[1001]?.sequence == 1001)
        #expect(store.count == 1)
    }
}
