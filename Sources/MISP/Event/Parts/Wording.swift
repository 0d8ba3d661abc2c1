import Pipeline

/// `1 alert`, `12 alerts`.
func alertCount(_ count: Int) -> String {
    count == 1 ? "1 alert" : "\(count) alerts"
}

/// `rule 5712`, `rules 5712, 5763 and 2 more`, the noisiest first; nothing without rules.
func ruleList(_ rules: Tallies<Evidence.Rule>, naming limit: Int) -> String {
    var named: Set<String> = []
    let ids = rules.noisiest.map(\.key.id).filter { named.insert($0).inserted }
    let more = ids.count > limit ? " and \(ids.count - limit) more" : ""
    switch ids.count {
    case 0: return ""
    case 1: return "rule \(ids[0])"
    default: return "rules " + ids.prefix(limit).joined(separator: ", ") + more
    }
}

/// The name of an IANA protocol number that Netflow commonly has; the number itself for others.
func protocolName(_ number: Int) -> String {
    switch number {
    case 1: "ICMP"
    case 6: "TCP"
    case 17: "UDP"
    case 47: "GRE"
    case 50: "ESP"
    case 58: "IPv6-ICMP"
    case 132: "SCTP"
    default: String(number)
    }
}
