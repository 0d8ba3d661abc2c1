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

    @Test("The hour of each alert is its own, whatever else is kept or was taken")
    func order() throws {
        var keep = ContextKeep()
        let one = try source("203.0.113.1")
        let two = try source("203.0.113.2")
        #expect(keep.nextExpiry == nil)
        _ = keep.add(1, rule: 0, of: one, received: start)
        _ = keep.add(2, rule: 0, of: two, received: start + .seconds(10))
        _ = keep.add(3, rule: 0, of: one, received: start + .seconds(20))
        #expect(keep.nextExpiry == start + .seconds(3600))
        #expect(keep.take(one).map(\.sequence) == [1, 3])
        _ = keep.add(4, rule: 0, of: one, received: start + .seconds(30))
        #expect(keep.expire(at: start + .seconds(3615)) == [2])
        #expect(keep.expire(at: start + .seconds(3630)) == [])
        #expect(keep.expire(at: start + .seconds(3631)) == [4])
        #expect(keep.nextExpiry == nil)
    }

    @Test(
        "A clock that was set back keeps an alert for an hour longer at most",
        arguments: [(seconds: 60, isKept: true), (3600, true), (3601, false), (86_400 * 3650, false)])
    func clockSetBack(seconds: Int, isKept: Bool) throws {
        var keep = ContextKeep()
        _ = keep.add(1, rule: 0, of: try source("203.0.113.1"), received: start)
        #expect(keep.expire(at: start - .seconds(seconds)) == (isKept ? [] : [1]))
        #expect(keep.expire(at: start + .seconds(3601)) == (isKept ? [1] : []))
    }

    @Test("A full keep lets the oldest go, also where it has room for none", arguments: [0, 4])
    func bounds(limit: Int) throws {
        var keep = ContextKeep(limit: limit)
        let one = try source("203.0.113.1")
        for sequence in 1...4 {
            let gone = keep.add(UInt64(sequence), rule: 0, of: one, received: start)
            #expect(gone == (limit == 0 ? [UInt64(sequence)] : []))
        }
        #expect(keep.add(5, rule: 0, of: one, received: start) == [limit == 0 ? 5 : 1])
        #expect(keep.removeAll().sorted() == (limit == 0 ? [] : [2, 3, 4, 5]))
        #expect(keep.expire(at: start + .seconds(9999)) == [])
    }

    @Test("What is kept and taken over and over leaves nothing behind")
    func repetition() throws {
        var keep = ContextKeep(limit: 4)
        let one = try source("203.0.113.1")
        for sequence in 1...1000 {
            #expect(keep.add(UInt64(sequence), rule: 0, of: one, received: start) == [])
            #expect(keep.take(one).map(\.sequence) == [UInt64(sequence)])
        }
        #expect(keep.add(2000, rule: 0, of: one, received: start) == [])
        #expect(keep.expire(at: start + .seconds(3601)) == [2000])
    }
}
