import Testing

@testable import Netflow

@Suite struct TransportNumberTests {
    @Test(
        "Names, numbers and Filebeat's unknown (N) give the IANA number",
        arguments: [
            ("tcp", 6), ("TCP", 6), ("udp", 17), ("icmp", 1), ("ipv6-icmp", 58), ("ICMPv6", 58), ("icmp6", 58),
            ("gre", 47), ("sctp", 132), ("6", 6), ("0", 0), ("255", 255), ("unknown (99)", 99), ("Unknown (6)", 6),
        ])
    func known(_ text: String, _ number: Int) {
        #expect(TransportNumber.parse(text) == number)
    }

    @Test(
        "What is no protocol gives none",
        arguments: ["", "256", "-1", "unknown", "unknown ()", "unknown (256)", "unknown (6", "tcp ", "quux"])
    func unknown(_ text: String) {
        #expect(TransportNumber.parse(text) == nil)
    }

    @Test("People read a name where there is one, and the number elsewhere")
    func names() {
        #expect(TransportNumber.name(of: 6) == "tcp")
        #expect(TransportNumber.name(of: 58) == "ipv6-icmp")
        #expect(TransportNumber.name(of: 253) == "253")
    }
}
