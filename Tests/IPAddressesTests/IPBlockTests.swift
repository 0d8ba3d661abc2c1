import IPAddresses
import Testing

struct IPBlockTests {
    @Test(
        "A block clears its host bits and knows its ends",
        arguments: [
            ("203.0.113.9/24", "203.0.113.0/24", "203.0.113.255"),
            ("203.0.113.9", "203.0.113.9", "203.0.113.9"),
            ("0.0.0.0/0", "0.0.0.0/0", "255.255.255.255"),
            ("10.1.2.3/31", "10.1.2.2/31", "10.1.2.3"),
            ("2001:db8:1:2:3::/64", "2001:db8:1:2::/64", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
            ("::/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("2001:db8::1/128", "2001:db8::1", "2001:db8::1"),
        ])
    func canonical(text: String, expected: String, last: String) throws {
        let block = try #require(IPBlock(text))
        #expect(block.description == expected)
        #expect(block.last.description == last)
    }

    @Test(
        "What is no block is refused",
        arguments: [
            "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0/8", "::/129", "10.0.0.0/8/8",
            "10.0.0.0/ 8",
        ])
    func refused(text: String) {
        #expect(IPBlock(text) == nil)
    }

    @Test("A set holds what one of its blocks holds, to the last address and no further")
    func membership() throws {
        let set = IPBlockSet(
            try ["10.0.0.0/8", "10.2.0.0/16", "192.0.2.7", "192.0.2.8/31", "2001:db8::/32"].map {
                try #require(IPBlock($0))
            })
        let cases = [
            ("9.255.255.255", false), ("10.0.0.0", true), ("10.255.255.255", true), ("11.0.0.0", false),
            ("192.0.2.6", false), ("192.0.2.7", true), ("192.0.2.9", true), ("192.0.2.10", false),
            ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", false), ("2001:db8::", true), ("2001:db9::", false),
        ]
        for (text, expected) in cases {
            #expect(set.contains(try #require(IPAddress(text))) == expected, "\(text)")
        }
        #expect(!IPBlockSet().contains(try #require(IPAddress("10.0.0.1"))))
    }

    @Test(
        "A set and a block overlap where they have an address in common",
        arguments: [
            ("2001:db8:1:2::/64", true), ("2001:db8:1:3::/64", false), ("2001:db8::/32", true),
            ("2001:db9::/64", false),
            ("10.2.3.4", true), ("10.0.0.0/7", true), ("11.0.0.0/8", false), ("192.0.2.6/31", true),
            ("192.0.2.8", false),
            ("::/0", true), ("0.0.0.0/0", true),
        ])
    func overlap(text: String, expected: Bool) throws {
        let blocks = try ["10.0.0.0/8", "192.0.2.7", "2001:db8:1:2:3::7"].map { try #require(IPBlock($0)) }
        let block = try #require(IPBlock(text))
        #expect(IPBlockSet(blocks).overlaps(block) == expected)
        #expect(blocks.contains { $0.overlaps(block) } == expected)
        #expect(blocks.contains { block.overlaps($0) } == expected)
        #expect(!IPBlockSet().overlaps(block))
    }

    @Test(
        "Special-use ranges are known by name, and the rest is public",
        arguments: [
            ("10.255.0.1", "private use"), ("172.32.0.1", nil), ("172.31.0.1", "private use"),
            ("100.64.0.1", "shared address space"), ("192.0.2.1", "documentation"), ("203.0.113.255", "documentation"),
            ("203.0.114.0", nil), ("127.1.2.3", "loopback"), ("::ffff:127.0.0.1", "loopback"),
            ("255.255.255.255", "reserved"),
            ("198.19.0.1", "benchmarking"), ("8.8.8.8", nil), ("::1", "loopback"), ("2001:db8::1", "documentation"),
            ("2001:4860:4860::8888", nil), ("fd00::1", "unique local"), ("fe80::1", "link-local"), ("2002::1", "6to4"),
            ("4000::1", "unallocated IPv6"), ("64:ff9b::808:808", "IPv4 translation"), ("ff02::1", "multicast"),
        ])
    func specialUse(text: String, name: String?) throws {
        #expect(SpecialUse.of(try #require(IPAddress(text)))?.name == name)
    }

    @Test(
        "One host stands for an IPv4 address, or for the /64 of an IPv6 address",
        arguments: [
            ("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::", "2001:db8::/64"),
        ])
    func host(address: String, block: String) throws {
        #expect(IPBlock(hostOf: try #require(IPAddress(address))) == IPBlock(block))
    }
}
