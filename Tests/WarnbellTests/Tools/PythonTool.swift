import Foundation
import TestKit

/// A command that comes with a Python package of the tests.
enum PythonTool {
    /// Where it lies, beside the Python that `WARNBELL_PYTHON` names; nil where it isn't there.
    static func path(_ name: String) -> String? {
        guard let python = ProcessInfo.processInfo.environment["WARNBELL_PYTHON"] else { return nil }
        let path = URL(filePath: python).deletingLastPathComponent().appending(path: name).path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    /// Runs a command in a folder, where it may leave what it likes: what it prints, and its exit status.
    static func run(_ command: [String], in folder: TemporaryFolder) throws -> (report: String, status: Int32) {
        let process = try ChildProcess(["env", "-C", folder.path] + command)
        let report = String(decoding: process.readToEnd(), as: UTF8.self)
        return (report, process.wait())
    }
}
