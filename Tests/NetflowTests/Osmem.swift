import Foundation
import HTTPClient
import JSON
import TestKit
import Testing

/// An OpenSearch engine of its own for a test: `osmem-server`, where `WARNBELL_OSMEM` names the program.
final class Osmem {
    static let binary = ProcessInfo.processInfo.environment["WARNBELL_OSMEM"]
    static let isThere = binary != nil
    static let missing: Comment = "WARNBELL_OSMEM is not set: no OpenSearch engine is asked"

    let url: String
    private let client = HTTPClient()
    private let process: ChildProcess

    struct Failure: Error {
        let reason: String
    }

    /// Runs a test with an engine that holds the own sample's index template, and these documents.
    static func run(_ documents: [UInt8] = [], _ test: (Osmem) async throws -> Void) async throws {
        let engine = try Osmem()
        defer { engine.stop() }
        try await engine.load(template: Fixture.bytes("template.json"), documents: documents)
        try await test(engine)
    }

    private init() throws {
        process = try ChildProcess([
            Self.binary ?? "", "-addr", "127.0.0.1:0", "-no-stdin-watch", "-no-ja", "-parent-pid", "\(getpid())",
        ])
        let greeting = process.readLine() ?? ""
        guard let url = try? JSONDocument(greeting).root["url"]?.string else {
            process.signal(SIGKILL)
            process.wait()
            throw Failure(reason: "osmem-server said \"\(greeting)\" where its URL was expected")
        }
        self.url = url
    }

    private func stop() {
        process.signal(SIGTERM)
        process.wait()
    }

    /// Puts an index template and, by the bulk API, documents.
    func load(template: [UInt8], documents: [UInt8]) async throws {
        try await send("PUT", "/_index_template/flows", template)
        if !documents.isEmpty { try await send("POST", "/_bulk?refresh=true", documents) }
    }

    /// Sends a request that must succeed.
    func send(_ method: String, _ path: String, _ body: [UInt8] = []) async throws {
        let response = try await client.send(
            .init(
                method: method, url: url + path, headers: [("Content-Type", "application/x-ndjson")], body: body,
                timeout: .seconds(120)))
        let text = String(decoding: response.body, as: UTF8.self)
        guard response.status < 300, !text.contains(#""errors":true"#) else {
            throw Failure(reason: "\(method) \(path): \(response.status) \(text.prefix(500))")
        }
    }
}
