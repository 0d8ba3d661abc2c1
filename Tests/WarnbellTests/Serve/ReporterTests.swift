import Logging
import Testing

@testable import Warnbell

/// What is counted and logged of alerts that could not be taken.
struct ReporterTests {
    @Test(
        "Each reason to turn alerts away has its own count",
        arguments: [
            (Intake.Refusal.full, "queue_full", "busy"), (.tooLarge, "queue_too_small", "refused"),
            (.failed("disk full"), "journal_failed", "failed"),
        ])
    func refusals(refusal: Intake.Refusal, reason: String, outcome: String) {
        let metrics = MetricsRegistry()
        let reporter = Reporter(
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, instruments: Instruments(metrics))
        reporter.report(Intake.Outcome(refused: 3, refusal: refusal))
        #expect(metrics.text.contains("warnbell_rejections_total{reason=\"\(reason)\"} 1\n"))
        #expect(metrics.text.contains("warnbell_http_requests_total{outcome=\"\(outcome)\"} 1\n"))
        #expect(metrics.text.contains("warnbell_http_requests_total{outcome=\"answered\"} 0\n"))
    }
}
