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

    @Test("What is held in memory is lost with a stop, too, and counted")
    func heldLost() throws {
        let receiver = try RunningReceiver(["journal.mode: memory"])
        for id in ["1.1", "1.2"] {
            let alert = SampleAlert {
                $0.id = id
                $0.ruleID = "40112"
            }
            #expect(try receiver.post(alert.bytes).status == 202)
        }
        try receiver.wait(forMetric: "warnbell_held_sources 1")
        #expect(receiver.stop() == 1)
        #expect(receiver.log.contains { $0.contains("alerts lost") && $0.hasSuffix(" alerts=2") }, "\(receiver.log)")
    }

    @Test("A signal that comes as soon as it says that it listens ends it in order", arguments: [SIGTERM, SIGINT])
    func atOnce(number: Int32) throws {
        for _ in 0..<10 {
            let receiver = try RunningReceiver()
            receiver.signal(number)
            #expect(receiver.end() == 0)
            #expect(receiver.log.last?.hasSuffix(" stopped undelivered=0") == true, "\(receiver.log)")
        }
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

    private func lines(_ misp: MISPStandIn, grace: String) -> [String] {
        [
            "misp.url: \(misp.url)", "misp.key: \(MISPStandIn.key)", "feed.enabled: false", "batch.quiet: 10ms",
            "stop.grace: \(grace)",
        ]
    }

    /// Starts on what an earlier receiver left, and expects its one event at MISP, with everything in it once.
    private func expectEvent(at misp: MISPStandIn, from folder: TemporaryFolder) throws {
        let next = try RunningReceiver(lines(misp, grace: "10s"), in: folder)
        try next.wait(for: "the event") { next.log.contains { $0.contains("event stored") } }
        #expect(next.stop() == 0)
        #expect(next.log.last?.hasSuffix(" stopped undelivered=0") == true, "\(next.log)")
        let events = misp.state.events.values
        #expect(events.map { $0.attributes.filter { $0.type == "ip-src" }.map(\.value) } == [["203.0.113.9"]])
    }

    /// What MISP can be slow at: telling who we are, before anything is sent, and taking an event.
    @Test(
        "What a slow MISP was being told when a stop came is there after the next start, once",
        arguments: ["GET /users/view/me", "POST /events/add"])
    func slow(request: String) throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        misp.change { $0.slow = [request] }
        let receiver = try RunningReceiver(lines(misp, grace: "200ms"))
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        try receiver.wait(for: request) { misp.state.requests.contains { $0.hasPrefix(request) } }
        #expect(receiver.stop() == 0)
        #expect(receiver.log.last?.hasSuffix(" stopped undelivered=1") == true, "\(receiver.log)")
        misp.change { $0.slow = [] }
        try expectEvent(at: misp, from: receiver.folder)
    }

    @Test("While MISP is away a stop does not wait, and the event is there after the next start")
    func missing() throws {
        let receiver = try RunningReceiver(away + ["stop.grace: 1h", "batch.quiet: 60s", "batch.max_wait: 60s"])
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        #expect(receiver.stop() == 0)
        #expect(receiver.log.last?.hasSuffix(" stopped undelivered=1") == true, "\(receiver.log)")
        let misp = try MISPStandIn()
        defer { misp.stop() }
        try expectEvent(at: misp, from: receiver.folder)
    }

    @Test("What waited for MISP is not sent after the next start where its source is never to be named by then")
    func listedMeanwhile() throws {
        let receiver = try RunningReceiver(away + ["batch.quiet: 10ms"])
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        try receiver.wait(for: "the first attempt") { receiver.log.contains { $0.contains("sink is not ready") } }
        #expect(receiver.stop() == 0)
        let misp = try MISPStandIn()
        defer { misp.stop() }
        let next = try RunningReceiver(
            lines(misp, grace: "10s") + ["networks.never: [203.0.113.9]"], in: receiver.folder)
        try next.wait(for: "the last look") {
            next.log.contains { $0.contains("never shared") && $0.contains("listed in networks.never") }
        }
        #expect(next.stop() == 0)
        #expect(next.log.last?.hasSuffix(" stopped undelivered=0") == true, "\(next.log)")
        #expect(misp.state.events.isEmpty)
    }

    @Test("A second signal ends it at once, as a failure, and loses nothing")
    func twice() throws {
        let misp = try MISPStandIn()
        defer { misp.stop() }
        misp.change { $0.slow = ["POST /events/add"] }
        let receiver = try RunningReceiver(lines(misp, grace: "1h"))
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        receiver.signal(SIGTERM)
        try receiver.wait(for: "the stop") { receiver.log.contains { $0.contains("stopping") } }
        receiver.signal(SIGINT)
        #expect(receiver.end() == 1)
        #expect(receiver.log.contains { $0.contains("stopped at once by a second signal") })
        misp.change { $0.slow = [] }
        try expectEvent(at: misp, from: receiver.folder)
    }
}
