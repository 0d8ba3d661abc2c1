import Foundation
import TestKit
import Testing

@testable import HTTPServer

/// Scripts for the connections of a reactor: see ``ConnectionScript`` for what must never be.
struct ConnectionScriptTests {
    @Test("Whatever peers, handlers and clocks do, no script breaks a connection")
    func random() throws {
        var random = Seeded(3)
        for number in 0..<500 {
            let script = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(throws: Never.self, "\(number): \(script)") { try ConnectionScript.play(script) }
        }
    }

    @Test("Scripts that a fuzzer found break nothing any more")
    func found() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Fixtures/fuzz/FuzzConnection")
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return }  // none
        for name in names.sorted() {
            let script = try Data(contentsOf: folder.appending(path: name))
            #expect(throws: Never.self, "\(name)") { try ConnectionScript.play(script) }
        }
    }
}
