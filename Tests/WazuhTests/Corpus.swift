import Foundation

/// Alerts that others published, which lie outside of the project: the folder is named by `WARNBELL_SHARED`.
enum Corpus {
    /// The folder of the samples; nil where there is none.
    static let folder = ProcessInfo.processInfo.environment["WARNBELL_SHARED"].map { "\($0)/corpus/wazuh" }

    static var isThere: Bool { folder != nil }
    static let whereMissing = "set WARNBELL_SHARED to the folder of shared samples to run this"

    /// The lines of a file.
    static func lines(_ name: String) throws -> [String] {
        guard let folder else { return [] }
        let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }

    /// The rows of a table by the names in its first line; `-` is nothing.
    static func rows(_ name: String) throws -> [[String: String]] {
        let lines = try lines(name)
        guard let header = lines.first?.split(separator: "\t").map(String.init) else { return [] }
        return lines.dropFirst().map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map {
                $0 == "-" ? "" : String($0)
            }
            return Dictionary(uniqueKeysWithValues: zip(header, cells))
        }
    }
}
