import IPAddresses
import Pipeline
import Wazuh

/// The names and addresses of our own side, for keeping values apart that hold one of them.
struct InternalWords: Sendable {
    /// Words by their first three bytes: a text is gone through once, however many there are.
    private let words: [[UInt8]: [[UInt8]]]
    private let addresses: Set<IPAddress>

    /// Shorter names would be found in everything.
    static let shortestWord = 3

    init(_ evidence: Evidence.Internal, hosts: [String], peers: [IPAddress]) {
        let names = [evidence.agents, evidence.users, evidence.descriptions].flatMap(\.values.keys) + hosts
        let distinct = Set(names.map { Array(MISPText.line($0).lowercased().utf8) })
        words = Dictionary(grouping: distinct.filter { $0.count >= Self.shortestWord }) {
            Array($0.prefix(Self.shortestWord))
        }
        addresses = Set(evidence.hosts.values.keys).union(peers)
    }

    /// Whether `text` holds one of the names or addresses, or any address of a private network, in any letter case
    /// and behind percent signs too.
    func occur(in text: String) -> Bool {
        let decoded = String(decoding: Self.percentDecoded(Array(text.utf8)), as: UTF8.self)
        return Set([text, decoded]).contains { text in
            let bytes = Array(text.lowercased().utf8)
            return holdsWord(bytes) || holdsAddress(bytes)
        }
    }

    private func holdsWord(_ bytes: [UInt8]) -> Bool {
        guard !words.isEmpty, bytes.count >= Self.shortestWord else { return false }
        return (0...bytes.count - Self.shortestWord).contains { start in
            let rest = bytes[start...]
            return words[Array(rest.prefix(Self.shortestWord))]?.contains { rest.starts(with: $0) } ?? false
        }
    }

    private func holdsAddress(_ bytes: [UInt8]) -> Bool {
        let runs = bytes.split { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): false
            case UInt8(ascii: "."), UInt8(ascii: ":"): false
            default: true
            }
        }
        return runs.contains { run in
            let candidates = [run] + run.split(separator: UInt8(ascii: ":"))
            return candidates.contains { candidate in
                let text = String(decoding: candidate, as: UTF8.self).trimmingDots
                guard let address = IPAddress(text) else { return false }
                return addresses.contains(address) || SpecialUse.of(address)?.kind == .local
            }
        }
    }

    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let isEscape = bytes[index] == UInt8(ascii: "%") && index + 2 < bytes.count
            let digits = isEscape ? String(decoding: bytes[index + 1...index + 2], as: UTF8.self) : ""
            if let byte = UInt8(digits, radix: 16), !digits.hasPrefix("+") {
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return decoded
    }
}

extension String {
    /// Without the dots that end a sentence.
    fileprivate var trimmingDots: String {
        String(split(separator: ".", omittingEmptySubsequences: true).joined(separator: "."))
    }
}
