import Foundation
import TestKit
import Testing

@testable import Warnbell

/// What the running program answers.
@Suite(.timeLimit(.minutes(2)))
struct ReceiverTests {
    @Test("Alerts are answered by what became of them")
    func alerts() throws {
        let receiver = try RunningReceiver()
        let sample = SampleAlert()
        let other = SampleAlert { $0.id = "1795161600.2000" }
        let lines = other.bytes + [10] + other.bytes + Array("\n{\"a\":".utf8)
        let cases: [(String, [UInt8], Int, String)] = [
            ("a Shuffle body", sample.shuffle, 202, #"{"accepted":1,"duplicate":0,"rejected":0}"#),
            ("the same alert bare", sample.bytes, 202, #"{"accepted":0,"duplicate":1,"rejected":0}"#),
            ("lines, one twice and one broken", lines, 202, #"{"accepted":1,"duplicate":1,"errors":[{"index":2,"#),
            ("a Slack body", Array(#"{"attachments":[{"color":"danger","text":"x"}]}"#.utf8), 422, "Slack"),
            ("another object", Array(#"{"hello":"world"}"#.utf8), 422, "no Wazuh alert"),
            ("broken JSON", Array(#"{"rule": nul}"#.utf8), 400, "Broken JSON"),
            ("nothing", [], 400, "Broken JSON"),
        ]
        for (name, body, status, part) in cases {
            let answer = try receiver.post(body)
            #expect(answer.status == status, "\(name): \(answer.text)")
            #expect(answer.text.contains(part), "\(name): \(answer.text)")
        }
        #expect(receiver.stop() == 0)
    }

    @Test("Every resource has its methods, and says so")
    func routes() throws {
        let receiver = try RunningReceiver()
        let cases: [(String, String, Int, String)] = [
            ("GET", "/livez", 200, #"{"status":"pass"}"#), ("GET", "/readyz", 200, #"{"status":"pass"}"#),
            ("GET", "/healthz", 200, #"{"status":"pass"}"#), ("HEAD", "/livez", 200, ""),
            ("GET", "/metrics", 200, "warnbell_build_info"), ("GET", "/webhooks/wazuh", 405, "Allowed here: POST"),
            ("PUT", "/webhooks/wazuh", 405, "POST"), ("DELETE", "/metrics", 405, "GET"), ("POST", "/livez", 405, "GET"),
            ("GET", "/", 404, "/webhooks/wazuh"), ("GET", "/feed/../organisation.json", 404, ""),
            ("GET", "/feed/organisation.json", 404, ""), ("GET", "/feed/", 404, ""),
            ("OPTIONS", "/webhooks/wazuh", 204, ""), ("BREW", "/", 501, ""),
        ]
        for (method, path, status, part) in cases {
            let answer = try receiver.request(method, path)
            #expect(answer.status == status, "\(method) \(path): \(answer.text)")
            #expect(part.isEmpty ? true : answer.text.contains(part), "\(method) \(path): \(answer.text)")
            if status == 405 { #expect(answer.head.contains("\r\nAllow: "), "\(method) \(path)") }
        }
        #expect(try receiver.request("HEAD", "/livez").body.isEmpty)
        let metrics = try receiver.request("GET", "/metrics").text
        #expect(!metrics.contains("warnbell_open_connections 0\n"), "there is the one that asks")
        #expect(metrics.contains("warnbell_rejections_total{reason=\"status_405\"}"))
    }

    @Test("A body that is not called JSON is refused before it is read")
    func mediaTypes() throws {
        let receiver = try RunningReceiver()
        let cases = [
            ("application/json", 202), ("application/json; charset=utf-8", 202), ("Application/JSON", 202),
            ("application/x-ndjson", 202), ("application/problem+json", 202), ("text/plain", 415),
            ("application/x-www-form-urlencoded", 415), ("application/jsonp", 415),
        ]
        for (type, status) in cases {
            #expect(try receiver.post(SampleAlert().bytes, type: type).status == status, "\(type)")
        }
    }

    @Test("Any path takes alerts: a manager would not be told that it has a wrong one")
    func anyPath() throws {
        let receiver = try RunningReceiver()
        #expect(try receiver.post(SampleAlert().shuffle, to: "/hooks/?token=x").status == 202)
    }

    @Test("A full queue delays the answer until there is room")
    func delayedAnswer() throws {
        let receiver = try RunningReceiver(["journal.max_alerts: 1", "batch.quiet: 50ms"])
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        #expect(try receiver.post(SampleAlert { $0.id = "1795161600.2" }.bytes).status == 202)
        #expect(receiver.stop() == 0)
    }

    @Test("More alerts than the queue ever holds are turned away at once; known ones need no room")
    func tooManyForQueue() throws {
        let receiver = try RunningReceiver([
            "journal.max_alerts: 1", "batch.quiet: 60s", "batch.max_wait: 60s", "listen.reply_delay: 60s",
        ])
        let first = SampleAlert().bytes
        let answer = try receiver.post(first + [10] + SampleAlert { $0.id = "1795161600.2" }.bytes)
        #expect(answer.status == 413)
        #expect(answer.text.contains("journal.max_alerts"))
        #expect(try receiver.post(first).status == 202)
        #expect(try receiver.post(first).text == #"{"accepted":0,"duplicate":1,"rejected":0}"#)
        #expect(try receiver.request("GET", "/metrics").text.contains(#"{reason="queue_too_small"} 1"#))
    }

    @Test("An answer is delayed so long and no longer; then the alert is turned away with a time to come again")
    func refusedAnswer() throws {
        let receiver = try RunningReceiver([
            "journal.max_alerts: 1", "batch.quiet: 60s", "batch.max_wait: 60s", "listen.reply_delay: 150ms",
        ])
        #expect(try receiver.post(SampleAlert().bytes).status == 202)
        #expect(try receiver.request("GET", "/readyz").status == 503)
        #expect(try receiver.request("GET", "/livez").status == 200)
        let answer = try receiver.post(SampleAlert { $0.id = "1795161600.2" }.bytes)
        #expect(answer.status == 503)
        #expect(answer.head.contains("\r\nRetry-After: 5"))
    }
}
