import Foundation
import TestKit
import Testing

private let schemathesis = PythonTool.path("schemathesis")

/// Schemathesis makes requests from the OpenAPI description, good ones and bad ones, and compares the answers with it.
@Suite(.enabled(if: schemathesis != nil, "WARNBELL_PYTHON names no Python with schemathesis"))
struct SchemathesisTests {
    @Test("Whatever is sent, the answer is one of those described", .timeLimit(.minutes(3)))
    func conformance() throws {
        let token = "0123456789abcdef0123456789abcdef"
        let authorization = "Authorization: Bearer \(token)"
        let receiver = try RunningReceiver([
            "feed.include_tests: true", "batch.quiet: 10ms", "listen.reply_delay: 100ms",
            "auth.tokens: ['tester:alerts+feed+metrics:\(token)']",
        ])
        #expect(try receiver.post(SampleAlert().bytes, fields: [authorization]).status == 202)
        try receiver.waitForFeed(events: 1, fields: [authorization])

        let description = try receiver.folder.write(APIDescription.text, to: "openapi.yaml")
        let (report, status) = try PythonTool.run(
            [
                try #require(schemathesis), "run", description, "--url", receiver.url, "--header", authorization,
                "--checks", "all", "--max-examples", "50", "--continue-on-failure", "--generation-database", "none",
                "--no-color",
            ], in: receiver.folder)
        #expect(status == 0, "\(report)")
        #expect(report.contains("7 selected / 7 total"), "\(report)")
        #expect(receiver.stop() == 0)
    }
}
