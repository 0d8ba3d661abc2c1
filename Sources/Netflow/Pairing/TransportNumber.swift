/// What the protocols above IP are called, and their numbers in IANA's registry.
package enum TransportNumber {
    static let tcp = 6

    /// The number that a log's word for a protocol stands for: `tcp`, `6`, `ipv6-icmp`, Filebeat's `unknown (99)`.
    /// Nil for a word that no protocol has.
    static func parse(_ text: some StringProtocol) -> Int? {
        var word = text.lowercased()
        if let number = numbers[word] { return number }
        if word.hasPrefix("unknown ("), word.hasSuffix(")") {
            word = String(word.dropFirst("unknown (".count).dropLast())
        }
        guard let number = Int(word), range.contains(number) else { return nil }
        return number
    }

    /// The protocol's name for people: `tcp`, or its number where it has none here.
    package static func name(of number: Int) -> String {
        names[number] ?? "\(number)"
    }

    /// What fits into the protocol field of an IP header.
    static let range = 0...255

    private static let names: [Int: String] = [
        0: "hopopt", 1: "icmp", 2: "igmp", 4: "ipv4", 6: "tcp", 8: "egp", 9: "igp", 17: "udp", 33: "dccp", 41: "ipv6",
        43: "ipv6-route", 44: "ipv6-frag", 46: "rsvp", 47: "gre", 50: "esp", 51: "ah", 58: "ipv6-icmp",
        59: "ipv6-nonxt", 60: "ipv6-opts", 88: "eigrp", 89: "ospf", 94: "ipip", 97: "etherip", 103: "pim",
        108: "ipcomp", 112: "vrrp", 115: "l2tp", 124: "isis", 132: "sctp", 133: "fc", 136: "udplite", 137: "mpls-in-ip",
    ]

    /// The names and what else collectors call the same protocols.
    private static let numbers: [String: Int] = {
        let aliases = ["icmp6": 58, "icmpv6": 58, "icmp-v6": 58, "ospfigp": 89, "ospfv2": 89, "ip": 4, "ipencap": 4]
        return aliases.merging(names.map { ($1, $0) }) { first, _ in first }
    }()
}
