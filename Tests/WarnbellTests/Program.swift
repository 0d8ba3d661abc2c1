import Foundation
import TestKit

/// The built program, run as a process.
enum Program {
    struct Result {
        let status: Int32
        let output: String
        let error: String
    }

    /// Where the program lies.
    static var path: String { Bundle.main.bundleURL.appending(path: "warnbell").path }

    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
        let folder = try TemporaryFolder()
        let errors = "\(folder.path)/errors"
        let process = try ChildProcess([path] + arguments, environment: environment, errors: errors)
        let output = String(decoding: process.readToEnd(), as: UTF8.self)
        let status = process.wait()
        // Mostly an empty file, whose buffer `Data(contentsOf:)` would leak.
        let error = try FileHandle(forReadingFrom: URL(filePath: errors)).readToEnd() ?? Data()
        return Result(status: status, output: output, error: String(decoding: error, as: UTF8.self))
    }
}
