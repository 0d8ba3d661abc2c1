import Dispatch
import Foundation
import Isolation
import TestKit
import Testing

/// SIGHUP, while alerts come in.
@Suite(.timeLimit(.minutes(2)))
struct AccessReloadTests {
    private static let (stays, old, new) = ("stays-0123456789", "old-0123456789ab", "new-0123456789ab")

    private func lines(_ tokens: [String], _ more: [String] = []) -> [String] {
        ["auth: {tokens: [\(tokens.map { "'\($0.prefix(3)):\($0)'" }.joined(separator: ", "))]}"] + more
    }

    /// Writes the configuration anew and asks the receiver to read it.
    private func reload(_ receiver: RunningReceiver, _ lines: [String]) throws {
        let fixed = ["listen.port: 0", "data.directory: \(receiver.folder.path)/data", "log.level: notice"]
        _ = try receiver.folder.write((fixed + lines).joined(separator: "\n") + "\n", to: "warnbell.yaml")
        receiver.reload()
    }

    /// Returns once a request with this token is answered so.
    private func until(_ token: String?, _ status: Int, by receiver: RunningReceiver) throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        let fields = token.map { ["X-API-Key: \($0)"] } ?? []
        while ContinuousClock.now < deadline {
            if try receiver.post(SampleAlert().bytes, fields: fields).status == status { return }
        }
        Issue.record("\(token ?? "no token") was never answered \(status)")
    }

    @Test("Tokens come and go without a request of the others being lost")
    func tokens() throws {
        let receiver = try RunningReceiver(lines([Self.stays, Self.old]))
        let (port, isOver) = (receiver.port, Flag())
        let statuses = Counts()
        let group = DispatchGroup()
        for _ in 0..<2 {
            DispatchQueue.global().async(group: group) {
                let body = SampleAlert().json
                while !isOver.isSet {
                    guard let client = try? RawClient(port: port) else { continue }
                    for _ in 0..<20 {
                        try? client.send(
                            "POST / HTTP/1.1\r\nHost: a\r\nX-API-Key: \(Self.stays)\r\n"
                                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                        let status = (try? client.answer().status) ?? 0
                        statuses.add(status)
                    }
                }
            }
        }
        defer { isOver.set() }
        /// Returns once each of the others has been answered again.
        func othersGoOn() throws {
            let before = statuses.total
            try receiver.wait(for: "answers to the others") { statuses.total >= before + 4 }
        }
        try othersGoOn()
        try until(Self.new, 401, by: receiver)
        try reload(receiver, lines([Self.new, Self.stays, Self.old]))
        try until(Self.new, 202, by: receiver)
        try until(Self.old, 202, by: receiver)
        try othersGoOn()
        try reload(receiver, lines([Self.new, Self.stays]))
        try until(Self.old, 401, by: receiver)
        try othersGoOn()
        // A configuration with a fault changes nothing.
        try reload(receiver, lines(["short"]))
        try until(Self.new, 202, by: receiver)
        try othersGoOn()
        isOver.set()
        group.wait()
        let counts = statuses.counts
        #expect(Array(counts.keys) == [202], "\(counts)")
    }

    @Test("A receiver that others reach does not open when its tokens vanish, whatever address is configured now")
    func staysClosed() throws {
        let receiver = try RunningReceiver(lines([Self.old], ["listen.host: 0.0.0.0"]))
        try reload(receiver, ["listen.host: 127.0.0.1"])
        try until(Self.old, 401, by: receiver)
        #expect(try receiver.post(SampleAlert().bytes).status == 401)
    }

    @Test(
        "Tokens that give way to client certificates of a TLS that is not spoken yet stay in force",
        .enabled(if: OpenSSL.isAvailable, "the openssl command is not installed"))
    func certificatesToCome() throws {
        let receiver = try RunningReceiver(lines([Self.old]))
        let authority = try TestAuthority()
        let server = try authority.issue("localhost")
        try reload(
            receiver,
            [
                "listen.tls.certificate: \(server.certificate)", "listen.tls.key: \(server.key)",
                "listen.tls.client_ca: \(authority.certificate)",
            ])
        try receiver.wait(for: "the reload") { receiver.log.contains { $0.contains("not taken up") } }
        #expect(try receiver.post(SampleAlert().bytes).status == 401)
        #expect(try receiver.post(SampleAlert().bytes, fields: ["X-API-Key: \(Self.old)"]).status == 202)
    }

    @Test("Addresses that may no longer connect are refused")
    func addresses() throws {
        let receiver = try RunningReceiver()
        try until(nil, 202, by: receiver)
        try reload(receiver, ["auth.allow: [192.0.2.0/24]"])
        try until(nil, 403, by: receiver)
        try reload(receiver, ["auth.allow: [127.0.0.0/8]"])
        try until(nil, 202, by: receiver)
    }
}

/// How often each status came.
private final class Counts: Sendable {
    private let state = Locked([Int: Int]())

    var counts: [Int: Int] { state.withLock { $0 } }

    var total: Int { counts.values.reduce(0, +) }

    func add(_ status: Int) { state.withLock { $0[status, default: 0] += 1 } }
}
