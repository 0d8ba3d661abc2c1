import Foundation
import Glibc
import TestKit
import Testing

@testable import Warnbell

/// How the running program ends.
@Suite(.timeLimit(.minutes(2)))
struct StopTests {
    /// Where no MISP answers.
    private let away = ["misp.url: \"http://127.0.0.1:1\"", "misp.key: k"]

    @Test("Where the journal is in memory, a stop that loses alerts is a failure, and says how many")
    func lost() throws {
        let receiver = try RunningReceiver(
            away + ["journal.mode: memory", "stop.grace: 200ms", "batch.quiet: 10ms"])
        for id in ["1.1", "1.2"] { #expect(try receiver.post(SampleAlert { $0.id = id }.bytes).status == 202) }
        #expect(receiver.stop() == 1)
        #expect(receiver.log.contains { $0.contains("alerts lost") && $0.hasSuffix(" alerts=2") }, "\(receiver.log)")
    }

    @Test("A client that stalls in the middle of a request takes no time from what was accepted")
    func stalled() throws {
        let receiver = try RunningReceiver([
            "feed.include_tests: true", "batch.quiet: 60s", "batch.max_wait: 60s", "stop.grace: 1s",
        ])
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        let client = try RawClient(port: receiver.port)
        try client.send("POST /webhooks/wazuh HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        // Both connections are there before the stop begins.
        try receiver.wait(forMetric: "warnbell_open_connections 2")
        #expect(receiver.stop() == 0, "\(receiver.log)")
        #expect(FileManager.default.fileExists(atPath: "\(receiver.feed)/manifest.json"))
    }

    private func post(_ client: RawClient, id: String, fields: String = "") throws {
        let body = SampleAlert { $0.id = id }.json
        try client.send(
            "POST / HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    @Test("Who waits for room when a stop begins is told that there is none")
    func noRoom() throws {
        let receiver = try RunningReceiver([
            "feed.include_tests: true", "journal.max_alerts: 1", "batch.quiet: 60s", "batch.max_wait: 60s",
            "stop.grace: 2s", "listen.reply_delay: 30s",
        ])
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        let client = try RawClient(port: receiver.port)
        try post(client, id: "1.2")
        try receiver.wait(forMetric: "warnbell_open_connections 2")
        receiver.signal(SIGTERM)
        #expect(try client.answer().status == 503)
        #expect(receiver.end() == 0)
    }

    @Test("Who waits for a delayed answer when a stop begins gets it")
    func delayedAnswer() throws {
        let token = "0123456789abcdef"
        let receiver = try RunningReceiver([
            "feed.include_tests: true", "auth: {tokens: ['bench:\(token)'], rate: 1, burst: 1}", "stop.grace: 1s",
        ])
        let clients = try (0..<6).map { _ in try RawClient(port: receiver.port) }
        for (index, client) in clients.enumerated() {
            try post(client, id: "1.\(index)", fields: "X-API-Key: \(token)\r\n")
        }
        // The first is answered at once, which shows that all have come; the last would wait for five seconds.
        #expect(try clients[0].answer().status == 202)
        receiver.signal(SIGTERM)
        for client in clients.dropFirst() { #expect(try client.answer().status == 202) }
        #expect(receiver.end() == 0)
    }

    @Test("A second signal ends it at once, as a failure")
    func twice() throws {
        let receiver = try RunningReceiver(away + ["stop.grace: 1h", "batch.quiet: 10ms"])
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        receiver.signal(SIGTERM)
        try receiver.wait(for: "the stop") { receiver.log.contains { $0.contains("stopping") } }
        receiver.signal(SIGINT)
        #expect(receiver.end() == 1)
        #expect(receiver.log.contains { $0.contains("stopped at once by a second signal") })
    }
}
