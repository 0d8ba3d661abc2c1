import FoundationEssentials

extension AlertDetails {
    /// Digests of the files that the alert is about, as they are now.
    package var hashes: [Alert.FileHash] {
        let single: [(String, Alert.FileHash.Algorithm)] =
            switch format {
            case .alert: Self.hashPaths
            case .finding: Self.findingHashPaths
            }
        let named = single.flatMap { path, algorithm in
            texts(at: [path]).compactMap { Self.hash($0, algorithm) }
        }
        return (named + texts(at: ["data.win.eventdata.hashes"]).flatMap(Self.sysmonHashes)).withoutDoubles
    }

    private static let hashPaths: [(String, Alert.FileHash.Algorithm)] = [
        ("syscheck.md5_after", .md5), ("syscheck.sha1_after", .sha1), ("syscheck.sha256_after", .sha256),
        ("data.virustotal.source.md5", .md5), ("data.virustotal.source.sha1", .sha1),
        ("data.virustotal.source.sha256", .sha256), ("data.office365.SHA256", .sha256),
        ("data.office365.FileData.SHA256", .sha256), ("data.office365.AttachmentData.SHA256", .sha256),
        ("data.fileinfo.md5", .md5), ("data.fileinfo.sha1", .sha1), ("data.fileinfo.sha256", .sha256),
        ("data.files.md5", .md5), ("data.files.sha1", .sha1), ("data.files.sha256", .sha256),
        ("data.md5", .md5), ("data.sha1", .sha1), ("data.sha256", .sha256),
    ]

    private static let findingHashPaths: [(String, Alert.FileHash.Algorithm)] = [
        ("file.hash.md5", .md5), ("file.hash.sha1", .sha1), ("file.hash.sha256", .sha256),
        ("process.hash.md5", .md5), ("process.hash.sha1", .sha1), ("process.hash.sha256", .sha256),
    ]

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
