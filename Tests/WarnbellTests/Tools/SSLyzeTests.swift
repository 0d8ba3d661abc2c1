import TestKit
import Testing

private let sslyze = PythonTool.path("sslyze")

/// SSLyze tries what TLS a server speaks, and whether it has one of the known weaknesses.
@Suite(.enabled(if: sslyze != nil && OpenSSL.isAvailable, "WARNBELL_PYTHON names no Python with sslyze"))
struct SSLyzeTests {
    @Test("The receiver speaks TLS as Mozilla's guidelines call intermediate", .timeLimit(.minutes(3)))
    func intermediate() throws {
        let certificates = try DevCertificates()
        let receiver = try RunningReceiver(certificates.configuration)
        let (report, status) = try PythonTool.run(
            [
                try #require(sslyze), "--mozilla_config", "intermediate", "--certinfo_ca_file",
                certificates.path("ca.pem"), "127.0.0.1:\(receiver.port)",
            ], in: receiver.folder)
        #expect(status == 0, "\(report)")
        #expect(report.contains("OK - Compliant"), "\(report)")
        #expect(!report.contains("VULNERABLE"), "\(report)")
        #expect(receiver.stop() == 0)
    }
}
