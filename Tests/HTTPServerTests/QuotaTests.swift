import IPAddresses
import Testing

@testable import HTTPServer

struct QuotaTests {
    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    private func limits() -> Limits {
        var limits = Limits()
        limits.connections = 4
        limits.connectionsPerAddress = 2
        limits.refusedConnections = 1
        limits.bodyMemoryBytes = 100
        return limits
    }

    @Test("An address may open so many connections, and one more as soon as one closes")
    func perAddress() throws {
        let quota = ConnectionQuota(limits(), exempt: IPBlockSet())
        let first = try address("192.0.2.1")
        #expect(quota.enter(first) == .admitted)
        #expect(quota.enter(first) == .admitted)
        #expect(quota.enter(first) == .refused(.connectionsPerAddress))
        #expect(quota.enter(first) == .dropped(.connectionsPerAddress), "only so many are told")
        #expect(quota.enter(try address("192.0.2.2")) == .admitted)
        quota.leave(first, as: .refused(.connectionsPerAddress))
        quota.leave(first, as: .admitted)
        #expect(quota.enter(first) == .admitted)
        #expect(quota.open == 3)
    }

    @Test("An IPv6 /64 counts as one address")
    func perPrefix() throws {
        let quota = ConnectionQuota(limits(), exempt: IPBlockSet())
        #expect(quota.enter(try address("2001:db8::1")) == .admitted)
        #expect(quota.enter(try address("2001:db8::2")) == .admitted)
        #expect(quota.enter(try address("2001:db8::3")) == .refused(.connectionsPerAddress))
        #expect(quota.enter(try address("2001:db8:0:1::3")) == .admitted)
    }

    @Test("All together may open so many connections, trusted proxies included")
    func total() throws {
        let proxy = try address("198.51.100.7")
        let quota = ConnectionQuota(limits(), exempt: IPBlockSet([IPBlock(proxy)]))
        for _ in 0..<4 { #expect(quota.enter(proxy) == .admitted) }
        #expect(quota.enter(proxy) == .refused(.connections))
        for _ in 0..<4 { quota.leave(proxy, as: .admitted) }
        #expect(quota.open == 0)
    }

    @Test("Body memory is given out up to its limit")
    func bodyMemory() {
        let memory = BodyMemory(limits())
        #expect(memory.take(60))
        #expect(!memory.take(41))
        #expect(memory.take(40))
        memory.give(60)
        #expect(memory.take(60))
        #expect(!memory.take(1))
    }
}
