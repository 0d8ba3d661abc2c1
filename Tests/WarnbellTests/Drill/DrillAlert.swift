import TestKit

/// An alert that is found again by its own path, wherever it comes out.
struct DrillAlert {
    /// What the policy makes of it.
    enum Fate: CaseIterable {
        /// It opens an event of the attacker, or joins it.
        case shared
        /// It joins an event of the attacker that another alert opens.
        case context
        /// It is kept for a person.
        case held
        case ignored
    }

    let number: Int
    let attacker: DrillAttacker
    let address: String
    let fate: Fate

    var path: String { "/drill/\(number)" }

    /// - Parameters:
    ///   - timestamp: the alert's own time.
    ///   - path: what was asked for, the alert's own path where nothing else is said.
    func json(timestamp: String, path: String? = nil) -> String {
        SampleAlert {
            $0.id = "1795161600.\(number)"
            $0.timestamp = timestamp
            $0.accuse(address)
            $0.decoder = "web-accesslog"
            $0.data += [#""url":"\#(path ?? self.path)""#, #""protocol":"GET""#]
            switch fate {
            case .shared: ($0.ruleID, $0.level, $0.groups) = ("31103", 7, ["web", "accesslog", "attack"])
            case .context: ($0.ruleID, $0.level, $0.groups) = ("31101", 5, ["web", "accesslog"])
            case .held: ($0.ruleID, $0.level, $0.groups) = ("40112", 12, ["authentication_failures"])
            case .ignored: ($0.ruleID, $0.level, $0.groups) = ("9706", 3, ["dovecot"])
            }
        }.json
    }
}

/// Who attacks: what one event is about.
struct DrillAttacker: Hashable {
    /// An IPv4 address, or the first four groups of an IPv6 address.
    let name: String

    /// Numbers give different ones.
    static func loud(_ number: Int) -> DrillAttacker {
        precondition(number < 508, "there are no more addresses for documentation")
        return DrillAttacker(name: "\(["198.51.100", "203.0.113"][number / 254 % 2]).\(1 + number % 254)")
    }

    static func quiet(_ number: Int) -> DrillAttacker {
        DrillAttacker(name: "2001:db8:\(hex(1 + number / 65_000)):\(hex(1 + number % 65_000))")
    }

    /// Never in an event.
    static func unshared(_ number: Int) -> DrillAttacker { DrillAttacker(name: "192.0.2.\(1 + number % 254)") }

    private static func hex(_ number: Int) -> String { String(number, radix: 16) }

    /// The attacker whose address it is.
    init(address: String) {
        name = address.contains(":") ? String(address.split(separator: ":").prefix(4).joined(separator: ":")) : address
    }

    private init(name: String) {
        self.name = name
    }

    /// One of its addresses.
    func address(_ number: Int) -> String {
        name.contains(":") ? "\(name)::\(Self.hex(1 + number))" : name
    }
}
