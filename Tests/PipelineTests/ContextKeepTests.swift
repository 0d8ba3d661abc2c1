import IPAddresses
import Pipeline
import Testing
import Timestamps

struct ContextKeepTests {
    private let start = Timestamp(seconds: 1_000_000)

    private func source(_ text: String) throws -> SourceKey { SourceKey(try #require(IPAddress(text))) }

    @Test("What is kept is taken once, in order, by its source only")
    func taken() throws {
        var keep = ContextKeep()
        let one = try source("203.0.113.1")
        let two = try source("203.0.113.2")
        _ = keep.add(1, rule: 3, of: one, received: start)
        _ = keep.add(2, rule: 3, of: two, received: start)
        _ = keep.add(3, rule: 4, of: one, received: start)
        #expect(keep.take(one).map(\.sequence) == [1, 3])
        #expect(keep.take(one).isEmpty)
        #expect(keep.take(two).map(\.rule) == [3])
    }

    @Test("An alert is kept for an hour and no longer")
    func expiry() throws {
        var keep = ContextKeep()
        let one = try source("203.0.113.1")
        _ = keep.add(1, rule: 0, of: one, received: start)
        _ = keep.add(2, rule: 0, of: one, received: start + .seconds(1))
        #expect(keep.expire(at: start + .seconds(3600)) == [])
        #expect(keep.expire(at: start + .seconds(3601)) == [1])
        #expect(keep.take(one).map(\.sequence) == [2])
    }

    @Test("A full keep lets the older half go")
    func bounds() throws {
        var keep = ContextKeep(limit: 4)
        let one = try source("203.0.113.1")
        for sequence in 1...4 { #expect(keep.add(UInt64(sequence), rule: 0, of: one, received: start) == []) }
        #expect(keep.add(5, rule: 0, of: one, received: start).sorted() == [1, 2])
        #expect(keep.removeAll().sorted() == [3, 4, 5])
    }
}
