import CoreMetrics
import Dispatch
import HTTPServer
import IPAddresses
import Isolation
import Journal
import Synchronization
import TestKit
import Testing

@testable import Warnbell

/// Rules of access that change while requests run.
@Suite(.timeLimit(.minutes(2)))
struct AccessControlTests {
    private static let (old, new) = ("old-0123456789abc", "new-0123456789abc")

    private static func rules(_ tokens: [(String, String)]) -> AccessRules {
        var configuration = Configuration()
        configuration.auth.tokens.entries = tokens.map { AccessToken(name: $0, token: $1) }
        return AccessRules(configuration)
    }

    /// A receiver in this process, whose rules are at hand.
    private struct Live {
        let metrics = MetricsRegistry()
        let access: AccessControl
        let server: HTTPServer

        init(_ rules: AccessRules) throws {
            let instruments = Instruments(metrics)
            let access = AccessControl(rules) { instruments.authenticated($0) }
            let journal = MemoryJournal(limits: MemoryJournal.Limits())
            let services = Receiver.Services(
                access: access, intake: Intake(journal: journal, delay: .zero) { _ in },
                health: Health(journal: journal, isStopping: Flag()), metricsPage: { [] }, feedDirectory: nil,
                bodyLimit: 1 << 20, report: { _ in })
            let configuration = HTTPServer.Configuration(address: IPAddress(v4: 0x7f00_0001), port: 0, loops: 2)
            server = try HTTPServer(configuration) { _ in Receiver(services: services) }
            server.start()
            self.access = access
        }
    }

    @Test("Rules that change between head and body hold for the body too")
    func betweenHeadAndBody() async throws {
        let body = SampleAlert().json
        let cases: [(String, [(String, String)], Int, String)] = [
            ("the same", [("a", Self.old)], 202, "a"),
            ("another place and name", [("b", Self.new), ("c", Self.old)], 202, "c"),
            ("withdrawn", [("b", Self.new)], 401, "b"),
        ]
        for (name, tokens, status, counted) in cases {
            let live = try Live(Self.rules([("a", Self.old)]))
            let client = try RawClient(port: live.server.port)
            try client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nX-API-Key: \(Self.old)\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n")
            #expect(try client.answer().status == 100)
            live.access.replace(Self.rules(tokens))
            try client.send(body)
            #expect(try client.answer().status == status, "\(name)")
            let line = "warnbell_authenticated_requests_total{token=\"\(counted)\"} \(status == 202 ? 1 : 0)\n"
            #expect(live.metrics.text.contains(line), "\(name): \(live.metrics.text)")
            await live.server.stop(within: .zero)
        }
    }

    @Test("A token that stays loses no request while rules are exchanged under load")
    func underLoad() async throws {
        let live = try Live(Self.rules([("a", Self.old)]))
        let port = live.server.port
        let running = Atomic(3)
        let body = SampleAlert().json
        let request =
            "POST / HTTP/1.1\r\nHost: a\r\nX-API-Key: \(Self.old)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let statuses = Locked([Int: Int]())
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            if number == 3 {
                var round = 0
                while running.load(ordering: .relaxed) > 0 {
                    round += 1
                    let others = (0..<round % 5).map { ("b\($0)", Self.new + "\($0)") }
                    live.access.replace(Self.rules(others + [("a", Self.old)]))
                }
                return
            }
            defer { running.subtract(1, ordering: .relaxed) }
            guard let client = try? RawClient(port: port) else { return }
            for _ in 0..<500 {
                try? client.send(request)
                let status = (try? client.answer().status) ?? 0
                statuses.withLock { $0[status, default: 0] += 1 }
            }
        }
        #expect(statuses.withLock { $0 } == [202: 1500])
        await live.server.stop(within: .zero)
    }

    @Test("A verdict goes from head to body as a number, and is void under other rules")
    func notes() {
        let control = AccessControl(Self.rules([("a", Self.old)])) { _ in
            Counter(label: "x", dimensions: [], factory: NOOPMetricsHandler.instance)
        }
        let first = control.term(after: nil)
        let verdicts: [AccessRules.Verdict] = [
            .granted(0), .granted(2), .granted(3000), .bodyDecides(isSigned: true), .bodyDecides(isSigned: false),
        ]
        for verdict in verdicts { #expect(first.verdict(noted: first.note(verdict)) == verdict) }
        #expect(control.term(after: first) === first)
        control.replace(Self.rules([]))
        let second = control.term(after: first)
        #expect(second !== first)
        for verdict in verdicts { #expect(second.verdict(noted: first.note(verdict)) == nil) }
    }
}
