import Foundation
import TestKit

/// Certificates as `scripts/dev-certificate` makes them.
struct DevCertificates {
    let folder: TemporaryFolder
    let directory: String

    /// What the script wrote for a person to read.
    let instructions: String

    init(names: [String] = []) throws {
        folder = try TemporaryFolder()
        directory = "\(folder.path)/certificates"
        let result = try Self.run([directory] + names, in: folder)
        instructions = result.report
        guard result.status == 0 else { throw Failure.notMade(result.report) }
    }

    enum Failure: Error { case notMade(String) }

    static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> (report: String, status: Int32) {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try PythonTool.run([root.appending(path: "scripts/dev-certificate").path] + arguments, in: folder)
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// What makes a receiver use them.
    var configuration: [String] {
        ["listen.tls.certificate: \(path("server.pem"))", "listen.tls.key: \(path("server.key"))"]
    }
}
