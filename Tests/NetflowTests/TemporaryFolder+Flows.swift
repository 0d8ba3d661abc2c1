import Foundation
import TestKit
import Timestamps

extension TemporaryFolder {
    /// Writes a file, in a folder that is made where it is missing.
    func write(_ name: String, _ bytes: some Sequence<UInt8>, modified: Timestamp? = nil) throws {
        let file = URL(filePath: file(name))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        guard let modified else { return }
        let date = Date(timeIntervalSince1970: Double(modified.milliseconds) / 1000)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path())
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: file(name), withDestinationPath: target)
    }
}
