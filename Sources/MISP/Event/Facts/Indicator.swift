import Pipeline
import Wazuh

/// A value from alerts that may become an attribute: a URL, a path, a user agent, a hash, a domain.
struct Indicator: Hashable, Comparable, Sendable {
    let type: AttributeType
    let value: String
    let side: Side

    /// Whose the value is, which decides what detection systems and correlation may do with it.
    enum Side: Int, Sendable {
        /// The attacker's: may be detected, and correlates.
        case attacker
        /// Either's: a file's hash, which an alert gives for the program that was attacked as well as for what came
        /// in. Correlates only.
        case unknown
        /// Our own sites' paths and what many visitors have in common: neither.
        case ours
    }

    static func < (left: Indicator, right: Indicator) -> Bool {
        (left.type.rawValue, left.value, left.side.rawValue) < (right.type.rawValue, right.value, right.side.rawValue)
    }
}

extension Indicator {
    /// Nil for what MISP would not take, and for the hash of no bytes at all, which says nothing.
    init?(_ hash: Alert.FileHash) {
        let empty = [
            "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ]
        let digits = hash.hexadecimal.utf8
        let isDigest = digits.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
            default: false
            }
        }
        guard isDigest, digits.count == hash.algorithm.hexadecimalDigits, !empty.contains(hash.hexadecimal) else {
            return nil
        }
        self.init(type: AttributeType(hash.algorithm), value: hash.hexadecimal, side: .unknown)
    }

    /// Nil for what MISP would not take as a domain: an address, a name without a dot, other characters.
    init?(domain: String, bytes: Int) {
        let name = MISPText.line(domain, bytes: bytes).lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: true)
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
        guard isName, labels.count >= 2, let top = labels.last, top.utf8.count >= 2, !top.contains("_"),
            !top.allSatisfy(\.isNumber)
        else { return nil }
        self.init(type: .domain, value: labels.joined(separator: "."), side: .attacker)
    }
}

extension Alert.FileHash.Algorithm {
    fileprivate var hexadecimalDigits: Int {
        switch self {
        case .md5: 32
        case .sha1: 40
        case .sha256: 64
        }
    }
}
