import CoreMetrics
import Foundation
import TestKit
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

        let folder = try TemporaryFolder()
        let file = try folder.write(registry.text, to: "metrics")
        let process = try ChildProcess(
            ["sh", "-c", "exec \"$1\" check metrics <\"$2\"", "sh", try #require(promtool), file],
            errors: "/dev/stdout")
        #expect(String(decoding: process.readToEnd(), as: UTF8.self) == "")
        #expect(process.wait() == 0)
    }
}
