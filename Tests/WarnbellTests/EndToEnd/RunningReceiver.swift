import Foundation
import Glibc
import TestKit
import Testing

@testable import Warnbell

/// The built program as it runs in earnest: `warnbell serve` in a process of its own.
final class RunningReceiver {
    let installation: Installation
    let url: String
    let process: ChildProcess
    private var hasEnded = false

    /// Starts a receiver with these lines of configuration, and waits until it listens.
    ///
    /// - Parameters:
    ///   - folder: that of an earlier one, whose data it takes up; nil for one of its own.
    ///   - port: 0 for a free one.
    ///   - command: what runs the program, in front of it.
    convenience init(
        _ lines: [String] = [], arguments: [String] = [], in folder: TemporaryFolder? = nil, port: UInt16 = 0,
        environment: [String: String] = [:], under command: [String] = []
    ) throws {
        let installation = try Installation(lines, in: folder, port: port)
        try self.init(installation, arguments: arguments, launcher: command, environment: environment)
    }

    /// Starts the receiver of an installation, and waits until it listens.
    ///
    /// - Parameter launcher: a command that runs the command which follows it.
    init(
        _ installation: Installation, arguments: [String] = [], launcher: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        self.installation = installation
        let ready = "\(installation.folder.path)/ready-\(UUID().uuidString)"
        guard mkfifo(ready, 0o600) == 0 else { throw Failure.noPipe }
        let pipe = open(ready, O_RDONLY | O_NONBLOCK)
        defer { close(pipe) }
        process = try Self.start(
            installation, launcher: launcher, arguments: ["--ready-file", ready] + arguments, environment: environment)
        guard let line = Self.line(from: pipe) else {
            process.signal(SIGKILL)
            process.wait()
            throw Failure.neverReady(log: installation.log.suffix(20).joined(separator: "\n"))
        }
        url = line
        installation.port = port
    }

    /// Starts the receiver of an installation without waiting for anything.
    static func start(
        _ installation: Installation, launcher: [String] = [], arguments: [String] = [],
        environment: [String: String] = [:]
    ) throws -> ChildProcess {
        try ChildProcess(
            launcher + [Program.path, "serve", "--config", installation.configuration()] + arguments,
            environment: environment, errors: installation.logFile)
    }

    enum Failure: Error { case noPipe, neverReady(log: String) }

    /// What is written to the pipe, without the line feed; nil when nothing is within 20 seconds.
    private static func line(from pipe: Int32) -> String? {
        var waiting = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 20_000) == 1 else { return nil }
        var text = [UInt8](repeating: 0, count: 256)
        let count = read(pipe, &text, text.count)
        return count > 0 ? String(decoding: text.prefix(count), as: UTF8.self).trimmingCharacters(in: .newlines) : nil
    }

    var port: UInt16 { UInt16(url.split(separator: ":").last ?? "") ?? 0 }
    var id: pid_t { process.id }
    var folder: TemporaryFolder { installation.folder }
    var feed: String { "\(installation.data)/feed" }

    /// The lines it has logged so far.
    var log: [String] { installation.log }

    /// Ends it as systemd does; returns its exit status once everything accepted is delivered.
    @discardableResult
    func stop() -> Int32 {
        guard !hasEnded else { return 0 }
        process.signal(SIGTERM)
        return end()
    }

    func signal(_ number: Int32) { process.signal(number) }

    /// Ends it as a power cut does.
    func kill() {
        signal(SIGKILL)
        end()
    }

    /// Waits until it has ended by itself; returns its exit status.
    @discardableResult
    func end() -> Int32 {
        hasEnded = true
        return process.wait()
    }

    /// Asks it to read its configuration again.
    func reload() {
        process.signal(SIGHUP)
    }

    /// Waits until something is as it should be; gives up after half a minute.
    func wait(for what: String, until isSo: () throws -> Bool) throws {
        for _ in 0..<3000 {
            if try isSo() { return }
            usleep(10_000)
        }
        Issue.record("\(what) never came; the log: \(log.joined(separator: "\n"))")
    }

    /// Waits until the metrics have this line.
    func wait(forMetric line: String) throws {
        try wait(for: line) { try request("GET", "/metrics").text.contains("\(line)\n") }
    }

    deinit { stop() }

    /// The answer to one request, which goes out as it stands on a connection of its own.
    func exchange(_ request: [UInt8]) throws -> Answer {
        let client = try RawClient(port: port)
        try client.send(request)
        return Answer(bytes: try client.rest())
    }

    /// - Parameter fields: header fields beside the usual ones.
    func post(
        _ body: [UInt8], to path: String = "/webhooks/wazuh", type: String = "application/json", fields: [String] = []
    ) throws -> Answer {
        let usual = ["Content-Type: \(type)", "Content-Length: \(body.count)"]
        return try exchange(Self.head("POST", path, usual + fields) + body)
    }

    func request(_ method: String, _ path: String, fields: [String] = []) throws -> Answer {
        try exchange(Self.head(method, path, fields))
    }

    private static func head(_ method: String, _ path: String, _ fields: [String]) -> [UInt8] {
        let lines = ["\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close"] + fields
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    struct Answer {
        let status: Int
        let head: String
        let body: [UInt8]

        init(bytes: [UInt8]) {
            let data = Data(bytes)
            let end = data.firstRange(of: Data("\r\n\r\n".utf8))
            head = String(decoding: data[..<(end?.lowerBound ?? data.endIndex)], as: UTF8.self)
            body = end.map { Array(data[$0.upperBound...]) } ?? []
            status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
        }

        var text: String { String(decoding: body, as: UTF8.self) }
    }
}
