import Foundation
import TestKit
import Testing

@testable import Warnbell

/// Where the recorded requests lie; nil where they are missing.
private let corpus = ProcessInfo.processInfo.environment["WARNBELL_SHARED"].map { "\($0)/corpus/wazuh" }

/// Requests and bodies as Wazuh's own scripts sent them, against the running program. They are other people's text
/// and lie beside the project: WARNBELL_SHARED names the folder.
@Suite(
    .timeLimit(.minutes(2)),
    .enabled(if: corpus != nil, "WARNBELL_SHARED is not set: there are no recorded requests to send"))
struct CorpusTests {
    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(try #require(corpus))/\(name)")))
    }

    @Test("A recorded request is answered as it was sent, byte for byte")
    func requests() throws {
        let receiver = try RunningReceiver()
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(try #require(corpus))/http").sorted()
        #expect(!names.isEmpty)
        for name in names {
            let client = try RawClient(port: receiver.port)
            try client.send(try bytes("http/\(name)"))
            let expected = name.hasPrefix("slack") ? 422 : name.hasSuffix("GET.http") ? 404 : 202
            #expect(try client.answer().status == expected, "\(name)")
        }
    }

    @Test("Every body of the Shuffle integration is taken, and again is a duplicate")
    func shuffle() throws {
        let receiver = try RunningReceiver()
        let bodies = try bytes("shuffle-shared.ndjson").split(separator: 10)
        #expect(bodies.count == 60)
        for body in bodies { #expect(try receiver.post(Array(body)).status == 202) }
        for body in bodies {
            #expect(try receiver.post(Array(body)).text == #"{"accepted":0,"duplicate":1,"rejected":0}"#)
        }
    }

    @Test("A Slack body gets a clear answer")
    func slack() throws {
        let receiver = try RunningReceiver()
        for body in try bytes("slack-shared.ndjson").split(separator: 10) {
            let answer = try receiver.post(Array(body))
            #expect(answer.status == 422)
            #expect(answer.text.contains("Slack"))
        }
    }
}
