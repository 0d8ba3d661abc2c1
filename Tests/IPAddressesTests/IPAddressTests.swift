import IPAddresses
import Testing

struct IPAddressTests {
    @Test(
        "Every way to write an address reads as its canonical text",
        arguments: [
            ("203.0.113.9", "203.0.113.9"),
            ("0.0.0.0", "0.0.0.0"),
            ("255.255.255.255", "255.255.255.255"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("::FFFF:cb00:7109", "203.0.113.9"),
            ("::", "::"),
            ("::1", "::1"),
            ("1::", "1::"),
            ("2001:0DB8:0:0::1", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("1:2:3:4:5:6:192.0.2.33", "1:2:3:4:5:6:c000:221"),
        ])
    func canonical(text: String, expected: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == expected)
        #expect(IPAddress(expected) == address)
    }

    @Test(
        "What is no address is refused",
        arguments: [
            "", " ", "-", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1", "24.273.97.14", "01.2.3.4",
            "1.2.3.4 ", "1.2.3.4:80", "1.2.3.4/32", "0x1.2.3.4", "1.2.3.0004", "host.example", "service.amazonaws.com",
            ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "1:", ":1", "::1:",
            "1:2:3:4:5:6:7:8::",
            "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "fe80::1%eth0", "[::1]", "::ffff:1.2.3.4.5",
            "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("An IPv4 address is below and above its neighbours as a number")
    func order() throws {
        let addresses = try ["10.0.0.255", "10.0.1.0", "192.0.2.1", "2001:db8::", "2001:db8::1"].map {
            try #require(IPAddress($0))
        }
        #expect(addresses == addresses.sorted())
    }

    @Test(
        "In a URL an IPv6 address stands in brackets",
        arguments: [("203.0.113.9", "203.0.113.9"), ("::1", "[::1]"), ("2001:DB8:0::9", "[2001:db8::9]")])
    func url(address: String, host: String) throws {
        #expect(try #require(IPAddress(address)).urlHost == host)
    }
}
