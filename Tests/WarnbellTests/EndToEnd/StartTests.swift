import Foundation
import TestKit
import Testing

@testable import Warnbell

/// How the running program begins, and when it does not.
@Suite(.timeLimit(.minutes(2)))
struct StartTests {
    /// A start that is to fail.
    private func start(port: UInt16 = 0, data: String) throws -> Program.Result {
        try Program.run(
            ["serve"], environment: ["WARNBELL_LISTEN_PORT": "\(port)", "WARNBELL_DATA_DIRECTORY": data])
    }

    @Test("A second receiver on the same port is refused, says so, and takes nothing from the first")
    func samePort() throws {
        let folder = try TemporaryFolder()
        let first = try RunningReceiver(["listen.loops: 2"])
        let second = try start(port: first.port, data: "\(folder.path)/data")
        #expect(second.status == 1)
        #expect(second.error.contains("127.0.0.1:\(first.port) is in use: another process listens there"))
        #expect(try first.request("GET", "/livez").status == 200)
    }

    @Test("A receiver that has just closed its connections leaves the port to the next one")
    func nextOne() throws {
        let first = try RunningReceiver()
        #expect(try first.request("GET", "/livez").status == 200)
        #expect(first.stop() == 0)
        let second = try RunningReceiver(port: first.port)
        #expect(try second.request("GET", "/livez").status == 200)
    }

    @Test("A second receiver in the same directory is refused, and says so")
    func sameDirectory() throws {
        let first = try RunningReceiver()
        let second = try start(data: "\(first.folder.path)/data")
        #expect(second.status == 1)
        #expect(second.error.contains("/data is in use by another warnbell"), "\(second.error)")
    }

    @Test(
        "A directory that can't be written to is told of, and the start fails",
        arguments: ["/proc/warnbell", "/dev/null/warnbell"])
    func unusable(directory: String) throws {
        let result = try start(data: directory)
        #expect(result.status == 1)
        #expect(
            result.error.contains("\(directory)") && result.error.contains("expected a directory"), "\(result.error)")
    }

    @Test(
        "So is one that may only be read",
        .enabled(if: geteuid() != 0, "the superuser may write to anything"))
    func readOnly() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
        let result = try start(data: folder.path)
        #expect(result.status == 1)
        #expect(result.error.contains("Permission denied; expected a directory"), "\(result.error)")
    }

    @Test("A damaged journal is moved aside and told of as an error, and alerts are taken")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let data = "\(folder.path)/data"
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let rubbish = Data(repeating: 0x55, count: 8192)
        try rubbish.write(to: URL(filePath: "\(data)/journal.sqlite"))
        let receiver = try RunningReceiver(["feed.include_tests: true"], in: folder)
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        #expect(receiver.stop() == 0)
        let aside = try FileManager.default.contentsOfDirectory(atPath: data).filter { $0.contains(".damaged-") }
        #expect(aside.count == 1)
        let file = "\(data)/\(aside.first ?? "")"
        #expect(try Data(contentsOf: URL(filePath: file)) == rubbish)
        let line = receiver.log.first { $0.contains("the journal was damaged") }
        #expect(line?.contains("error") == true && line?.hasSuffix("file=\(file)") == true, "\(receiver.log)")
    }
}
