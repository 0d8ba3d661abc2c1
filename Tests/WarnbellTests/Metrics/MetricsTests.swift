import CoreMetrics
import Foundation
import Testing

@testable import Warnbell

struct MetricsTests {
    @Test("Every metric renders as Prometheus reads it")
    func text() throws {
        let registry = MetricsRegistry()
        let instruments = Instruments(registry)
        instruments.requests.increment(RequestOutcome(status: 202), by: 3)
        instruments.alerts.increment(.accepted, by: 12)
        instruments.alerts.increment(.duplicate)
        instruments.decisions.increment(.share)
        instruments.batches.increment()
        instruments.countRejection("body_too_large")
        instruments.authenticated("manager").increment()
        instruments.countDelivery(to: "misp", .stored)
        instruments.countDelivery(to: "misp", .stored)
        instruments.countShortfall(at: "misp", .refused, by: 2)
        instruments.countShortfall(at: "misp", .warning, by: 0)
        instruments.queuedAlerts.set(7)
        instruments.queuedBytes.set(1.5)
        instruments.connections.increment(by: 2)
        instruments.connections.decrement(by: 1)
        instruments.netflowLookups.increment(.incomplete)
        instruments.netflowSeconds.recordMilliseconds(5)
        instruments.netflowSeconds.recordMilliseconds(300)
        instruments.netflowSeconds.recordSeconds(60)

        let text = registry.text
        for line in [
            "# HELP warnbell_alerts_total Alerts received, by what became of them at the door.",
            "# TYPE warnbell_alerts_total counter",
            "warnbell_alerts_total{outcome=\"accepted\"} 12",
            "warnbell_alerts_total{outcome=\"duplicate\"} 1",
            "warnbell_alerts_total{outcome=\"rejected\"} 0",
            "warnbell_http_requests_total{outcome=\"answered\"} 3",
            "warnbell_http_requests_total{outcome=\"busy\"} 0",
            "warnbell_rejections_total{reason=\"body_too_large\"} 1",
            "warnbell_authenticated_requests_total{token=\"manager\"} 1",
            "warnbell_alert_decisions_total{decision=\"share\"} 1",
            "warnbell_batches_total 1",
            "warnbell_deliveries_total{sink=\"misp\",outcome=\"stored\"} 2",
            "warnbell_delivery_shortfalls_total{sink=\"misp\",kind=\"refused\"} 2",
            "# TYPE warnbell_queued_alerts gauge",
            "warnbell_queued_alerts 7",
            "warnbell_queued_bytes 1.5",
            "warnbell_open_connections 1",
            "warnbell_netflow_lookups_total{outcome=\"incomplete\"} 1",
            "# TYPE warnbell_netflow_lookup_seconds histogram",
            "warnbell_netflow_lookup_seconds_bucket{le=\"0.005\"} 1",
            "warnbell_netflow_lookup_seconds_bucket{le=\"0.25\"} 1",
            "warnbell_netflow_lookup_seconds_bucket{le=\"0.5\"} 2",
            "warnbell_netflow_lookup_seconds_bucket{le=\"30\"} 2",
            "warnbell_netflow_lookup_seconds_bucket{le=\"+Inf\"} 3",
            "warnbell_netflow_lookup_seconds_sum 60.305",
            "warnbell_netflow_lookup_seconds_count 3",
            "warnbell_misp_delivery_seconds_count 0",
            "warnbell_build_info{version=\"\(Version.current)\"} 1",
        ] {
            #expect(text.contains("\(line)\n"), "\(line)")
        }
        for name in MetricName.all {
            #expect(text.split(separator: "\n").count { $0.hasPrefix("# TYPE \(name.name) ") } == 1, "\(name.name)")
        }
    }

    @Test("Names follow the conventions: counters end in _total, and none is there twice")
    func names() {
        #expect(Set(MetricName.all.map(\.name)).count == MetricName.all.count)
        for name in MetricName.all {
            #expect(name.name.hasPrefix("warnbell_"))
            #expect(name.name.hasSuffix("_total") == (name.kind == .counter), "\(name.name)")
            #expect(name.help.hasSuffix("."), "\(name.name)")
            if case .histogram(let bounds) = name.kind { #expect(bounds == bounds.sorted()) }
        }
    }

    @Test("Label values and help are escaped")
    func escaping() {
        let name = MetricName("odd_total", .counter, by: ["reason"], "A \\ and a\nbreak.")
        var writer = PrometheusText()
        writer.write(name, [["say \"no\"\\\n"]: CounterSeries()])
        #expect(
            writer.text == """
                # HELP warnbell_odd_total A \\\\ and a\\nbreak.
                # TYPE warnbell_odd_total counter
                warnbell_odd_total{reason="say \\"no\\"\\\\\\n"} 0

                """)
    }

    @Test(
        "Numbers that are none have their own words",
        arguments: [(Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (-0.5, "-0.5"), (1e6, "1000000")])
    func numbers(value: Double, expected: String) {
        let gauge = GaugeSeries()
        gauge.set(value)
        var writer = PrometheusText()
        writer.write(.queuedAlerts, [[]: gauge])
        #expect(writer.text.hasSuffix("warnbell_queued_alerts \(expected)\n"))
    }

    @Test("What nobody described, or with other labels, is dropped; one name and labels are one series")
    func identity() {
        let registry = MetricsRegistry()
        Counter(label: "somebody_elses", dimensions: [], factory: registry).increment()
        Counter(label: MetricName.alerts.name, dimensions: [], factory: registry).increment()
        Counter(label: MetricName.alerts.name, dimensions: [("address", "192.0.2.1")], factory: registry).increment()
        Meter(label: MetricName.alerts.name, dimensions: [("outcome", "accepted")], factory: registry).set(1)
        #expect(registry.text == "")

        for dimensions in [[("sink", "a"), ("outcome", "b")], [("outcome", "b"), ("sink", "a")]] {
            Counter(label: MetricName.deliveries.name, dimensions: dimensions, factory: registry).increment()
        }
        #expect(registry.text.hasSuffix("warnbell_deliveries_total{sink=\"a\",outcome=\"b\"} 2\n"))
    }

    @Test("A metric has series up to the limit; what comes after is counted together")
    func seriesLimit() {
        let registry = MetricsRegistry()
        let instruments = Instruments(registry)
        for index in 0..<MetricsRegistry.seriesLimit + 5 { instruments.countRejection("reason_\(index)") }
        let lines = registry.text.split(separator: "\n").filter { $0.hasPrefix("warnbell_rejections_total{") }
        #expect(lines.count == MetricsRegistry.seriesLimit + 1)
        #expect(lines.contains("warnbell_rejections_total{reason=\"other\"} 5"))
        #expect(lines.contains("warnbell_rejections_total{reason=\"reason_99\"} 1"))
    }

    @Test(
        "A status tells the outcome of a request",
        arguments: [
            (200, .answered), (202, .answered), (304, .answered), (400, .refused), (413, .refused), (429, .busy),
            (500, .failed), (503, .busy), (505, .failed),
        ] as [(Int, RequestOutcome)])
    func outcome(status: Int, outcome: RequestOutcome) {
        #expect(RequestOutcome(status: status) == outcome)
    }

    @Test("Counts of many tasks add up")
    func concurrency() async {
        let registry = MetricsRegistry()
        let instruments = Instruments(registry)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        instruments.alerts.increment(.accepted)
                        instruments.connections.increment(by: 1)
                        instruments.mispSeconds.recordSeconds(1)
                        instruments.countDelivery(to: "feed", .retry)
                    }
                }
            }
        }
        let text = registry.text
        #expect(text.contains("warnbell_alerts_total{outcome=\"accepted\"} 8000\n"))
        #expect(text.contains("warnbell_open_connections 8000\n"))
        #expect(text.contains("warnbell_misp_delivery_seconds_sum 8000\n"))
        #expect(text.contains("warnbell_deliveries_total{sink=\"feed\",outcome=\"retry\"} 8000\n"))
    }
}
