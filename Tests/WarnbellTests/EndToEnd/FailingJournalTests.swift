import Foundation
import TestKit
import Testing

@testable import Warnbell

/// What the running program does while the journal's file can't be written to.
@Suite(.timeLimit(.minutes(2)))
struct FailingJournalTests {
    private let away = ["misp.url: \"http://127.0.0.1:1\"", "misp.key: k"]

    /// Another process that holds the file.
    private func hold(_ receiver: RunningReceiver) throws -> ChildProcess {
        let program = """
            import sqlite3, sys, time
            file = sqlite3.connect(sys.argv[1], isolation_level=None)
            file.execute("BEGIN EXCLUSIVE")
            print("held", flush=True)
            time.sleep(600)
            """
        let process = try ChildProcess(["python3", "-c", program, "\(receiver.folder.path)/data/journal.sqlite"])
        try #require(process.readLine() == "held")
        return process
    }

    private func release(_ process: ChildProcess) {
        process.signal(SIGKILL)
        process.wait()
    }

    private func isReady(_ receiver: RunningReceiver) throws -> Bool {
        try receiver.request("GET", "/readyz").status == 200
    }

    /// A client whose alert the journal has tried to write, and could not.
    private func client(of receiver: RunningReceiver) throws -> RawClient {
        let client = try RawClient(port: receiver.port)
        let body = SampleAlert().json
        try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        try receiver.wait(for: "the failure") { receiver.log.contains { $0.contains("reason=\"database is locked\"") } }
        return client
    }

    @Test("Who posts while another process holds the file waits, and is told 202 when it is free")
    func held() throws {
        let receiver = try RunningReceiver(away)
        #expect(try isReady(receiver))
        let process = try hold(receiver)
        let client = try client(of: receiver)
        #expect(try !isReady(receiver))
        #expect(try receiver.request("GET", "/livez").status == 200)
        release(process)
        #expect(try client.answer().status == 202)
        try receiver.wait(for: "readiness") { try isReady(receiver) }
    }

    @Test("Who waited long enough is told to come again, and the same alert is taken later")
    func heldLonger() throws {
        let receiver = try RunningReceiver(away + ["listen.reply_delay: 100ms"])
        let process = try hold(receiver)
        let refusal = try receiver.post(SampleAlert().bytes)
        #expect(refusal.status == 503)
        #expect(refusal.head.contains("Retry-After: 5"))
        #expect(refusal.head.contains("application/problem+json"))
        #expect(refusal.text.contains("the file of the queue can't be written to"), "\(refusal.text)")
        #expect(!refusal.text.contains("locked"), "the reason is for the log")
        release(process)
        try receiver.wait(for: "readiness") { try isReady(receiver) }
        #expect(try receiver.post(SampleAlert().bytes).text.contains("\"accepted\":1"))
        #expect(receiver.log.contains { $0.contains("alerts turned away") && $0.contains("locked") }, "\(receiver.log)")
    }

    @Test("Who waits when a stop begins is told at once, and the stop ends")
    func stop() throws {
        let receiver = try RunningReceiver(away + ["listen.reply_delay: 60s", "stop.grace: 60s"])
        let process = try hold(receiver)
        defer { release(process) }
        let client = try client(of: receiver)
        receiver.signal(SIGTERM)
        #expect(try client.answer().status == 503)
        #expect(receiver.end() == 0)
    }

    @Test("A file that may not grow turns alerts away and ends nothing; when it may, alerts are taken again")
    func fileSizeLimit() throws {
        let receiver = try RunningReceiver(
            away + ["listen.reply_delay: 100ms"], under: ["prlimit", "--fsize=2000000:"])
        func post(_ number: Int) throws -> Int {
            let alert = SampleAlert {
                $0.id = "1.\(number)"
                $0.description = String(repeating: "x", count: 40_000)
            }
            return try receiver.post(alert.bytes).status
        }
        let refused = try #require(try (0..<200).first { try post($0) != 202 })
        #expect(refused > 0)
        #expect(try post(refused) == 503)
        #expect(try !isReady(receiver))
        #expect(receiver.log.contains { $0.contains("the journal could not be written") }, "\(receiver.log)")
        let lifting = try ChildProcess(["prlimit", "--pid", "\(receiver.id)", "--fsize=unlimited:"])
        #expect(lifting.wait() == 0)
        try receiver.wait(for: "readiness") { try isReady(receiver) }
        #expect(try post(refused) == 202)
        #expect(receiver.stop() == 0)
    }
}
