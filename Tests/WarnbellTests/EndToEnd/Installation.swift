import Foundation
import TestKit

/// Where one receiver has its configuration, its data and its log, over any number of starts.
final class Installation {
    let folder: TemporaryFolder
    private let lines: [String]

    /// The port that the first start finds free is taken again by each later one.
    var port: UInt16

    /// - Parameters:
    ///   - lines: of its configuration.
    ///   - folder: where it is; nil for a new one.
    ///   - port: 0 for a free one.
    init(_ lines: [String] = [], in folder: TemporaryFolder? = nil, port: UInt16 = 0) throws {
        self.folder = try folder ?? TemporaryFolder()
        self.port = port
        self.lines = lines
    }

    var data: String { "\(folder.path)/data" }
    var logFile: String { "\(folder.path)/log" }

    /// Writes the configuration and returns its path.
    func configuration() throws -> String {
        let fixed = ["listen.port: \(port)", "data.directory: \(data)", "log.level: info", "log.format: text"]
        return try folder.write((fixed + lines).joined(separator: "\n") + "\n", to: "warnbell.yaml")
    }

    /// The lines that all its receivers have logged so far.
    var log: [String] {
        // A log that can't be read has no lines, and the test that looks for one says so.
        let text = (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }
}
