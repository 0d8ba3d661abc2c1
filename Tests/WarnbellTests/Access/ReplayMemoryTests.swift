import Testing

@testable import Warnbell

struct ReplayMemoryTests {
    @Test("So many are remembered, then the oldest goes; one that comes twice counts once")
    func limit() {
        var memory = ReplayMemory(limit: 3)
        let ids = (0..<8).map { Fingerprint(of: "\($0)") }
        for id in ids[0..<3] + ids[0..<2] { memory.insert(id) }
        #expect(ids.map(memory.contains) == [true, true, true, false, false, false, false, false])
        memory.insert(ids[3])
        #expect(ids.map(memory.contains) == [false, true, true, true, false, false, false, false])
        for id in ids[4...] { memory.insert(id) }
        #expect(ids.map(memory.contains) == [false, false, false, false, false, true, true, true])
    }

    @Test("Fingerprints are the same for the same bytes alone")
    func fingerprints() {
        let some = Fingerprint(of: "a token")
        #expect(some.sameness(with: Fingerprint(of: "a token")) == .max)
        for other in ["a tokem", "", "a token ", "A token"] {
            #expect(some.sameness(with: Fingerprint(of: other)) == 0)
        }
    }
}
