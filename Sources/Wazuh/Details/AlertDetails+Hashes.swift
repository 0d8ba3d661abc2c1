import FoundationEssentials

extension AlertDetails {
    /// Digests of the files that the alert is about, as they are now.
    package var hashes: [Alert.FileHash] {
        let named = [(Detail.md5, Alert.FileHash.Algorithm.md5), (.sha1, .sha1), (.sha256, .sha256)]
            .flatMap { detail, algorithm in texts(detail).compactMap { Self.hash($0, algorithm) } }
        return (named + texts(.sysmonHashes).flatMap(Self.sysmonHashes)).withoutDoubles
    }

    /// Sysmon's list: `MD5=…,SHA256=…,IMPHASH=…`.
    private static func sysmonHashes(_ text: String) -> [Alert.FileHash] {
        text.split(separator: ",").compactMap { entry in
            let parts = entry.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let algorithm = Alert.FileHash.Algorithm(rawValue: parts[0].lowercased()) else {
                return nil
            }
            return hash(String(parts[1]), algorithm)
        }
    }

    /// A digest in hexadecimal, or in base64 as Office 365 writes it; nil where its length or letters are wrong.
    private static func hash(_ text: String, _ algorithm: Alert.FileHash.Algorithm) -> Alert.FileHash? {
        let bytes =
            switch algorithm {
            case .md5: 16
            case .sha1: 20
            case .sha256: 32
            }
        let isHexadecimal = text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        if text.utf8.count == 2 * bytes, isHexadecimal {
            return Alert.FileHash(algorithm: algorithm, hexadecimal: text.lowercased())
        }
        guard text.utf8.count == (bytes + 2) / 3 * 4, let data = Data(base64Encoded: text), data.count == bytes else {
            return nil
        }
        let digits = data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return Alert.FileHash(algorithm: algorithm, hexadecimal: digits.joined())
    }
}
