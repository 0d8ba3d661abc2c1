import CoreMetrics
import Foundation
import Testing

@testable import Warnbell

/// The checker of Debian's package `prometheus`, along PATH; nil where it is missing.
private let promtool = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map {
    "\($0)/promtool"
}
.first { FileManager.default.isExecutableFile(atPath: $0) }

struct PromtoolTests {
    @Test(
        "Prometheus's own checker has nothing to say",
        .enabled(if: promtool != nil, "promtool (package prometheus) is missing"))
    func check() throws {
        let registry = MetricsRegistry()
        let instruments = Instruments(registry)
        instruments.countRejection("say \"no\"\\")
        instruments.countDelivery(to: "misp", .refused)
        instruments.netflowSeconds.recordMilliseconds(5)

        let process = Process()
        process.executableURL = URL(filePath: try #require(promtool))
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(registry.text.utf8))
        try input.fileHandleForWriting.close()
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(String(decoding: answer, as: UTF8.self) == "")
    }
}
